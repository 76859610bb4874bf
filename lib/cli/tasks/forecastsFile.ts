/** Forecasts as JSON with a checksum, so that what `vitrade backtest` trades is what `vitrade predict` said. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { readWhole, shaped } from "../../core/index.js";
import { documentText } from "../output.js";
import type { StoredDataset } from "./sources/datasetFile.js";

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{3})?)?Z$/, "expected a time such as 2024-01-01T00:00Z")
  .refine((text) => Number.isFinite(Date.parse(text)), "expected a time of the calendar");
const variance = z.number().nonnegative();
const share = z.number().min(0).max(1);
const row = z.object({
  ...{ symbol: z.string(), decidedAt: time, mean: z.number(), seen: z.boolean() },
  probabilityUp: share,
  ...{ bear: share.optional(), sideways: share.optional(), bull: share.optional() },
  ...{ aleatoric: variance, latent: variance, epistemic: variance },
});
const schema = z.object({
  ...{ sha256: z.string(), checksum: z.string(), knownUntil: time },
  ...{ stepMs: z.int().positive(), horizon: z.int().positive(), every: z.int().positive() },
  symbols: z.array(z.string()).min(1),
  rows: z.array(row).min(1),
});

/** Forecasts as a backtest reads them. */
export type StoredForecasts = z.infer<typeof schema>;

/** The document with the SHA-256 of the rest of it under `checksum`. */
export function withChecksum<T extends object>(document: T): T & { readonly checksum: string } {
  return { ...document, checksum: checksumOf(document) };
}

/** @throws Error naming the file and key when it is of another kind, or any number in it is not as it was written. */
export async function readForecasts(path: string): Promise<StoredForecasts> {
  const kind = `${path}: expected the JSON of vitrade predict`;
  let plain: unknown;
  try {
    plain = JSON.parse((await readWhole(path)).toString());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${kind}, got a text that is no JSON`);
  }
  const read = shaped(schema, plain, kind);
  const { checksum, ...rest } = plain as { checksum: string };
  if (checksumOf(rest) !== checksum)
    throw new Error(
      `${path}: expected content of the checksum that it names, got another; the file was changed`,
    );
  return read;
}

/** Throws an Error naming the row unless every forecast is of a symbol of the dataset and decided at a close of it. */
export function checkForecasts(
  path: string,
  { rows, stepMs, knownUntil }: StoredForecasts,
  { bars }: StoredDataset,
): void {
  const [first] = bars;
  if (first!.stepMs !== stepMs)
    throw new Error(`${path}: stepMs: expected ${first!.stepMs} as in the dataset, got ${stepMs}`);
  const symbols = bars.map(({ symbol }) => symbol);
  const closes = new Set(first!.openTime.map((open) => open + stepMs));
  const known = Date.parse(knownUntil);
  rows.forEach(({ symbol, decidedAt, seen }, i) => {
    const where = `${path}: rows.${i}`;
    if (!symbols.includes(symbol))
      throw new Error(
        `${where}.symbol: expected a symbol of the dataset, ${symbols.join(", ")}, got ${symbol}`,
      );
    const time = Date.parse(decidedAt);
    if (!closes.has(time))
      throw new Error(`${where}.decidedAt: expected a close of the dataset's bars, got ${decidedAt}`);
    if (seen !== time < known)
      throw new Error(`${where}.seen: expected ${time < known} as knownUntil is ${knownUntil}, got ${seen}`);
  });
}

function checksumOf(document: object): string {
  return createHash("sha256").update(documentText(document, 0)).digest("hex");
}
