/** Checks, gaps, slices and alignment of candles. */

import type { Bars, Flow } from "../core/index.js";
import { checkCount, checkLength, flowColumns, sum } from "../core/index.js";

/** A hole in the candles of one symbol. */
export interface Gap {
  /** Opening time of the last bar before the hole, UTC milliseconds. */
  after: number;
  /** Opening time of the first bar after it. */
  before: number;
  /** How many bars are not there. */
  missing: number;
}

/** Bars that aligning took from one symbol. */
export interface AlignmentRow {
  symbol: string;
  kept: number;
  /** Dropped because another symbol starts later, ends earlier, or has a hole there. */
  early: number;
  late: number;
  inside: number;
}

/** Aligned bars with a report of the bars that were dropped. */
export interface Alignment {
  bars: Bars[];
  report: AlignmentRow[];
}

const COLUMNS = ["openTime", "open", "high", "low", "close", "volume"] as const;

/**
 * Checks that candles are sound: at least one bar, columns of one length, finite positive prices, volume of at least zero, high and low
 * around open and close, times ascending by whole steps.
 *
 * Missing bars are sound: `gaps` lists them.
 * @throws RangeError naming symbol and bar where they are not.
 */
export function checkBars(bars: Bars): void {
  const count = bars.openTime.length;
  if (count === 0) throw new RangeError(`${bars.symbol}: expected at least one bar, got none`);
  if (!(bars.stepMs > 0))
    throw new RangeError(`${bars.symbol}: expected a positive stepMs, got ${bars.stepMs}`);
  for (const name of COLUMNS) checkLength(`${bars.symbol}: ${name}`, bars[name], count);
  const { flow } = bars;
  if (flow) for (const name of flowColumns(flow)) checkLength(`${bars.symbol}: ${name}`, flow[name]!, count);
  for (let t = 0; t < count; t++) {
    const fault = barFault(bars, t) ?? timeFault(bars, t);
    if (fault) throw new RangeError(`${bars.symbol}, bar ${t}: ${fault}`);
  }
}

/** The fault of the prices or volume of bar `t`, in words; undefined if there is none. */
export function barFault(bars: Bars, t: number): string | undefined {
  for (const name of ["open", "high", "low", "close"] as const) {
    const price = bars[name][t]!;
    if (!(price > 0 && Number.isFinite(price))) return `expected a positive ${name}, got ${price}`;
  }
  const [open, high, low, close] = [bars.open[t]!, bars.high[t]!, bars.low[t]!, bars.close[t]!];
  const [top, bottom] = [Math.max(open, close), Math.min(open, close)];
  if (high < top) return `expected a high of at least ${top}, got ${high}`;
  if (low > bottom) return `expected a low of at most ${bottom}, got ${low}`;
  const volume = bars.volume[t]!;
  if (!(volume >= 0 && Number.isFinite(volume))) return `expected a volume of at least 0, got ${volume}`;
  return undefined;
}

/** The holes of ascending candles, in order of time. */
export function gaps(bars: Bars): Gap[] {
  const found: Gap[] = [];
  for (let t = 1; t < bars.openTime.length; t++) {
    const after = bars.openTime[t - 1]!;
    const before = bars.openTime[t]!;
    const missing = Math.round((before - after) / bars.stepMs) - 1;
    if (missing > 0) found.push({ after, before, missing });
  }
  return found;
}

/**
 * The longest stretch without a hole of aligned candles, the first of them where two are as long.
 * @param bars  as `alignBars` returns them
 * @throws RangeError when there is no symbol.
 */
export function longestStretch(bars: readonly Bars[]): Bars[] {
  const first = bars[0];
  if (!first) throw new RangeError("expected at least one symbol, got none");
  const { openTime, stepMs } = first;
  let [from, to, begin] = [0, 0, 0];
  for (let t = 1; t <= openTime.length; t++) {
    if (t < openTime.length && openTime[t]! - openTime[t - 1]! === stepMs) continue;
    if (t - begin > to - from) [from, to] = [begin, t];
    begin = t;
  }
  return bars.map((b) => sliceBars(b, from, to));
}

/**
 * Bars `from` … `to` − 1, copied; indices as those of `Array.slice`.
 * @throws RangeError when nothing is left.
 */
export function sliceBars(bars: Bars, from: number, to: number = bars.openTime.length): Bars {
  const sliced = mapColumns(bars, (column) => column.slice(from, to));
  if (sliced.openTime.length > 0) return sliced;
  throw new RangeError(`${bars.symbol}: expected bars ${from} to ${to} of ${bars.openTime.length}, got none`);
}

/** The times of aligned bars: those that every symbol has, or those that any has. */
export type AlignAt = "common" | "union";

/**
 * The bars at common times: afterwards index t is the same hour in each.
 * @param at  "common" (the default): the times that every symbol has. "union": the times that any has, where the bars that a symbol
 *   lacks are NaN and nothing is dropped
 * @throws RangeError when the steps differ or no time is common.
 */
