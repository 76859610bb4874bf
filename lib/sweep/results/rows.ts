/** The shape of a row, by which rows of files and of workers are checked. */
import { z } from "zod";
import type { NetworkRow } from "./networkRow.js";

const whole = z.int().nonnegative();
const number = z.number().nullable();
const score = z.strictObject({ value: number, lower: number, upper: number });
const value = z.union([z.number(), z.string(), z.boolean(), z.array(z.number())]);

const row = z.strictObject({
  ...{ network: whole, trial: whole, fold: whole, seed: whole, rung: whole, epochs: whole, bestEpoch: whole },
  settings: z.record(z.string(), value),
  scores: z.record(z.string(), score),
  weights: z.base64().optional(),
  ...{ seconds: z.number(), megabytes: z.number(), host: z.string() },
});

const rows = z.array(row).min(1);

/** @throws Error naming `where` when a value is no list of rows. */
export function readRows(from: unknown, where: string): NetworkRow[] {
  const read = rows.safeParse(from);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new Error(`${where}: ${path.map(String).join(".") || "rows"}: ${message}`);
}
