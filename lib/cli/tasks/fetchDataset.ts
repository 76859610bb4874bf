/** A dataset from a server: kept under the hash of its content, and fetched once. */
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { proxyFor, temporaryName } from "../../core/index.js";
import { readDataset } from "./datasetFile.js";

/** Whether a place is a server's. */
export function isAddress(place: string): boolean {
  return /^https?:\/\//.test(place);
}

/** Milliseconds without a byte after which a server is given up. */
const SILENCE = 60_000;
const TRIES = 3;

/**
 * The path of the dataset of a hash, in the folder `cache`: from `place` itself where it ends in .dataset, else from `place/HASH.dataset`.
 *
 * What is there already is read anew by who asks, and so checked. A file of another content than its name says is not kept.
 * @throws Error naming the address and what it answered when there is no such dataset.
 */
export async function fetchDataset(sha256: string, place: string, cache: string): Promise<string> {
  const path = join(cache, `${sha256}.dataset`);
  if (existsSync(path)) return path;
  const address = new URL(place).pathname.endsWith(".dataset")
    ? place
    : `${place.replace(/\/+$/, "")}/${sha256}.dataset`;
  await mkdir(cache, { recursive: true });
  const draft = temporaryName(path);
  try {
    await downloaded(address, draft);
    const got = (await readDataset(draft)).sha256;
    if (got !== sha256) throw new Error(`${address}: expected a dataset of content ${sha256}, got ${got}`);
    await rename(draft, path);
    return path;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes what an address answers to a file, trying again where the way there fails. */
async function downloaded(address: string, path: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      const { body } = await answer(address);
      await pipeline(
        Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
        createWriteStream(path),
      );
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (tried === TRIES || error instanceof Refused || code === "ENOSPC") throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * tried));
    }
  }
}

/** The server has answered, and it has no such thing. */
class Refused extends Error {}

async function answer(address: string): Promise<{ readonly body: unknown }> {
  const { Agent, fetch, ProxyAgent } = await import("undici");
  const silence = { headersTimeout: SILENCE, bodyTimeout: SILENCE };
  const proxy = proxyFor(address);
  const dispatcher = proxy === undefined ? new Agent(silence) : new ProxyAgent({ uri: proxy, ...silence });
  const response = await fetch(address, { dispatcher }).catch((error: Error) => {
    const cause = error.cause as Error | undefined;
    throw new Error(`${address}: expected an answer, got none: ${cause?.message ?? error.message}`, {
      cause: error,
    });
  });
  if (response.ok && response.body) return { body: response.body };
  const line = `${address}: expected a dataset, got the answer ${response.status}`;
  throw response.status >= 500 ? new Error(line) : new Refused(line);
}
