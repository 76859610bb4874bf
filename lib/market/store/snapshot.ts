/** Reading what `npm run data` put on disk: only whole, verified files, never more or less than was asked for. */
import type { Bars } from "../../core/index.js";
import { mergeBars, noBars, rowAt, rowsOf } from "./columns.js";
import { entryOf, type Manifest, readManifest, type SeriesEntry } from "./manifest.js";
import { readMonth } from "./months.js";
import { intersect, type Range, subtract } from "./ranges.js";
import { holdsBar, nameOf, type Series, seriesOf } from "./series.js";

/** What is there of one series, as a table shows it. */
export type SnapshotRow = {
  category: string;
  symbol: string;
  interval: string;
  /** Opening of the first and the last bar, ISO UTC to the minute; "" where there is none. */
  first: string;
  last: string;
  rows: number;
  /** Bars that are not there between the first and the last. */
  missing: number;
  files: number;
};

/** A folder of snapshots, read only: what its manifest said when it was opened. */
export interface Snapshot {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly rows: readonly SnapshotRow[];
}

export interface SnapshotQuery {
  symbol: string;
  /** Of Bybit V5: "1" … "720" minutes, "D", "W". */
  interval: string;
  /** Default the one that the name means. */
  category?: string;
  /** Opening times from `since` to before `until`, UTC milliseconds; default all that is there. */
  since?: number;
  until?: number;
}

/**
 * What is there in a folder of snapshots. Files are verified when they are read, not here.
 * @throws Error when there is no snapshot, saying how to make one, or the manifest is damaged.
 */
export async function openSnapshot(folder: string): Promise<Snapshot> {
  return open(folder, []);
}

/**
 * The candles of one series.
 *
 * Bars that the exchange does not have are absent: `gaps` lists them.
 * @throws Error naming the file when one is damaged, or the range when some of it was never downloaded: it says what to run.
 */
export async function readSnapshot(snapshot: Snapshot, query: SnapshotQuery): Promise<Bars> {
  const series = seriesOf(query);
  const entry = entryOf(snapshot.manifest, series);
  if (entry.first === null || entry.last === null) throw new Error(absent(snapshot, [series]));
  const { since = entry.first, until = entry.last + entry.stepMs } = query;
  if (!(since < until)) {
    throw new RangeError(`${nameOf(series)}: expected since before until, got ${since} and ${until}`);
  }
  checkAsked(entry, { since, until });
  const wanted = entry.files.filter(({ first, last }) => last >= since && first < until);
  const parts: Bars[] = [];
  for (const file of wanted) parts.push(await readMonth(snapshot.folder, series, file));
  const all = mergeBars([noBars(series.symbol, entry.stepMs), ...parts]);
  const [from, to] = [rowAt(all.openTime, since), rowAt(all.openTime, until)];
  if (from < to) return rowsOf(all, from, to);
  throw new Error(`${nameOf(series)}: the exchange had no bar from ${minute(since)} to ${minute(until)}`);
}

/**
 * The candles of several symbols, all that is there, not aligned; hours of the market that a name means unless told.
 * @throws Error when a symbol was not downloaded, saying what to run, or a file is damaged.
 */
export async function readSnapshotBars(
  folder: string,
  symbols: readonly string[],
  interval: string = "60",
  category?: string | undefined,
): Promise<Bars[]> {
  const wanted = symbols.map((symbol) => seriesOf({ symbol, interval, category }));
  const snapshot = await open(folder, wanted);
  const missing = wanted.filter((series) => entryOf(snapshot.manifest, series).rows === 0);
  if (missing.length > 0) throw new Error(absent(snapshot, missing));
  const bars: Bars[] = [];
  for (const series of wanted) bars.push(await readSnapshot(snapshot, series));
  return bars;
}

/**
 * The symbols of which a folder of snapshots has bars, in alphabetical order; hours of linear perpetuals unless told.
 * @throws Error as `openSnapshot`.
 */
export async function listSnapshotSymbols(
  folder: string,
  interval: string = "60",
  category: string = "linear",
): Promise<string[]> {
  const { manifest } = await open(folder, []);
  const own = manifest.series.filter((s) => s.interval === interval && s.category === category && s.rows > 0);
  return own.map(({ symbol }) => symbol).sort();
}

async function open(folder: string, wanted: readonly Series[]): Promise<Snapshot> {
  const manifest = await readManifest(folder);
  if (!manifest) throw new Error(`${folder}: no Bybit snapshot is there; run: ${command(wanted)}`);
  return { folder, manifest, rows: manifest.series.map(snapshotRow) };
}

/** Nothing may be missing that was not asked for: a file that is gone must not look like a quiet market. */
function checkAsked(entry: SeriesEntry, range: Range): void {
  const unknown = subtract([range], entry.asked).filter((part) => holdsBar(entry.interval, part));
  const part = unknown[0];
  if (!part) return;
  const lost = intersect([part], entry.lost).length > 0;
  const reason = lost ? "its file was damaged" : "it was never downloaded";
  throw new Error(
    `${nameOf(entry)}: nothing is there from ${minute(part.since)} to ${minute(part.until)}, ${reason}; run: ${command([entry], part)}`,
  );
}

function absent(snapshot: Snapshot, missing: readonly Series[]): string {
  const there = snapshot.manifest.series.map(nameOf).join(", ") || "nothing";
  return `${missing.map(nameOf).join(", ")}: not in the snapshot ${snapshot.folder}, which holds ${there}; run: ${command(missing)}`;
}

/** The command that downloads what is missing; whole days, since it takes no less. */
function command(series: readonly Series[], range?: Range): string {
  const [first] = series;
  const symbols = series.map(({ symbol }) => symbol).join(",") || "BTCUSDT";
  const category = first && first.category !== "linear" ? ` --category ${first.category}` : "";
  const since = range ? day(range.since) : "2024-01-01";
  const until = range ? ` --until ${day(range.until + DAY - 1)}` : "";
  return `npm run data -- --symbols ${symbols} --interval ${first?.interval ?? "60"}${category} --since ${since}${until}`;
}

const DAY = 86_400_000;

function snapshotRow(entry: SeriesEntry): SnapshotRow {
  const { category, symbol, interval, rows, gaps, files } = entry;
  const missing = gaps.reduce((total, gap) => total + gap.missing, 0);
  const [first, last] = [entry.first, entry.last].map((time) => (time === null ? "" : minute(time))) as [
    string,
    string,
  ];
  return { category, symbol, interval, first, last, rows, missing, files: files.length };
}

function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
