/** The data that a study names by their hash: a file, one of a folder, or one of a server. */
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { openToRead } from "../../../core/index.js";
import { fileBytes, type History, openHistory } from "../../../sweep/history/index.js";
import {
  type FoldsOf,
  foldsOf,
  historyFolds,
  type StudyFolds,
  type StudySource,
} from "../../../sweep/networks/index.js";
import { readDataset } from "./datasetFile.js";
import { fetchDataset, isAddress, Refused, remoteBytes } from "./fetchDataset.js";

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

/**
 * The folds of the data that a study names: as `findSource`, or of a history, of which each fold's bars are read when it is opened.
 * @throws Error saying what was looked for and where, when there is none.
 */
export async function findFolds(
  of: FoldsOf & { readonly sha256: string },
  place: string | undefined,
  cache?: string,
): Promise<StudyFolds> {
  const history = place === undefined ? undefined : await findHistory(of.sha256, place);
  return history ? historyFolds(history, of) : foldsOf(await findSource(of.sha256, place, cache), of);
}

const HISTORY = ".parquet";

/** The history of a hash: `place` itself, one of a folder, or of a server; undefined where there is none. */
async function findHistory(sha256: string, place: string): Promise<History | undefined> {
  if (isAddress(place)) {
    const isFile = new URL(place).pathname.endsWith(HISTORY);
    if (!isFile && new URL(place).pathname.endsWith(".dataset")) return undefined;
    const address = isFile ? place : `${place.replace(/\/+$/, "")}/${sha256}${HISTORY}`;
    try {
      return only(sha256, await openHistory(await remoteBytes(address), address.split("?")[0]!), place);
    } catch (error) {
      if (error instanceof Refused && !isFile) return undefined; // it may have it as a dataset
      throw error;
    }
  }
  const isFolder = (await stat(place)).isDirectory();
  const names = isFolder ? (await readdir(place)).map((name) => join(place, name)) : [place];
  for (const path of names.filter((name) => name.endsWith(HISTORY))) {
    const history = await openHistory(await fileBytes(path), path);
    if (history.sha256 === sha256 || !isFolder) return only(sha256, history, path);
  }
  return undefined;
}

function only(sha256: string, history: History, place: string): History {
  if (history.sha256 === sha256) return history;
  throw new Error(`${place}: expected a history of content ${sha256}, got ${history.sha256}`);
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
