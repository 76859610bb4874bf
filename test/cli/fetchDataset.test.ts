/** Datasets from a server: verified by their hash, fetched once, and a file that is damaged or another is not kept. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { findSource } from "../../lib/cli/tasks/sources/studySource.js";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

const folder = mkdtempSync(join(tmpdir(), "vitrade-fetch-"));
const file = join(folder, "own.dataset");
const cache = (name: string) => join(folder, name);
let server: Server;
let asked: string[] = [];
let answer: (name: string) => { readonly status: number; readonly bytes: Buffer };
let sha256: string;
let address: string;

beforeAll(async () => {
  const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 200, key: key("served") });
  sha256 = await writeDataset(file, {
    ...{ source: "simulated", bars },
    settings: {
      ...{ sequenceLength: 12, predictionHorizon: 1, stride: 1, threshold: 1 },
      fractions: { train: 0.6, validation: 0.2, test: 0.2 },
    },
  });
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const { status, bytes } = answer(url);
    response.writeHead(status).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sets`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

test("a dataset is asked for by its hash once, and then read from where it is kept", async () => {
  [asked, answer] = [[], () => ({ status: 200, bytes: readFileSync(file) })];
  const [first, second] = [
    await findSource(sha256, address, cache("a")),
    await findSource(sha256, address, cache("a")),
  ];
  expect(asked).toEqual([`/sets/${sha256}.dataset`]);
  expect([first.sha256, second.sha256]).toEqual([sha256, sha256]);
  expect(second.bars).toEqual((await findSource(sha256, folder)).bars);
});

test("what is damaged on the way, or another dataset, is refused and not kept", async () => {
  answer = () => ({
    status: 200,
    bytes: Buffer.concat([readFileSync(file).subarray(0, -8), Buffer.alloc(8)]),
  });
  await expect(findSource(sha256, address, cache("b"))).rejects.toThrow(
    "expected content of the SHA-256 that it names",
  );
  answer = () => ({ status: 200, bytes: readFileSync(file) });
  const other = "cd".repeat(32);
  await expect(findSource(other, address, cache("b"))).rejects.toThrow(
    `expected a dataset of content ${other}, got ${sha256}`,
  );
  expect(readdirSync(cache("b"))).toEqual([]);
});

test("an answer of 404 is final and named; one of 503 is tried again", async () => {
  [asked, answer] = [[], () => ({ status: 404, bytes: Buffer.alloc(0) })];
  await expect(findSource(sha256, address, cache("c"))).rejects.toThrow(
    "expected a dataset, got the answer 404",
  );
  expect(asked).toHaveLength(1);
  answer = () =>
    asked.length < 3 ? { status: 503, bytes: Buffer.alloc(0) } : { status: 200, bytes: readFileSync(file) };
  expect((await findSource(sha256, address, cache("c"))).sha256).toBe(sha256);
  expect(asked).toHaveLength(3);
});

test("a folder without the dataset says what was looked for", async () => {
  await expect(findSource("cd".repeat(32), folder)).rejects.toThrow(
    /expected a dataset of content cdcd.*, got 1 others/,
  );
});
