/** Datasets from an object store: asked for with a signature that a server of its own reckoning accepts, or by an address signed beforehand. */
import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { writeDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { findFolds, findSource } from "../../lib/cli/tasks/sources/studySource.js";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { encodeHistory } from "../../lib/sweep/history/index.js";

const KEY = "AKIDEXAMPLE";
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION = "eu-central-1";
const folder = mkdtempSync(join(tmpdir(), "vitrade-store-"));
const file = join(folder, "own.dataset");
const names = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_REGION",
  "AWS_ENDPOINT_URL_S3",
];
let server: Server;
let port: number;
let sha256: string;
let history: { readonly bytes: Uint8Array; readonly sha256: string };
let sent = 0;
let asked: { readonly url: string; readonly accepted: boolean }[] = [];

const hex = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (secret: string | Buffer, text: string) => createHmac("sha256", secret).update(text).digest();

/** Signature, version 4, by its description: of a canonical request, with a key of the day, the region and the service. */
function signature(canonical: string, time: string): string {
  const scope = `${time.slice(0, 8)}/${REGION}/s3/aws4_request`;
  const own = [time.slice(0, 8), REGION, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return hmac(own, ["AWS4-HMAC-SHA256", time, scope, hex(canonical)].join("\n")).toString("hex");
}

/** Whether a request carries the signature of the secret, in its head or in its address. */
function isSigned({ method, url = "", headers }: IncomingMessage): boolean {
  const { pathname, searchParams } = new URL(url, `http://127.0.0.1:${port}`);
  const given = searchParams.get("X-Amz-Signature");
  if (given !== null) {
    const pairs = [...searchParams].filter(([name]) => name !== "X-Amz-Signature").sort();
    const query = pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    const canonical = [method, pathname, query, `host:${headers.host}\n`, "host", "UNSIGNED-PAYLOAD"];
    return given === signature(canonical.join("\n"), searchParams.get("X-Amz-Date")!);
  }
  const found = /Credential=([^/]+)\/.*SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
    String(headers.authorization),
  );
  if (!found || found[1] !== KEY) return false;
  const [, , signed, own] = found;
  const lines = signed!.split(";").map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, pathname, "", lines.join(""), signed, headers["x-amz-content-sha256"]];
  return (
    signed!.split(";").includes("host") &&
    own === signature(canonical.join("\n"), String(headers["x-amz-date"]))
  );
}

