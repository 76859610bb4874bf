/** Makes the record of a series agree with its files after a crash or damage. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { readWhole } from "../../core/index.js";
import { type FileEntry, present, type SeriesEntry } from "./manifest.js";
import { monthsOnDisk, readFileOf } from "./months.js";
import { intersect, subtract, union } from "./ranges.js";
import { sha256 } from "./seal.js";
import { fileOf, rangeOfMonth } from "./series.js";

/** The entry as the files are, and what was found damaged: each with the file and the reason. */
export interface Mended {
  entry: SeriesEntry;
  damaged: string[];
}

/**
 * Verifies every file of a series.
 *
 * A file of the listed hash stays. Another whole one is adopted with the bars it has, its holes to be asked for again; a damaged
 * one is put aside, one that is gone is left out, and their bars count as lost.
 */
export async function mendSeries(folder: string, listed: SeriesEntry): Promise<Mended> {
  const months = new Set([
    ...listed.files.map((file) => file.month),
    ...(await monthsOnDisk(folder, listed)),
  ]);
  let entry = listed;
  const damaged: string[] = [];
  for (const month of [...months].sort()) {
    const known = listed.files.find((file) => file.month === month);
    if (known && (await isAsListed(folder, listed, known))) continue;
    try {
      const found = await readFileOf(folder, listed, month);
      entry = adopted(entry, found.entry);
    } catch (error) {
      damaged.push((error as Error).message);
      await putAside(join(folder, fileOf(listed, month)));
      entry = without(entry, month);
    }
  }
  return { entry, damaged };
}

async function isAsListed(folder: string, entry: SeriesEntry, file: FileEntry): Promise<boolean> {
  const bytes = await readWhole(join(folder, fileOf(entry, file.month))).catch(() => undefined);
  return bytes !== undefined && sha256(bytes) === file.sha256;
}

async function putAside(path: string): Promise<void> {
  await rename(path, `${path}.damaged`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** The bars that the file has count as asked for; of the rest of its month nothing is known, and what was known is lost. */
function adopted(entry: SeriesEntry, file: FileEntry): SeriesEntry {
  const left = without(entry, file.month);
  const here = present({ ...left, files: [file] });
  return {
    ...left,
    files: [...left.files, file],
    asked: union(left.asked, here),
    lost: subtract(left.lost, here),
  };
}

function without(entry: SeriesEntry, month: string): SeriesEntry {
  const range = [rangeOfMonth(month)];
  return {
    ...entry,
    files: entry.files.filter((file) => file.month !== month),
    asked: subtract(entry.asked, range),
    lost: union(entry.lost, intersect(entry.asked, range)),
  };
}
