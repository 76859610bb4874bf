/** The record of what is in a store: `manifest.json`, always whole, always written after the files it lists. */
import { join } from "node:path";
import { z } from "zod";
import { type Bars, readWhole, writeWhole } from "../../core/index.js";
import { type Gap, gaps } from "../bars.js";
import { covers, type Range, subtract } from "./ranges.js";
import { isMonth, isSymbol, rangeOfMonth, type Series, sameSeries, stepOf } from "./series.js";

/** The file of one month of UTC. Times are opening times in UTC milliseconds. */
export type FileEntry = {
  month: string;
  rows: number;
  first: number;
  last: number;
  /** Of the file, in hexadecimal. */
  sha256: string;
  /** Whether all of the month was asked for. */
  complete: boolean;
  /** Holes between the first bar and the last. */
  gaps: Gap[];
};

/** One series: what was asked for, what came. */
export type SeriesEntry = Series & {
  stepMs: number;
  rows: number;
  /** Opening times of the first and the last bar, UTC milliseconds; null where there is none. */
  first: number | null;
  last: number | null;
  /** Holes between the first bar and the last, also those from one file to the next. */
  gaps: Gap[];
  /** Opening times that the exchange was asked for: what is not there among them, it does not have. */
  asked: Range[];
  /** What was there and was found damaged: to be asked for again. */
  lost: Range[];
  /** In order of time. */
  files: FileEntry[];
};

export type Manifest = { version: 1; source: "bybit"; series: SeriesEntry[] };

const time = z.number().int();
const count = z.number().int().nonnegative();
const range = z.object({ since: time, until: time });
const gap = z.object({ after: time, before: time, missing: count });
const file = z.object({
  month: z.string().refine(isMonth, "expected a month such as 2024-03"),
  rows: count.positive(),
  first: time,
  last: time,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  complete: z.boolean(),
  gaps: z.array(gap),
});
const series = z.object({
  category: z.enum(["spot", "linear", "inverse"]),
  symbol: z.string().refine(isSymbol, "expected Bybit's own name such as BTCUSDT"),
  interval: z.enum(["1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W"]),
  stepMs: count.positive(),
  rows: count,
  first: time.nullable(),
  last: time.nullable(),
  gaps: z.array(gap),
  asked: z.array(range),
  lost: z.array(range),
  files: z.array(file),
});
const schema = z.object({ version: z.literal(1), source: z.literal("bybit"), series: z.array(series) });

/** A manifest that lists nothing. */
export const EMPTY: Manifest = { version: 1, source: "bybit", series: [] };

/**
 * The manifest of a store; undefined where there is none.
 * @throws Error naming the file when it is damaged.
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, "manifest.json");
  const bytes = await readWhole(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(
      `${path}: the manifest is damaged (${reason}); npm run data builds it anew from the files`,
    );
  }
}

/** Writes the manifest, whole or not at all; series in alphabetical order. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeWhole(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** The entry of a series, an empty one where there is none. */
export function entryOf(manifest: Manifest, wanted: Series): SeriesEntry {
  const found = manifest.series.find((entry) => sameSeries(entry, wanted));
  if (found) return found;
  const { category, symbol, interval } = wanted;
  const nothing = { rows: 0, first: null, last: null, gaps: [], asked: [], lost: [], files: [] };
  return { category, symbol, interval, stepMs: stepOf(interval), ...nothing };
}

/** The manifest with the entry in place of the one of its series, its totals worked out anew. */
export function withEntry(manifest: Manifest, entry: SeriesEntry): Manifest {
  const others = manifest.series.filter((other) => !sameSeries(other, entry));
  const filled = entry.files.length + entry.asked.length + entry.lost.length > 0;
  const all = filled ? [...others, totalled(entry)] : others;
  const key = (s: Series) => `${s.category} ${s.symbol} ${s.interval.padStart(3, "0")}`;
  return { ...manifest, series: all.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

/** What the manifest says of a file with these candles. */
export function fileEntry(month: string, bars: Bars, sha256: string): FileEntry {
  const rows = bars.openTime.length;
  const [first, last] = [bars.openTime[0]!, bars.openTime[rows - 1]!];
  return { month, rows, first, last, sha256, complete: false, gaps: gaps(bars) };
}

/** Opening times of the bars that are there, as ranges without a hole. */
export function present(entry: SeriesEntry): Range[] {
  return entry.files.flatMap(({ first, last, gaps: holes }) => {
    const inside = holes.map((hole) => ({ since: hole.after + entry.stepMs, until: hole.before }));
    return subtract([{ since: first, until: last + entry.stepMs }], inside);
  });
}

function totalled(entry: SeriesEntry): SeriesEntry {
  const sorted = [...entry.files].sort((a, b) => (a.month < b.month ? -1 : 1));
  const files = sorted.map((f) => ({ ...f, complete: covers(entry.asked, rangeOfMonth(f.month)) }));
  const holes = files.flatMap((f, i) => [...between(files[i - 1], f, entry.stepMs), ...f.gaps]);
  const rows = files.reduce((total, f) => total + f.rows, 0);
  return {
    ...entry,
    files,
    rows,
    gaps: holes,
    first: files[0]?.first ?? null,
    last: files.at(-1)?.last ?? null,
  };
}

function between(left: FileEntry | undefined, right: FileEntry, stepMs: number): Gap[] {
  if (!left) return [];
  const missing = Math.round((right.first - left.last) / stepMs) - 1;
  return missing > 0 ? [{ after: left.last, before: right.first, missing }] : [];
}
