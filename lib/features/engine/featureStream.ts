/**
 * Features of one symbol, over arrays or bar by bar.
 *
 * A hole - times that jump, or a row of NaN - makes every feature start again: nothing is computed across it, and nothing filled.
 */
import { type Bars, BOOK_DEPTH, type Panel, TAPE_AND_QUOTES } from "../../core/index.js";
import { barClock } from "./barClock.js";
import type { BarRow, FeatureSpec, FlowPart } from "./featureSpec.js";

const CANDLE = ["open", "high", "low", "close", "volume"] as const;

/** Several features of one symbol as its bars come in. What is returned is the caller's, [F]; NaN until defined. */
export interface LiveFeatures {
  /** [F] */
  readonly names: readonly string[];
  /** The values with a live bar as the latest; nothing is kept, so it may be revised any number of times. */
  preview(row: Readonly<BarRow>): Float64Array;
  /** The values of a bar that is final. */
  push(row: Readonly<BarRow>): Float64Array;
}

/**
 * Features of every bar: row t holds what was known at the close of bar t; NaN until defined and in holes.
 *
 * @returns  a panel [T,F] whose time is `openTime + stepMs`
 * @throws RangeError when two features share a name, when a feature needs flow that the bars do not have, and as
 *   `featureStream` does.
 */
export function features(bars: Bars, specs: readonly FeatureSpec[]): Panel {
  checkFlow(bars, specs);
  const run = runner(specs, bars.stepMs);
  const values = new Float64Array(bars.openTime.length * run.names.length);
  const row = emptyRow();
  for (let t = 0; t < bars.openTime.length; t++) {
    readRow(bars, t, row);
    try {
      run.push(row, values, t * run.names.length);
    } catch (error) {
      throw new RangeError(`${bars.symbol}, bar ${t}: ${(error as Error).message}`);
    }
  }
  return { time: bars.openTime.map((time) => time + bars.stepMs), names: run.names, values };
}

/**
 * The same features bar by bar.
 *
 * Where a row lacks the tape or the quotes, the features that need them are NaN and start again; the others go on.
 * @throws RangeError when two features share a name; from `push` and `preview` when a bar is not after the last final one by whole
 *   steps, a price is not positive, high and low do not enclose the others, or a
 *   volume or size is negative.
 */
export function featureStream(specs: readonly FeatureSpec[], stepMs: number): LiveFeatures {
  const { names, preview, push } = runner(specs, stepMs);
  const written = (write: (row: Readonly<BarRow>, out: Float64Array, offset: number) => void) => {
    return (row: Readonly<BarRow>): Float64Array => {
      const out = new Float64Array(names.length);
      write(row, out, 0);
      return out;
    };
  };
  return { names, preview: written(preview), push: written(push) };
}

/** A row with all fields NaN, to be filled and filled again. */
export function emptyRow(): BarRow {
  const row = { openTime: Number.NaN } as BarRow;
  for (const name of [...CANDLE, ...TAPE_AND_QUOTES, ...BOOK_DEPTH]) row[name] = Number.NaN;
  return row;
}

/** Copies bar `t` into `row`; without flow those fields become NaN. */
export function readRow(bars: Bars, t: number, row: BarRow): void {
  row.openTime = bars.openTime[t]!;
  row.open = bars.open[t]!;
  row.high = bars.high[t]!;
  row.low = bars.low[t]!;
  row.close = bars.close[t]!;
  row.volume = bars.volume[t]!;
  const { flow } = bars;
  row.buyVolume = flow ? flow.buyVolume[t]! : Number.NaN;
  row.sellVolume = flow ? flow.sellVolume[t]! : Number.NaN;
  row.bid = flow ? flow.bid[t]! : Number.NaN;
  row.ask = flow ? flow.ask[t]! : Number.NaN;
  row.bidSize = flow ? flow.bidSize[t]! : Number.NaN;
  row.askSize = flow ? flow.askSize[t]! : Number.NaN;
  row.bidDepth = flow?.bidDepth?.[t] ?? Number.NaN;
  row.askDepth = flow?.askDepth?.[t] ?? Number.NaN;
}

