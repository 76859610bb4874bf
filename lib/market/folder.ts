/** A folder of SYMBOL.csv.gz: strict, so that a damaged file is named and never half-read. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Bars } from "../core/types.js";
import { barFault } from "./bars.js";

const HEADER = "timestamp,open,high,low,close,volume";
const SUFFIX = ".csv.gz";
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const unzip = promisify(gunzip);

/**
 * The candles of `symbols`, each from its SYMBOL.csv.gz in `folder`.
 *
 * A file is a header `timestamp,open,high,low,close,volume` and one line a bar: UTC milliseconds of its opening, prices,
 * volume in units of the base asset. The step is the smallest distance of two bars. Symbols are not aligned.
 * @throws Error when the folder or a symbol is not there, or a file is damaged: names the file and line.
 */
export async function readFolder(folder: string, symbols: readonly string[]): Promise<Bars[]> {
  const available = await listSymbols(folder);
  const missing = symbols.filter((symbol) => !available.includes(symbol));
  if (missing.length > 0) {
    const there = available.length > 0 ? available.join(", ") : "no SYMBOL.csv.gz at all";
    throw new Error(`${missing.join(", ")}: not in the folder ${basename(folder)}, which holds ${there}`);
  }
  return Promise.all(
    symbols.map(async (symbol) => {
      const file = symbol + SUFFIX;
      return parseBars(symbol, await readText(join(folder, file), file), file);
    }),
  );
}

/** The symbols that have a SYMBOL.csv.gz in `folder`, in alphabetical order. */
export async function listSymbols(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such folder" : error.message;
    throw new Error(`market folder ${folder}: ${reason}; expected a folder of SYMBOL${SUFFIX}`);
  });
  const files = names.filter((name) => name.endsWith(SUFFIX));
  return files.map((name) => name.slice(0, -SUFFIX.length)).sort();
}

async function readText(path: string, file: string): Promise<string> {
  const packed = await readFile(path);
  const text = await unzip(packed).catch((error: NodeJS.ErrnoException) => {
    const truncated = error.code === "Z_BUF_ERROR";
    throw new Error(
      `${file}: ${truncated ? "the file is truncated" : "not a sound gzip file"} (${error.message})`,
    );
  });
  return text.toString("utf8");
}

/** Candles from the text of a file; `file` is for the errors. */
export function parseBars(symbol: string, text: string, file: string): Bars {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (lines[0] !== HEADER) {
    throw new Error(`${file} line 1: expected the columns ${HEADER}, got ${lines[0] ?? "an empty file"}`);
  }
  const count = lines.length - 1;
  const columns = HEADER.split(",").map(() => new Float64Array(count));
  for (let t = 0; t < count; t++) {
    const fields = parseLine(lines[t + 1]!, `${file} line ${t + 2}`);
    for (let c = 0; c < fields.length; c++) columns[c]![t] = fields[c]!;
  }
  const [openTime, open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const stepMs = inferStep(openTime, file);
  const bars: Bars = { symbol, stepMs, openTime, open, high, low, close, volume };
  for (let t = 0; t < count; t++) {
    const fault = barFault(bars, t);
    if (fault) throw new Error(`${file} line ${t + 2}: ${fault}`);
  }
  return bars;
}

function parseLine(line: string, place: string): number[] {
  const names = HEADER.split(",");
  const fields = line.split(",");
  if (fields.length !== names.length) {
    throw new Error(`${place}: expected ${names.length} fields, got ${fields.length}`);
  }
  return fields.map((field, c) => {
    const value = NUMBER.test(field) ? Number(field) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw new Error(`${place}: expected a finite number for ${names[c]}, got "${field}"`);
  });
}

/** The smallest distance of two bars, of which every other must be a multiple. */
function inferStep(openTime: Float64Array, file: string): number {
  if (openTime.length < 2) throw new Error(`${file}: expected at least two bars, got ${openTime.length}`);
  let step = Number.POSITIVE_INFINITY;
  for (let t = 0; t < openTime.length; t++) {
    const time = openTime[t]!;
    const before = openTime[t - 1] ?? Number.NEGATIVE_INFINITY;
    if (!Number.isSafeInteger(time))
      throw new Error(`${file} line ${t + 2}: expected whole milliseconds, got ${time}`);
    if (time <= before)
      throw new Error(`${file} line ${t + 2}: expected a timestamp after ${before}, got ${time}`);
    step = Math.min(step, time - before);
  }
  for (let t = 1; t < openTime.length; t++) {
    const elapsed = openTime[t]! - openTime[t - 1]!;
    if (elapsed % step === 0) continue;
    throw new Error(
      `${file} line ${t + 2}: expected a multiple of the step ${step} ms since the line before, got ${elapsed}`,
    );
  }
  return step;
}
