/** The files of months: read, verified, extended. */
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Bars, readWhole, writeWhole } from "../../core/index.js";
import { mergeBars, rowAt, rowsOf } from "./columns.js";
import { type FileEntry, fileEntry } from "./manifest.js";
import { decodeBars, encodeBars, fileFault } from "./parquet.js";
import { sha256 } from "./seal.js";
import { fileOf, folderOf, isMonth, monthOf, rangeOfMonth, type Series, stepOf } from "./series.js";

/** The months that have a file, in order. */
export async function monthsOnDisk(folder: string, series: Series): Promise<string[]> {
  const names = await readdir(join(folder, folderOf(series))).catch(() => []);
  const months = names.filter((name) => name.endsWith(".parquet")).map((name) => name.slice(0, -8));
  return months.filter(isMonth).sort();
}

/**
 * The candles of a month's file: just those the manifest lists, or those of a whole file written since.
 * @throws Error naming the file when it is not there, damaged, older than the manifest, or not of this month.
 */
export async function readMonth(folder: string, series: Series, listed: FileEntry): Promise<Bars> {
  const { bars } = await readFileOf(folder, series, listed.month, listed);
  return bars;
}

/**
 * The candles of a month's file, and what a manifest has to say of it.
 * @throws Error naming the file when it is not there or damaged.
 */
export async function readFileOf(
  folder: string,
  series: Series,
  month: string,
  listed?: FileEntry,
): Promise<{ bars: Bars; entry: FileEntry }> {
  const path = join(folder, fileOf(series, month));
  const bytes = await readWhole(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw new Error(`${path}: ${error.code === "ENOENT" ? "the file is not there" : error.message}`);
  });
  const hash = sha256(bytes);
  const fault = hash === listed?.sha256 ? undefined : fileFault(bytes);
  if (fault) throw new Error(`${path}: ${fault}`);
  const { since, until } = rangeOfMonth(month);
  const mostRows = Math.ceil((until - since) / stepOf(series.interval));
  const bars = await decodeBars(bytes, series, path, { mostRows });
  const entry = fileEntry(month, bars, hash);
  if (monthOf(entry.first) !== month || monthOf(entry.last) !== month) {
    throw new Error(
      `${path}: expected bars of ${month}, got ${monthOf(entry.first)} to ${monthOf(entry.last)}`,
    );
  }
  if (listed && entry.rows < listed.rows) {
    throw new Error(`${path}: expected the ${listed.rows} bars of the manifest, got a file of ${entry.rows}`);
  }
  return { bars, entry };
}

/**
 * Adds candles of one month to what its file has, and writes it; a bar that is there already is replaced.
 * @throws Error naming the file when what is there is damaged.
 */
export async function extendMonth(
  folder: string,
  series: Series,
  added: Bars,
  listed: FileEntry | undefined,
): Promise<FileEntry> {
  const month = monthOf(added.openTime[0]!);
  const bars = listed ? mergeBars([await readMonth(folder, series, listed), added]) : added;
  const bytes = await encodeBars(bars, series);
  const path = join(folder, fileOf(series, month));
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, bytes);
  return fileEntry(month, bars, sha256(bytes));
}

/** Candles month by month of UTC. */
export function splitMonths(bars: Bars): Bars[] {
  const parts: Bars[] = [];
  for (let from = 0; from < bars.openTime.length; ) {
    const { until } = rangeOfMonth(monthOf(bars.openTime[from]!));
    const to = rowAt(bars.openTime, until);
    parts.push(rowsOf(bars, from, to));
    from = to;
  }
  return parts;
}
