/** A dataset from a server: kept under the hash of its content, and fetched once. */
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { objectStore, proxyFor, temporaryName } from "../../../core/index.js";
import type { Bytes } from "../../../sweep/history/index.js";
import { readDataset } from "./datasetFile.js";

/** Whether a place is a server's: http, https, or the s3 of an object store. */
export function isAddress(place: string): boolean {
  return /^(https?|s3):\/\//.test(place);
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
    if (got !== sha256)
      throw new Error(`${shown(address)}: expected a dataset of content ${sha256}, got ${got}`);
    await rename(draft, path);
    return path;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes what an address answers to a file, trying again where the way there fails. */
async function downloaded(address: string, path: string): Promise<void> {
  await persistent(async () => {
    const { body } = await answer(address);
    await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(path));
  });
}

/** What work returns, which is tried again where the way to a server fails. */
async function persistent<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (tried === TRIES || error instanceof Refused || code === "ENOSPC") throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * tried));
    }
  }
}

/** The server has answered, and it has no such thing. */
export class Refused extends Error {}

/** What is looked at of an answer. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The bytes at an address, each part asked for when it is read.
 * @throws Error naming the address when there is nothing, or the server knows no parts.
 */
export async function remoteBytes(address: string): Promise<Bytes> {
  const part = (range: string) => persistent(() => answer(address, { range: `bytes=${range}` }));
  const last = await part("-8");
  const size = Number(/\/(\d+)$/.exec(last.headers.get("content-range") ?? "")?.[1]);
  await last.arrayBuffer();
  if (last.status !== 206 || !(size > 0))
    throw new Error(`${shown(address)}: expected a server that sends parts of a file, got one that does not`);
  return {
    byteLength: size,
    slice: async (from, to = size) => (await part(`${from}-${to - 1}`)).arrayBuffer(),
  };
}

async function answer(address: string, more: Headers = {}): Promise<Answer> {
  const { Agent, fetch, ProxyAgent } = await import("undici");
  const silence = { headersTimeout: SILENCE, bodyTimeout: SILENCE };
  const { url, headers } = await request(address);
  const proxy = proxyFor(url);
  const dispatcher = proxy === undefined ? new Agent(silence) : new ProxyAgent({ uri: proxy, ...silence });
  const response = await fetch(url, { dispatcher, headers: { ...headers, ...more } }).catch(
    (error: Error) => {
      const cause = error.cause as Error | undefined;
      throw new Error(`${shown(address)}: expected an answer, got none: ${cause?.message ?? error.message}`, {
        cause: error,
      });
    },
  );
  if (response.ok && response.body) return response as Answer;
  const line = `${shown(address)}: expected a dataset, got the answer ${response.status}`;
  throw response.status >= 500 ? new Error(line) : new Refused(line);
}

/** What is asked of a server: as it stands, or of an object store signed with the keys of the environment. */
async function request(address: string): Promise<{ readonly url: string; readonly headers: Headers }> {
  if (!address.startsWith("s3:")) return { url: address, headers: {} };
  const { AwsV4Signer } = await import("aws4fetch");
  const { endpoint, region, keyId, secret, token } = objectStore();
  const { hostname: bucket, pathname } = new URL(address);
  const signer = new AwsV4Signer({
    ...{ url: `${endpoint}/${bucket}${pathname}`, service: "s3", region },
    ...{ accessKeyId: keyId, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) },
  });
  const { url, headers } = await signer.sign();
  return { url: url.href, headers: Object.fromEntries(headers) };
}

type Headers = Readonly<Record<string, string>>;

/** An address without what follows the question mark: where it was signed beforehand, that is a key. */
function shown(address: string): string {
  return address.split("?")[0]!;
}
