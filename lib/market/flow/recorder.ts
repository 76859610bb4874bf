/** Writes closed candles with their flow, day by day, so that a process killed at any moment goes on from the last file it wrote. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Bars, checkCount } from "../../core/index.js";
import { mergeBars } from "../store/columns.js";
import { acquireLock } from "../store/lock.js";
import { nameOf, type Series, seriesOf, stepOf } from "../store/series.js";
import {
  dayOf,
  daysOf,
  joinedDay,
  putAside,
  RECORDED,
  readDay,
  recordedFolder,
  recordedSeries,
  removeDay,
  removeTemporaries,
  writeDay,
} from "./dayFiles.js";
import { barsOfCandles } from "./flowBars.js";
import type { FlowCandle } from "./flowMeter.js";

/** Settings of a recorder: folder, symbols, interval, and how much is kept. */
export interface RecorderOptions {
  readonly folder: string;
  readonly symbols: readonly string[];
  /** As `parseInterval` reads it. */
  readonly interval: string;
  readonly category?: string | undefined;
  /** Days of UTC of each symbol that are kept, older files are removed; all unless given. */
  readonly keepDays?: number | undefined;
}

/** A row of what was recorded of one symbol. */
export type RecordedRow = {
  symbol: string;
  /** Candles that this recorder added. */
  added: number;
  /** Of those, the ones whose tape was heard whole, and whose quotes are known. */
  tapes: number;
  quotes: number;
  /** Files, one a day. */
  files: number;
};

/** A recording that this process writes, until it is closed. In memory are the candles of one day of each symbol. */
export interface Recorder {
  /** Opening time of the first candle that is wanted, UTC ms, of the symbols of which there is one already. */
  readonly since: Readonly<Record<string, number>>;
  /** Files that were damaged and put aside, each with the reason. */
  readonly damaged: readonly string[];
  /** Takes a closed candle; one that is not after the last one is passed over. */
  add(symbol: string, candle: FlowCandle): Promise<void>;
  /** Writes what was added since the last time. */
  flush(): Promise<void>;
  rows(): readonly RecordedRow[];
  /** Writes the rest and gives the folder back. */
  close(): Promise<void>;
}

interface Track {
  readonly series: Series;
  readonly stepMs: number;
  /** Of the day at hand. */
  day: Bars | undefined;
  fresh: FlowCandle[];
  last: number;
  files: Set<string>;
  added: number;
  tapes: number;
  quotes: number;
}