beforeAll(async () => {
  const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 200, key: key("stored") });
  sha256 = await writeDataset(file, {
    ...{ source: "simulated", bars },
    settings: {
      ...{ sequenceLength: 12, predictionHorizon: 1, stride: 1, threshold: 1 },
      fractions: { train: 0.6, validation: 0.2, test: 0.2 },
    },
  });
  const long = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 25_000, key: key("long") });
  history = await encodeHistory({
    ...{ bars: long.bars, length: 12, horizon: 1, stride: 10, threshold: 1 },
    split: { train: 0.6, validation: 0.2, test: 0.2 },
  });
  server = createServer((request, response) => {
    const accepted = isSigned(request);
    asked.push({ url: request.url!, accepted });
    const part = /^bytes=(\d*)-(\d+)$/.exec(String(request.headers.range));
    if (accepted && part && request.url!.endsWith(`${history.sha256}.parquet`)) {
      const { length } = history.bytes;
      const [from, to] = part[1]
        ? [Number(part[1]), Number(part[2])]
        : [length - Number(part[2]), length - 1];
      sent += to + 1 - from;
      response.writeHead(206, { "content-range": `bytes ${from}-${to}/${length}` });
      response.end(history.bytes.subarray(from, to + 1));
    } else if (accepted && request.url!.endsWith(".parquet")) response.writeHead(404).end();
    else if (accepted) response.writeHead(200).end(readFileSync(file));
    else response.writeHead(403).end("<Code>SignatureDoesNotMatch</Code>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const name of names) delete process.env[name];
  asked = [];
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function keys(secret: string): void {
  process.env.AWS_ACCESS_KEY_ID = KEY;
  process.env.AWS_SECRET_ACCESS_KEY = secret;
  process.env.AWS_REGION = REGION;
  process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${port}/`;
}

test("a dataset of a bucket is asked for by its hash, signed, and kept", async () => {
  keys(SECRET);
  const cache = join(folder, "a");
  const found = await findSource(sha256, "s3://own-bucket/data sets/", cache);
  expect(found.sha256).toBe(sha256);
  expect(asked).toEqual([{ url: `/own-bucket/data%20sets/${sha256}.dataset`, accepted: true }]);
  await findSource(sha256, "s3://own-bucket/data sets/", cache);
  expect(asked).toHaveLength(1);
});

test("of a history in a bucket the parts of a fold alone are asked for, each request signed", async () => {
  keys(SECRET);
  const of = { sha256: history.sha256, folds: 2, first: 0.5, bars: 2000, symbols: ["ETHUSDT"] };
  const folds = await findFolds(of, "s3://own-bucket", join(folder, "g"));
  const opened = await folds.open!(1);
  expect(opened.source.bars.map(({ symbol, close }) => [symbol, close.length])).toEqual([["ETHUSDT", 2000]]);
  expect(opened.at(1).test.rows).toBeGreaterThan(20);
  expect(asked.every(({ accepted }) => accepted)).toBe(true);
  expect(sent).toBeLessThan(history.bytes.length / 3); // one group of rows of three, six columns of eleven
  const plain = await findFolds({ sha256, folds: 1, first: 0.5 }, "s3://own-bucket", join(folder, "g"));
  expect(plain.source.sha256).toBe(sha256);
});

test("keys that are lent for a time are signed with their token", async () => {
  keys(SECRET);
  process.env.AWS_SESSION_TOKEN = "lent/for+an=hour";
  await findSource(sha256, "s3://own-bucket", join(folder, "b"));
  expect(asked).toEqual([{ url: `/own-bucket/${sha256}.dataset`, accepted: true }]);
});

test("a wrong secret is refused, asked for once, and is in no error; nothing is kept", async () => {
  keys("another-secret");
  const refused = await findSource(sha256, "s3://own-bucket", join(folder, "c")).catch(String);
  expect(refused).toBe(`Error: s3://own-bucket/${sha256}.dataset: expected a dataset, got the answer 403`);
  expect(asked).toHaveLength(1);
  expect(readdirSync(join(folder, "c"))).toEqual([]);
});

test("without keys in the environment nothing is asked, and the error says which are missing", async () => {
  await expect(findSource(sha256, "s3://own-bucket", join(folder, "d"))).rejects.toThrow(
    "expected keys in the environment, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, got no key",
  );
  expect(asked).toEqual([]);
});

test("an address that was signed beforehand is taken as it is, and its signature is in no error", async () => {
  const time = "20260102T030405Z";
  const query = [
    "X-Amz-Algorithm=AWS4-HMAC-SHA256",
    `X-Amz-Credential=${encodeURIComponent(`${KEY}/20260102/${REGION}/s3/aws4_request`)}`,
    `X-Amz-Date=${time}`,
    "X-Amz-Expires=600",
    "X-Amz-SignedHeaders=host",
  ].join("&");
  const path = "/own-bucket/own.dataset";
  const canonical = ["GET", path, query, `host:127.0.0.1:${port}\n`, "host", "UNSIGNED-PAYLOAD"].join("\n");
  const address = `http://127.0.0.1:${port}${path}?${query}&X-Amz-Signature=`;
  const own = await findSource(sha256, address + signature(canonical, time), join(folder, "e"));
  expect(own.sha256).toBe(sha256);
  const refused = await findSource(sha256, `${address}${"0".repeat(64)}`, join(folder, "f")).catch(String);
  expect(refused).toBe(`Error: http://127.0.0.1:${port}${path}: expected a dataset, got the answer 403`);
});
