/** A prepared market in one file: clean bars on one grid and how windows are cut of them. Exact, checksummed, whole or not there. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Bars } from "../../../core/index.js";
import {
  BOOK_DEPTH,
  flowColumns,
  readSealed,
  type SealedKind,
  shaped,
  TAPE_AND_QUOTES,
  writeSealed,
} from "../../../core/index.js";
import { barFault, timeFault } from "../../../market/index.js";
import type { OwnFeatures } from "../own/ownFeatures.js";

/** How windows are cut and labelled. */
export interface WindowSettings {
  /** T, bars a window; also those over which the regime is judged. */
  readonly sequenceLength: number;
  /** Bars after the window over which return and volatility are predicted. */
  readonly predictionHorizon: number;
  /** Bars between the starts of two windows. */
  readonly stride: number;
  /** Of the regime, in deviations of a driftless walk. */
  readonly threshold: number;
  /** Shares of the decision times. */
  readonly fractions: { readonly train: number; readonly validation: number; readonly test: number };
}

export interface Dataset {
  /** Where the bars are from. */
  readonly source: string;
  readonly settings: WindowSettings;
  /** [A] on one grid of times; what is missing is NaN. */
  readonly bars: readonly Bars[];
  /** Features in place of the library's. */
  readonly own?: OwnFeatures | undefined;
}

/** A dataset, and the name of its content. */
export type StoredDataset = Dataset & { readonly sha256: string };

const KIND: SealedKind = { magic: "vitrade dataset 2", name: "a dataset of vitrade prepare" };
const CANDLE = ["openTime", "open", "high", "low", "close", "volume"] as const;

/** Writes the dataset and returns the SHA-256 of its content. */
export async function writeDataset(path: string, dataset: Dataset): Promise<string> {
  const { source, settings, bars, own } = dataset;
  const assets = bars.map(({ symbol, stepMs, openTime, flow }) => ({
    ...{ symbol, stepMs, bars: openTime.length, flow: flow !== undefined },
    ...(flow?.bidDepth ? { depth: true } : {}),
  }));
  await mkdir(dirname(path), { recursive: true });
  const { file, sha256, beyond } = own ?? {};
  const features = own && { file, sha256, names: own.panels[0]!.names, beyond };
  const head = { source, settings, assets, ...(features ? { features } : {}) };
  return writeSealed(path, KIND, head, [
    ...bars.flatMap(columnsOf),
    ...(own?.panels ?? []).map(({ values }) => values),
  ]);
}

const count = z.int().positive();
const part = z.number().min(0).max(1);
const headSchema = z.object({
  source: z.string(),
  settings: z.object({
    ...{ sequenceLength: count, predictionHorizon: count, stride: count, threshold: z.number().positive() },
    fractions: z.object({ train: part, validation: part, test: part }),
  }),
  assets: z
    .array(
      z.object({
        ...{ symbol: z.string().min(1), stepMs: count, bars: count, flow: z.boolean() },
        depth: z.boolean().optional(),
      }),
    )
    .min(1),
  features: z
    .object({
      ...{ file: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) },
      names: z.array(z.string().min(1)).min(1),
      beyond: z.string().min(1).optional(),
    })
    .optional(),
});

/** @throws Error naming the file when it is of another kind, its content is not what was written, or is no market. */
export async function readDataset(path: string): Promise<StoredDataset> {
  const { head, body, sha256 } = await readSealed(path, KIND);
  const { source, settings, assets, features } = shaped(headSchema, head, path);
  const flowOf = ({ flow, depth }: (typeof assets)[number]) => [
    ...(flow ? TAPE_AND_QUOTES : []),
    ...(flow && depth ? BOOK_DEPTH : []),
  ];
  const widthOf = (own: (typeof assets)[number]) =>
    CANDLE.length + flowOf(own).length + (features?.names.length ?? 0);
  const wanted = assets.reduce((sum, own) => sum + 8 * own.bars * widthOf(own), 0);
  if (body.length !== wanted)
    throw new Error(`${path}: expected columns of ${wanted} bytes, got ${body.length}; the file is damaged`);
  const values = new Float64Array(new Uint8Array(body).buffer);
  let at = 0;
  const bars = assets.map((own) => {
    const { symbol, stepMs, bars: rows, flow } = own;
    const take = () => {
      at += rows;
      return values.slice(at - rows, at);
    };
    const candle = Object.fromEntries(CANDLE.map((name) => [name, take()]));
    const tape = flow ? { flow: Object.fromEntries(flowOf(own).map((name) => [name, take()])) } : {};
    return { symbol, stepMs, ...candle, ...tape } as unknown as Bars;
  });
  checkMarket(path, bars);
  if (!features) return { source, settings, bars, sha256 };
  const { file, sha256: text, names, beyond } = features;
  const panels = bars.map(({ openTime, stepMs }) => {
    const size = openTime.length * names.length;
    at += size;
    return { time: openTime.map((open) => open + stepMs), names, values: values.slice(at - size, at) };
  });
  return {
    source,
    settings,
    bars,
    sha256,
    own: { file, sha256: text, panels, beyond },
  };
}

/** Throws an Error unless all bars lie at the same times, and each is sound or, but for its time, missing. */
function checkMarket(path: string, bars: readonly Bars[]): void {
  const [first] = bars as [Bars];
  for (const own of bars) {
    const odd = own.openTime.findIndex((time, t) => time !== first.openTime[t]);
    if (odd >= 0 || own.stepMs !== first.stepMs || own.openTime.length !== first.openTime.length)
      throw new Error(`${path}: ${own.symbol}: expected the times of ${first.symbol}, got others`);
    own.openTime.forEach((_, t) => {
      const missing = CANDLE.slice(1).every((name) => Number.isNaN(own[name][t]));
      const fault = (missing ? undefined : barFault(own, t)) ?? timeFault(own, t);
      if (fault) throw new Error(`${path}: ${own.symbol}, bar ${t}: ${fault}`);
    });
  }
}

function columnsOf(bars: Bars): Float64Array[] {
  const { flow } = bars;
  return [...CANDLE.map((name) => bars[name]), ...(flow ? flowColumns(flow).map((name) => flow[name]!) : [])];
}
