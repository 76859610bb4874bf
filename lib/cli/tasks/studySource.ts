/** The data that a study names by their hash: a file, one of a folder, or one of a server. */
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { openToRead } from "../../core/index.js";
import type { StudySource } from "../../sweep/networks/index.js";
import { readDataset } from "./datasetFile.js";
import { fetchDataset, isAddress } from "./fetchDataset.js";

/** @throws Error when the file is no dataset. */
export async function readSource(path: string): Promise<StudySource> {
  const { sha256, bars, settings } = await readDataset(path);
  const { sequenceLength, predictionHorizon, stride, threshold, fractions } = settings;
  return {
    ...{ sha256, bars, stride, threshold },
    ...{ length: sequenceLength, horizon: predictionHorizon, split: fractions },
  };
}

/** Where datasets of servers are kept unless another folder is named. */
const CACHE = join(homedir(), ".cache", "vitrade", "datasets");

/**
 * The dataset whose content has the hash: `place` itself, a file of the folder, or of the server, from which it is fetched once.
 * @throws Error saying what was looked for and where, when there is none.
 */
export async function findSource(
  sha256: string,
  place: string | undefined,
  cache = CACHE,
): Promise<StudySource> {
  if (place === undefined) throw new Error("expected --data, a dataset or where there are some, got none");
  if (isAddress(place)) return readSource(await fetchDataset(sha256, place, cache));
  const files = (await stat(place)).isDirectory()
    ? (await readdir(place)).filter((name) => name.endsWith(".dataset")).map((name) => join(place, name))
    : [place];
  for (const file of files) if ((await statedHash(file)) === sha256) return readSource(file);
  throw new Error(`${place}: expected a dataset of content ${sha256}, got ${files.length} others`);
}

/** Bytes in which a dataset says what it is and what its content's hash is. */
const HEAD = 120;

/** The hash that a file states: it is checked when the whole is read. */
async function statedHash(path: string): Promise<string | undefined> {
  const file = await openToRead(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString("latin1", 0, bytesRead).split("\n")[1];
  } finally {
    await file.close();
  }
}
