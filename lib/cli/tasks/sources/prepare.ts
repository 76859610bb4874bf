/** `vitrade prepare`: bars made clean and aligned, cut into windows, written as a dataset; and a report of what was found. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type Bars, writeWhole } from "../../../core/index.js";
import type { LostWindows } from "../../../features/windows/index.js";
import { type PreparedWindows, TARGETS } from "../../../features/windows/index.js";
import {
  type AlignAt,
  type AlignmentRow,
  alignBars,
  alignmentLines,
  type CleaningRow,
  clean,
} from "../../../market/index.js";
import { REGIMES } from "../../../models/marketVae/index.js";
import { isoTime } from "../../output.js";
import { beyondHistory } from "../own/memory.js";
import { featureModule, ownFeatures } from "../own/ownFeatures.js";
import { type Dataset, type WindowSettings, writeDataset } from "./datasetFile.js";
import { readSource, type SourceOptions } from "./source.js";
import { barsNeeded, prepareWindows } from "./windows.js";

export interface PrepareOptions {
  readonly source: SourceOptions;
  readonly settings: WindowSettings;
  /** Whether tape and quotes are left out, which live candles do not have. */
  readonly withoutFlow: boolean;
  /** The file of the dataset. */
  readonly out: string;
  /** The times of the dataset: those that every symbol has (the default), or those that any has. */
  readonly align?: AlignAt | undefined;
  /** Path of a module of own features, in place of the library's. */
  readonly features?: string | undefined;
  /** Whether nothing is written. */
  readonly isDry?: boolean | undefined;
}

export type BarsRow = {
  symbol: string;
  first: string;
  last: string;
  rows: number;
  /** From the first to the last: bars that are not there, and in how many stretches. */
  missing: number;
  gaps: number;
  /** Bars of this symbol before the first and after the last, when another symbol has none. */
  early: number;
  late: number;
};

export type PartRow = { part: string; windows: number; first: string; last: string };

export interface PrepareReport {
  readonly out: string;
  /** Of the dataset; null where nothing was written. */
  readonly sha256: string | null;
  readonly source: string;
  readonly stepMs: number;
  readonly settings: WindowSettings;
  readonly bars: readonly BarsRow[];
  /** What cleaning found; kinds of which there is none are left out. */
  readonly cleaning: readonly CleaningRow[];
  /** What was recognised in the files of a folder, and what aligning left out, a line each. */
  readonly notes: readonly string[];
  /** Windows that are not there for missing bars or features without a value. */
  readonly lost: readonly LostWindows[];
  readonly parts: readonly PartRow[];
  /** Windows left out because their target was known only in the next part, or they reach back into the one before. */
  readonly leftOut: number;
  /** Shares of the regimes over all windows. */
  readonly regimes: Readonly<Record<string, number>>;
  /** Mean and deviation over the training part, by which windows are scaled. */
  readonly features: readonly { name: string; mean: number; deviation: number }[];
}

export async function prepare(options: PrepareOptions): Promise<PrepareReport> {
  const source = await readSource(options.source, barsNeeded(options.settings));
  const raw = options.withoutFlow ? source.bars.map(({ flow: _, ...bars }) => bars) : source.bars;
  const cleaned = raw.map((bars) => clean(bars));
  const { bars, report: alignment } = alignBars(
    cleaned.map((own) => own.bars),
    options.align,
  );
  const { dataset, prepared } = await datasetOf(bars, source.name, options);
  const sha256 = options.isDry ? null : await written(options.out, dataset);
  return {
    ...{ out: options.out, sha256, source: source.name },
    stepMs: bars[0]!.stepMs,
    settings: options.settings,
    bars: bars.map((own, a) => barsRow(own, alignment[a]!)),
    cleaning: cleaned.flatMap(({ report }) => report.filter((row) => row.bars > 0)),
    notes: [...source.notes, ...alignmentLines(alignment), ...memoryLines(dataset)],
    lost: prepared.lost,
    ...windowReport(prepared),
  };
}

/** The dataset with the features that were asked for, and its windows. */
async function datasetOf(bars: readonly Bars[], source: string, { settings, features }: PrepareOptions) {
  const plain: Dataset = { source, settings, bars };
  if (features === undefined) return { dataset: plain, prepared: prepareWindows(plain) };
  const module = await featureModule(features);
  const own = ownFeatures(module, bars);
  const prepared = prepareWindows({ ...plain, own });
  const { panels } = own;
  const beyond = beyondHistory(module, { bars, panels, deviations: prepared.scaler.x.standardDeviation });
  return { dataset: { ...plain, own: { ...own, beyond } }, prepared };
}

/** What a live run will say of own features, a line where there is something. */
function memoryLines({ own }: Dataset): string[] {
  if (!own?.beyond) return [];
  return [`${own.file}: ${own.beyond}; a live run keeps no more, and refuses a model of this feature`];
}

/** Writes the dataset, or a history of Parquet where the file's name says so, and returns the SHA-256 of its content. */
async function written(path: string, dataset: Dataset): Promise<string> {
  if (!path.endsWith(".parquet")) return writeDataset(path, dataset);
  if (dataset.own)
    throw new Error(`${path}: expected the library's features for a history, got own ones; write a dataset`);
  const { encodeHistory } = await import("../../../sweep/history/index.js");
  const { sequenceLength, predictionHorizon, stride, threshold, fractions } = dataset.settings;
  const { bytes, sha256 } = await encodeHistory({
    ...{ bars: dataset.bars, stride, threshold },
    ...{ length: sequenceLength, horizon: predictionHorizon, split: fractions },
  });
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, bytes);
  return sha256;
}

function barsRow(bars: Bars, { early, late }: AlignmentRow): BarsRow {
  const isThere = Array.from(bars.close, Number.isFinite);
  const begins = (t: number): boolean => !isThere[t] && (t === 0 || isThere[t - 1]!);
  return {
    symbol: bars.symbol,
    first: isoTime(bars.openTime[0]!),
    last: isoTime(bars.openTime[bars.openTime.length - 1]!),
    rows: isThere.filter(Boolean).length,
    missing: isThere.filter((there) => !there).length,
    gaps: isThere.filter((_, t) => begins(t)).length,
    ...{ early, late },
  };
}

function windowReport({ windows, split, labels, scaler, columns }: PreparedWindows) {
  const parts = (["train", "validation", "test"] as const).map((part) => {
    const times = split[part].length === 0 ? [] : Array.from(split[part], (n) => windows.decidedAt[n]!);
    const [first, last] = [times[0], times.at(-1)].map((time) => (time === undefined ? "" : isoTime(time)));
    return { part, windows: split[part].length, first: first!, last: last! };
  });
  const count = windows.y.length;
  const shares = REGIMES.map((name, c) => {
    const own = Array.from({ length: count }, (_, n) => labels[n * TARGETS + 2 + c]!);
    return [name, own.reduce((a, b) => a + b, 0) / count];
  });
  return {
    parts,
    leftOut: count - parts.reduce((total, part) => total + part.windows, 0),
    regimes: Object.fromEntries(shares) as Record<string, number>,
    features: columns.map((name, f) => ({
      ...{ name, mean: scaler.x.mean[f]!, deviation: scaler.x.standardDeviation[f]! },
    })),
  };
}
