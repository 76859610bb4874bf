/** A prepared market in one file: clean bars on one grid and how windows are cut of them. Exact, checksummed, whole or not there. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Bars, Flow } from "../../core/types.js";
import { writeResult } from "../output.js";

/** How windows are cut and labelled. */
export interface WindowSettings {
  /** T, bars a window; also those over which the regime is judged. */
  readonly sequenceLength: number;
  /** Bars after the window over which return and volatility are foretold. */
  readonly predictionHorizon: number;
  /** Bars between the starts of two windows. */
  readonly stride: number;
  /** Of the regime, in deviations of a driftless walk. */
  readonly threshold: number;
  /** Shares of the decision times. */
  readonly fractions: { readonly train: number; readonly validation: number; readonly test: number };
}

export interface Dataset {
  /** Where the bars are from. */
  readonly source: string;
  readonly settings: WindowSettings;
  /** [A] on one grid of times; what is missing is NaN. */
  readonly bars: readonly Bars[];
}

/** A dataset, and the name of its content. */
export type StoredDataset = Dataset & { readonly sha256: string };

const MAGIC = "vitrade dataset 1\n";
const CANDLE = ["openTime", "open", "high", "low", "close", "volume"] as const;
const FLOW = ["buyVolume", "sellVolume", "bid", "ask", "bidSize", "askSize"] as const;

/** Writes the dataset and returns the SHA-256 of its content. */
export async function writeDataset(path: string, { source, settings, bars }: Dataset): Promise<string> {
  const assets = bars.map(({ symbol, stepMs, openTime, flow }) => ({
    ...{ symbol, stepMs, bars: openTime.length, flow: flow !== undefined },
  }));
  const body = Buffer.concat(
    bars.flatMap(columnsOf).map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength)),
  );
  const head = { source, settings, assets };
  const sha256 = hashOf(head, body);
  const text = Buffer.from(`${MAGIC}${JSON.stringify({ ...head, sha256 })}\n`);
  await writeResult(path, Buffer.concat([text, body]));
  return sha256;
}

/** @throws Error naming the file when it is of another kind or its content is not what was written. */
export async function readDataset(path: string): Promise<StoredDataset> {
  const bytes = await readFile(path);
  const end = bytes.indexOf(10, MAGIC.length);
  if (bytes.subarray(0, MAGIC.length).toString() !== MAGIC || end < 0)
    throw new Error(`${path}: expected a dataset of vitrade prepare, got another kind of file`);
  const body = bytes.subarray(end + 1);
  const { sha256, ...head } = headOf(path, bytes.subarray(MAGIC.length, end).toString());
  if (hashOf(head, body) !== sha256)
    throw new Error(`${path}: expected content of SHA-256 ${sha256}, got another; the file is damaged`);
  const values = new Float64Array(new Uint8Array(body).buffer);
  let at = 0;
  const bars = head.assets.map(({ symbol, stepMs, bars: count, flow }) => {
    const take = () => {
      at += count;
      return values.slice(at - count, at);
    };
    const candle = Object.fromEntries(CANDLE.map((name) => [name, take()]));
    const tape = flow ? { flow: Object.fromEntries(FLOW.map((name) => [name, take()])) } : {};
    return { symbol, stepMs, ...candle, ...tape } as unknown as Bars;
  });
  return { source: head.source, settings: head.settings, bars, sha256 };
}

interface Head {
  readonly source: string;
  readonly settings: WindowSettings;
  readonly assets: readonly { symbol: string; stepMs: number; bars: number; flow: boolean }[];
}

function headOf(path: string, text: string): Head & { readonly sha256: string } {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path}: expected a head of JSON; the file is damaged`);
  }
}

function columnsOf(bars: Bars): Float64Array[] {
  const flow: Flow | undefined = bars.flow;
  return [...CANDLE.map((name) => bars[name]), ...(flow ? FLOW.map((name) => flow[name]) : [])];
}

function hashOf(head: Head, body: Uint8Array): string {
  return createHash("sha256").update(JSON.stringify(head)).update("\n").update(body).digest("hex");
}