interface Runner {
  readonly names: readonly string[];
  preview(row: Readonly<BarRow>, out: Float64Array, offset: number): void;
  push(row: Readonly<BarRow>, out: Float64Array, offset: number): void;
}

/** What `features` and `featureStream` share: all streams side by side, started again after a hole. */
function runner(specs: readonly FeatureSpec[], stepMs: number): Runner {
  const names = columnNames(specs);
  const clock = barClock(stepMs);
  const streams = specs.map((spec) => spec.create());
  const unused = specs.map((spec) => spec.create()); // never fed: what a live bar after a hole is shown to
  let started = false;
  const preview: Runner["preview"] = (row, out, offset) => {
    const follows = clock.follows(row.openTime);
    if (!isWhole(row)) return void out.fill(Number.NaN, offset, offset + names.length);
    let at = offset;
    for (const stream of follows ? streams : unused) {
      stream.preview(row, out, at);
      at += stream.names.length;
    }
  };
  const push: Runner["push"] = (row, out, offset) => {
    const follows = clock.follows(row.openTime);
    const whole = isWhole(row);
    clock.keep(row.openTime);
    if (started && !(whole && follows)) for (const stream of streams) stream.reset();
    started = whole;
    if (!whole) return void out.fill(Number.NaN, offset, offset + names.length);
    let at = offset;
    for (const stream of streams) {
      stream.push(row, out, at);
      at += stream.names.length;
    }
  };
  return { names, preview, push };
}

function columnNames(specs: readonly FeatureSpec[]): readonly string[] {
  const names = specs.flatMap((spec) => spec.names);
  const twice = names.find((name, f) => names.indexOf(name) !== f);
  if (twice !== undefined) throw new RangeError(`features: expected different names, got ${twice} twice`);
  return names;
}

function checkFlow({ symbol, flow }: Bars, specs: readonly FeatureSpec[]): void {
  const isThere = (part: FlowPart): boolean => (part === "depth" ? flow?.bidDepth : flow) !== undefined;
  const needy = specs.find(({ needs }) => needs && !isThere(needs));
  if (!needy) return;
  throw new RangeError(
    `${symbol}: ${needy.names[0]} needs bars with flow (${needy.needs}), got none; ` +
      `to record some: npx vitrade record --symbols ${symbol} --folder flow`,
  );
}

/** Whether the row is a bar, not a hole. */
function isWhole(row: Readonly<BarRow>): boolean {
  const { open, high, low, close, volume } = row;
  if (Number.isNaN(open) || Number.isNaN(high) || Number.isNaN(low)) return false;
  if (Number.isNaN(close) || Number.isNaN(volume)) return false;
  checkAmount("open", open, Number.MIN_VALUE);
  checkAmount("high", high, Number.MIN_VALUE);
  checkAmount("low", low, Number.MIN_VALUE);
  checkAmount("close", close, Number.MIN_VALUE);
  checkAmount("volume", volume, 0);
  if (high < open || high < close || low > open || low > close)
    throw new RangeError(`expected high and low around ${open} and ${close}, got ${high} and ${low}`);
  checkAmount("buyVolume", row.buyVolume, 0);
  checkAmount("sellVolume", row.sellVolume, 0);
  checkAmount("bid", row.bid, 0);
  checkAmount("ask", row.ask, 0);
  checkAmount("bidSize", row.bidSize, 0);
  checkAmount("askSize", row.askSize, 0);
  checkAmount("bidDepth", row.bidDepth, 0);
  checkAmount("askDepth", row.askDepth, 0);
  return true;
}

/** NaN passes. */
function checkAmount(name: string, value: number, least: number): void {
  if (!(value < least || value === Number.POSITIVE_INFINITY)) return;
  const wanted = least > 0 ? "a positive number" : "a number of at least 0";
  throw new RangeError(`${name}: expected ${wanted} or NaN, got ${value}`);
}
