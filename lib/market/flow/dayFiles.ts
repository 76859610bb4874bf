/** The files of a recording: one of each symbol and day of UTC, sealed, whole or not there. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Bars, readWhole, writeWhole } from "../../core/index.js";
import { mergeBars } from "../store/columns.js";
import { decodeBars, encodeBars, fileFault } from "../store/parquet.js";
import { type Series, seriesOf, stepOf } from "../store/series.js";

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Name of the subfolder of recordings: a folder that has it holds one. */
export const RECORDED = "recorded";

/** The day of UTC that holds a time, such as "2024-03-01". */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The folder of the files of a series, never outside. @throws RangeError when the names are none of a series. */
export function recordedFolder(folder: string, series: Series): string {
  const { category, symbol, interval } = seriesOf(series);
  return join(folder, RECORDED, category, symbol, interval);
}

/** The series that are recorded in a folder, in alphabetical order; none where nothing is. */
export async function recordedSeries(folder: string): Promise<Series[]> {
  const found: Series[] = [];
  const under = async (...path: readonly string[]): Promise<string[]> => {
    const entries = await readdir(join(folder, RECORDED, ...path), { withFileTypes: true }).catch(() => []);
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  };
  for (const category of await under())
    for (const symbol of await under(category))
      for (const interval of await under(category, symbol)) {
        const series = seriesOf({ category, symbol, interval });
        if ((await daysOf(folder, series)).length > 0) found.push(series);
      }
  return found;
}

/** The days of which there is a file, in order. */
export async function daysOf(folder: string, series: Series): Promise<string[]> {
  const names = await readdir(recordedFolder(folder, series)).catch(() => []);
  const days = names.filter((name) => name.endsWith(".parquet")).map((name) => name.slice(0, -8));
  return days.filter((day) => DAY.test(day)).sort();
}

/**
 * The candles of a day's file, with flow.
 * @throws Error naming the file when it is damaged, of another series, or of another day.
 */
export async function readDay(folder: string, series: Series, day: string): Promise<Bars> {
  const path = fileOf(folder, series, day);
  const bytes = await readWhole(path);
  const fault = fileFault(bytes);
  if (fault) throw new Error(`${path}: ${fault}`);
  const mostRows = Math.max(1, DAY_MS / stepOf(series.interval));
  const bars = await decodeBars(bytes, series, path, { mostRows });
  const odd = bars.openTime.find((time) => dayOf(time) !== day);
  if (odd !== undefined) throw new Error(`${path}: expected bars of ${day}, got one of ${dayOf(odd)}`);
  if (!bars.flow?.bidDepth) throw new Error(`${path}: expected bars with flow, got some without`);
  return bars;
}

/** Writes the day's file, over one that is there. */
export async function writeDay(folder: string, series: Series, bars: Bars): Promise<void> {
  const path = fileOf(folder, series, dayOf(bars.openTime[0]!));
  const bytes = await encodeBars(bars, series);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, bytes);
}

export async function removeDay(folder: string, series: Series, day: string): Promise<void> {
  await rm(fileOf(folder, series, day), { force: true });
}

/** Gives a damaged file another name, ".damaged" at its end, and returns why. */
export async function putAside(folder: string, series: Series, day: string, fault: Error): Promise<string> {
  const path = fileOf(folder, series, day);
  await rename(path, `${path}.damaged`);
  return fault.message;
}

/** Removes what a killed writer left half-written. */
export async function removeTemporaries(folder: string, series: Series): Promise<void> {
  const own = recordedFolder(folder, series);
  for (const name of await readdir(own).catch(() => []))
    if (/^\d{4}-\d\d-\d\d\.parquet\.\d+\.[0-9a-f]{16}\.part$/.test(name)) await rm(join(own, name));
}

/** Candles of a day and later ones of it, in order; of the same time the later ones count. */
export function joinedDay(before: Bars | undefined, added: Bars): Bars {
  return before ? mergeBars([before, added]) : added;
}

function fileOf(folder: string, series: Series, day: string): string {
  if (!DAY.test(day)) throw new RangeError(`expected a day such as 2024-03-01, got "${day}"`);
  return join(recordedFolder(folder, series), `${day}.parquet`);
}