export function alignBars(bars: readonly Bars[], at: AlignAt = "common"): Alignment {
  const first = bars[0];
  if (!first) throw new RangeError("expected at least one symbol, got none");
  const odd = bars.find((b) => b.stepMs !== first.stepMs);
  if (odd) {
    throw new RangeError(
      `${odd.symbol}: expected bars of ${first.stepMs} ms as ${first.symbol}, got ${odd.stepMs}`,
    );
  }
  if (at === "union") return unionOf(bars);
  const sets = bars.slice(1).map((b) => new Set(b.openTime));
  const times = first.openTime.filter((time) => sets.every((set) => set.has(time)));
  if (times.length === 0) {
    const spans = bars.map(
      ({ symbol, openTime }) => `${symbol} ${day(openTime[0]!)} to ${day(openTime.at(-1)!)}`,
    );
    const names = bars.map(({ symbol }) => symbol).join(", ");
    throw new RangeError(`expected a common time of ${names}, got none; there are ${spans.join(", ")}`);
  }
  const common = new Set(times);
  return {
    bars: bars.map((b) => mapColumns(b, (column) => column.filter((_, t) => common.has(b.openTime[t]!)))),
    report: bars.map((b) => alignmentRow(b, times)),
  };
}

/**
 * Bars of `count` steps each, from those of one: first open, highest high, lowest low, last close, all of the volume.
 *
 * They are counted from the first bar. One of which a bar is missing is left out, so that gaps stay gaps. The tape is dropped.
 * @throws RangeError when `count` is not a whole number of at least 1 or no bar is complete.
 */
export function coarserBars(bars: Bars, count: number): Bars {
  checkCount("count", count);
  const { symbol, openTime, open, high, low, close, volume } = bars;
  const stepMs = count * bars.stepMs;
  const isComplete = (t: number): boolean =>
    (openTime[t]! - openTime[0]!) % stepMs === 0 &&
    openTime[t + count - 1]! - openTime[t]! === stepMs - bars.stepMs;
  const at = Uint32Array.from(openTime.keys()).filter(isComplete);
  if (at.length === 0)
    throw new RangeError(`${symbol}: expected ${count} bars in a row from a multiple of ${count}, got none`);
  const of = (column: Float64Array, take: (part: Float64Array) => number): Float64Array =>
    Float64Array.from(at, (t) => take(column.subarray(t, t + count)));
  return {
    ...{ symbol, stepMs },
    openTime: of(openTime, (part) => part[0]!),
    open: of(open, (part) => part[0]!),
    high: of(high, (part) => part.reduce((most, price) => Math.max(most, price))),
    low: of(low, (part) => part.reduce((least, price) => Math.min(least, price))),
    close: of(close, (part) => part[count - 1]!),
    volume: of(volume, sum),
  };
}

function unionOf(bars: readonly Bars[]): Alignment {
  const times = Float64Array.from(new Set(bars.flatMap((b) => [...b.openTime]))).sort();
  const index = new Map(Array.from(times, (time, t) => [time, t]));
  const spread = (own: Bars): Bars => {
    const at = Uint32Array.from(own.openTime, (time) => index.get(time)!);
    const whole = mapColumns(own, (column) => {
      const out = new Float64Array(times.length).fill(Number.NaN);
      column.forEach((value, i) => {
        out[at[i]!] = value;
      });
      return out;
    });
    return { ...whole, openTime: times.slice() };
  };
  return {
    bars: bars.map(spread),
    report: bars.map((b) => ({ symbol: b.symbol, kept: b.openTime.length, early: 0, late: 0, inside: 0 })),
  };
}

/** Lines of text about the bars that aligning dropped, one for each symbol that lost any. */
export function alignmentLines(report: readonly AlignmentRow[]): string[] {
  return report.flatMap(({ symbol, kept, early, late, inside }) => {
    const dropped = early + late + inside;
    if (dropped === 0) return [];
    const where = [
      [early, "before another symbol begins"],
      [late, "after another ends"],
      [inside, "in holes of another"],
    ] as const;
    const parts = where.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
    return [
      `${symbol}: ${dropped} of ${kept + dropped} bars left out, as not every symbol has them: ${parts.join(", ")}`,
    ];
  });
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function alignmentRow(bars: Bars, times: Float64Array): AlignmentRow {
  const early = bars.openTime.filter((time) => time < times[0]!).length;
  const late = bars.openTime.filter((time) => time > times[times.length - 1]!).length;
  const inside = bars.openTime.length - times.length - early - late;
  return { symbol: bars.symbol, kept: times.length, early, late, inside };
}

function mapColumns(bars: Bars, map: (column: Float64Array) => Float64Array): Bars {
  const { symbol, stepMs, flow } = bars;
  const [openTime, open, high] = [map(bars.openTime), map(bars.open), map(bars.high)];
  const [low, close, volume] = [map(bars.low), map(bars.close), map(bars.volume)];
  const mapped: Bars = { symbol, stepMs, openTime, open, high, low, close, volume };
  if (flow)
    mapped.flow = Object.fromEntries(
      flowColumns(flow).map((name) => [name, map(flow[name]!)]),
    ) as unknown as Flow;
  return mapped;
}

/** The fault of the time of bar `t` or of its distance from the bar before, in words; undefined if there is none. */
export function timeFault(bars: Bars, t: number): string | undefined {
  const time = bars.openTime[t]!;
  if (!Number.isSafeInteger(time)) return `expected a time in whole milliseconds, got ${time}`;
  if (t === 0) return undefined;
  const elapsed = time - bars.openTime[t - 1]!;
  if (!(elapsed > 0)) return `expected a time after ${bars.openTime[t - 1]}, got ${time}`;
  if (elapsed % bars.stepMs === 0) return undefined;
  return `expected a whole number of steps of ${bars.stepMs} ms since the bar before, got ${elapsed} ms`;
}
