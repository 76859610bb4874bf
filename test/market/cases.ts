/** Bars as users have them: one file a case, made of the same walk. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { key, stream } from "../../lib/core/random.js";

export const HOUR = 3_600_000;
export const START: number = Date.UTC(2024, 11, 3);
export const HEADER = "timestamp,open,high,low,close,volume";

/** Opening time, open, high, low, close, volume. */
export type Row = [time: number, open: number, high: number, low: number, close: number, volume: number];

/** A random walk of hours. */
export function walk(count = 1500, start = START, scale = 1, stepMs = HOUR): Row[] {
  const draw = stream(key("cases"));
  let price = 40_000 * scale;
  return Array.from({ length: count }, (_, i) => {
    const open = price;
    price = open * Math.exp(0.006 * draw.normal());
    const [up, down] = [1 + Math.abs(0.002 * draw.normal()), 1 - Math.abs(0.002 * draw.normal())];
    return [
      start + i * stepMs,
      open,
      Math.max(open, price) * up,
      Math.min(open, price) * down,
      price,
      Math.abs(100 + 30 * draw.normal()),
    ];
  });
}

export interface Written {
  readonly separator?: string;
  readonly end?: string;
  readonly header?: string;
  readonly time?: (time: number, i: number) => string | number;
  readonly number?: (value: number) => string;
}

/** The rows as text. */
export function csv(rows: readonly Row[], written: Written = {}): string {
  const { separator = ",", end = "\n", header = HEADER, time = String, number = String } = written;
  const lines = rows.map(([at, ...values], i) => [time(at, i), ...values.map(number)].join(separator));
  return `${[...(header === "" ? [] : [header]), ...lines].join(end)}${end}`;
}

/** Writes FOLDER/CASE/NAME, packed where its name says so, and returns FOLDER/CASE. */
export function save(
  folder: string,
  name: string,
  text: string | Uint8Array,
  file = "BTCUSDT.csv.gz",
): string {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, file), file.endsWith(".gz") && typeof text === "string" ? gzipSync(text) : text);
  return own;
}

/** Rows of which those from `from` on have other prices and the inverse volume. */
export function rescaled(rows: readonly Row[], from: number, factor: number): Row[] {
  return rows.map(([at, open, high, low, close, volume], i) =>
    i < from
      ? [at, open, high, low, close, volume]
      : [at, open * factor, high * factor, low * factor, close * factor, volume / factor],
  );
}