/**
 * Opens a recording for writing, and makes it where there is none: one sealed Parquet file of each symbol and day of UTC.
 *
 * What a killed writer left half-written is removed; a damaged file is put aside, and its candles are gone.
 * @throws RangeError when a name makes no sense; Error when another process is recording there.
 */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const { folder, keepDays } = options;
  if (keepDays !== undefined) checkCount("keepDays", keepDays);
  const all = options.symbols.map((symbol) => seriesOf({ ...options, symbol }));
  await mkdir(join(folder, RECORDED), { recursive: true });
  const lock = await acquireLock(join(folder, RECORDED, "lock"));
  try {
    const damaged: string[] = [];
    const tracks = new Map<string, Track>();
    for (const series of all) tracks.set(series.symbol, await openTrack(folder, series, damaged));
    const flush = async () => {
      for (const track of tracks.values()) await flushTrack(folder, track, keepDays);
    };
    return {
      since: Object.fromEntries(
        [...tracks].flatMap(([symbol, { last, stepMs }]) => (last >= 0 ? [[symbol, last + stepMs]] : [])),
      ),
      damaged,
      async add(symbol, candle) {
        const track = tracks.get(symbol);
        if (!track) throw new RangeError(`expected one of ${[...tracks.keys()].join(", ")}, got ${symbol}`);
        if (candle.time <= track.last) return;
        const isNewDay = track.last >= 0 && dayOf(candle.time) !== dayOf(track.last);
        if (isNewDay) {
          await lock.check();
          await flushTrack(folder, track, keepDays);
          track.day = undefined;
        }
        note(track, candle);
      },
      async flush() {
        await lock.check();
        await flush();
      },
      rows: () =>
        [...tracks].map(([symbol, { added, tapes, quotes, files }]) => {
          return { symbol, added, tapes, quotes, files: files.size };
        }),
      async close() {
        await flush();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openTrack(folder: string, series: Series, damaged: string[]): Promise<Track> {
  await removeTemporaries(folder, series);
  let days = await daysOf(folder, series);
  let day: Bars | undefined;
  while (!day && days.length > 0) {
    const name = days.at(-1)!;
    try {
      day = await readDay(folder, series, name);
    } catch (error) {
      damaged.push(await putAside(folder, series, name, error as Error));
      days = days.slice(0, -1);
    }
  }
  return {
    ...{ series, stepMs: stepOf(series.interval), day, fresh: [], last: day?.openTime.at(-1) ?? -1 },
    ...{ files: new Set(days), added: 0, tapes: 0, quotes: 0 },
  };
}

function note(track: Track, candle: FlowCandle): void {
  const { time, buyVolume = Number.NaN, sellVolume = Number.NaN, bid = Number.NaN } = candle;
  track.last = time;
  track.fresh.push(candle);
  track.added++;
  if (!Number.isNaN(buyVolume + sellVolume)) track.tapes++;
  if (!Number.isNaN(bid)) track.quotes++;
}

async function flushTrack(folder: string, track: Track, keepDays: number | undefined): Promise<void> {
  const { series, stepMs, fresh, files } = track;
  if (fresh.length === 0) return;
  track.day = joinedDay(track.day, barsOfCandles(series.symbol, stepMs, fresh));
  await writeDay(folder, series, track.day);
  track.fresh = [];
  files.add(dayOf(track.last));
  if (keepDays === undefined) return;
  for (const old of [...files].sort().slice(0, -keepDays)) {
    await removeDay(folder, series, old);
    files.delete(old);
  }
}

/** True of a folder that holds a recording. */
export function holdsRecording(folder: string): boolean {
  return existsSync(join(folder, RECORDED));
}

/**
 * The interval of the recording in a folder.
 * @throws Error when nothing is recorded there, or several intervals are and none is of hours: it names them.
 */
export async function recordedInterval(folder: string): Promise<string> {
  const there = [...new Set((await recordedSeries(folder)).map(({ interval }) => interval))];
  const [only] = there.length === 1 ? there : there.filter((interval) => interval === "60");
  if (only !== undefined) return only;
  throw new Error(
    `${folder}: expected a recording of one interval, got ${there.join(", ") || "none"}; ` +
      "to record: npx vitrade record --symbols BTCUSDT --folder flow",
  );
}

/** The symbols of which a folder has a recording of the interval, in alphabetical order. */
export async function recordedSymbols(folder: string, interval: string): Promise<string[]> {
  const own = (await recordedSeries(folder)).filter((series) => series.interval === interval);
  return [...new Set(own.map(({ symbol }) => symbol))].sort();
}

/**
 * The recorded candles of several symbols with their flow, all that is there, not aligned. What was not heard is NaN.
 * @throws Error naming the file when one is damaged, or the symbol of which there is none: it says what to run.
 */
export async function readRecorded(
  folder: string,
  symbols: readonly string[],
  interval: string,
  category?: string | undefined,
): Promise<Bars[]> {
  const out: Bars[] = [];
  for (const symbol of symbols) {
    const series = seriesOf({ symbol, interval, category });
    const parts: Bars[] = [];
    for (const day of await daysOf(folder, series)) parts.push(await readDay(folder, series, day));
    if (parts.length === 0)
      throw new Error(
        `${nameOf(series)}: nothing is recorded in ${recordedFolder(folder, series)}; ` +
          `to record it: npx vitrade record --symbols ${series.symbol} --interval ${series.interval} --folder ${folder}`,
      );
    out.push(mergeBars(parts as [Bars, ...Bars[]]));
  }
  return out;
}
