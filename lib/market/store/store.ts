/** A folder of snapshots that one process writes: locked, mended when opened, whole after every step. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import type { Bars } from "../../core/index.js";
import { acquireLock, startOf } from "./lock.js";
import { EMPTY, entryOf, type Manifest, readManifest, withEntry, writeManifest } from "./manifest.js";
import { mendSeries } from "./mend.js";
import { extendMonth, splitMonths } from "./months.js";
import { type Range, subtract, union } from "./ranges.js";
import { monthOf, type Series, sameSeries, seriesOf } from "./series.js";

/** A store that this process may write to, until it is closed. */
export interface Store {
  readonly folder: string;
  /** What was found damaged when the store was opened, each with the file and the reason. */
  readonly damaged: readonly string[];
  /** What is on disk now. */
  manifest(): Manifest;
  /**
   * Writes candles and notes what was asked for to get them: first the files, then the manifest.
   *
   * Calls are carried out one after the other.
   * @throws Error when a file cannot be extended or the lock was lost.
   */
  put(series: Series, bars: Bars, asked: readonly Range[]): Promise<void>;
  /** Waits for what is being written and gives the lock back. */
  close(): Promise<void>;
}

/**
 * Opens the store in `folder` for writing, and makes it where there is none.
 *
 * Temporary files of a writer that was killed are removed. A whole file that the manifest does not know is adopted; a damaged one
 * is put aside under the name it had with ".damaged" at its end, and its bars are to be fetched again.
 * @throws Error when another process is writing there.
 */
export async function openStore(folder: string): Promise<Store> {
  await mkdir(join(folder, "bybit"), { recursive: true });
  const lock = await acquireLock(join(folder, "bybit", "lock"));
  try {
    await removeTemporaries(folder);
    const damaged: string[] = [];
    let manifest = await mend(folder, damaged);
    let queue: Promise<void> = Promise.resolve();
    const write = async (series: Series, bars: Bars, asked: readonly Range[]) => {
      await lock.check();
      manifest = await extended(folder, manifest, { series, bars, asked });
    };
    return {
      folder,
      damaged,
      manifest: () => manifest,
      put(series, bars, asked) {
        const done = queue.then(() => write(series, bars, asked));
        queue = done.catch(() => undefined);
        return done;
      },
      async close() {
        await queue;
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Addition {
  series: Series;
  bars: Bars;
  asked: readonly Range[];
}

async function extended(
  folder: string,
  manifest: Manifest,
  { series, bars, asked }: Addition,
): Promise<Manifest> {
  const entry = entryOf(manifest, series);
  let files = entry.files;
  for (const part of splitMonths(bars)) {
    const month = monthOf(part.openTime[0]!);
    const listed = files.find((file) => file.month === month);
    const written = await extendMonth(folder, series, part, listed);
    files = [...files.filter((file) => file !== listed), written];
  }
  const [known, lost] = [union(entry.asked, asked), subtract(entry.lost, asked)];
  const next = withEntry(manifest, { ...entry, files, asked: known, lost });
  await writeManifest(folder, next);
  return next;
}

/** The manifest as the files are; what was wrong with them goes to `damaged`. */
async function mend(folder: string, damaged: string[]): Promise<Manifest> {
  const found = await readManifest(folder).catch(async (error: Error) => {
    damaged.push(error.message);
    await rename(join(folder, "manifest.json"), join(folder, "manifest.json.damaged"));
    return undefined;
  });
  const before = found ?? EMPTY;
  let manifest = before;
  for (const series of await allSeries(folder, before)) {
    const mended = await mendSeries(folder, entryOf(manifest, series));
    damaged.push(...mended.damaged);
    manifest = withEntry(manifest, mended.entry);
  }
  if (JSON.stringify(manifest) !== JSON.stringify(before)) await writeManifest(folder, manifest);
  return manifest;
}

/** The series that the manifest lists or that have a folder. */
async function allSeries(folder: string, manifest: Manifest): Promise<Series[]> {
  const paths = await pathsIn(join(folder, "bybit"));
  const onDisk = paths.flatMap((path) => {
    const [category = "", symbol = "", interval = "", ...rest] = path.split(sep);
    if (interval === "" || rest.length > 0) return [];
    try {
      return [seriesOf({ category, symbol, interval })];
    } catch {
      return []; // a folder of somebody else's
    }
  });
  const listed = manifest.series;
  return [...listed, ...onDisk.filter((series) => !listed.some((other) => sameSeries(other, series)))];
}

/** What lies up to four folders deep, from the folder; links are not followed. */
async function pathsIn(folder: string, depth = 4): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    paths.push(entry.name);
    if (!entry.isDirectory() || depth === 1) continue;
    for (const path of await pathsIn(join(folder, entry.name), depth - 1)) paths.push(join(entry.name, path));
  }
  return paths;
}

/** Removes what a killed writer left half-written; a lock being drawn up by a live process is left alone. */
async function removeTemporaries(folder: string): Promise<void> {
  const inside = await pathsIn(join(folder, "bybit"));
  const paths = [...(await readdir(folder)), ...inside.map((path) => join("bybit", path))];
  for (const path of paths) {
    const [, file, pid] =
      /^(.+\.parquet|manifest\.json|lock)\.(\d+)(?:\.stale|\.[0-9a-f]{16})?\.part$/.exec(basename(path)) ??
      [];
    if (file === undefined || (file === "lock" && startOf(Number(pid)) !== undefined)) continue;
    await rm(join(folder, path), { force: true });
  }
}
