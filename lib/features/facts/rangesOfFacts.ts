/** Ranges of stylised facts over windows of time, and in Bybit's perpetuals. */

import type { Bars } from "../../core/index.js";
import { checkCount, quantile } from "../../core/index.js";
import { alignBars, gaps, sliceBars } from "../../market/index.js";
import { type JointFacts, jointFacts } from "./jointFacts.js";
import { type StylisedFacts, stylisedFacts } from "./stylisedFacts.js";

/** Name of a stylised fact, of one symbol or of several together. */
export type FactName = keyof StylisedFacts | keyof JointFacts;

/** 5 %, 50 % and 95 % quantiles over windows and symbols. */
export type FactRange = readonly [number, number, number];

/** Windows of time in which facts are measured. */
export interface WindowOptions {
  /** Length of a window, and distance of their starts, in bars. */
  readonly length: number;
  readonly step: number;
}

/** 180 days of hours, a month apart. */
export const HALF_YEARS: WindowOptions = { length: 180 * 24 + 1, step: 30 * 24 };

/**
 * The facts in every window of hourly bars without a hole, [windows] each: those of single symbols in each symbol's own windows, joint
 * ones at common times.
 * @throws RangeError when a symbol, or what is common to all, has no window without a hole, or a length is too small.
 */
export function factsOverWindows(
  bars: readonly Bars[],
  { length, step }: WindowOptions,
): Record<FactName, number[]> {
  checkCount("length", length, 24 * 30);
  checkCount("step", step);
  const single = bars.flatMap((b) => windowsOf(b, length, step).map(stylisedFacts));
  const common = alignBars(bars).bars;
  const windows = common.map((b) => windowsOf(b, length, step));
  const joint = bars.length > 1 ? windows[0]!.map((_, i) => jointFacts(windows.map((own) => own[i]!))) : [];
  return { ...gathered<StylisedFacts>(single), ...gathered<JointFacts>(joint) };
}

/** Quantiles [low, middle, high] of the finite values [windows] of each fact. */
export function factRanges(facts: Record<FactName, number[]>): Record<FactName, FactRange> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, values]) => {
      const finite = values.filter(Number.isFinite);
      return [name, [0.05, 0.5, 0.95].map((p) => (finite.length > 0 ? quantile(finite, p) : Number.NaN))];
    }),
  ) as unknown as Record<FactName, FactRange>;
}

function windowsOf(bars: Bars, length: number, step: number): Bars[] {
  const size = bars.openTime.length;
  if (size < length) throw new RangeError(`${bars.symbol}: expected at least ${length} bars, got ${size}`);
  const all = Array.from({ length: Math.floor((size - length) / step) + 1 }, (_, i) =>
    sliceBars(bars, i * step, i * step + length),
  );
  const whole = all.filter((window) => gaps(window).length === 0);
  if (whole.length > 0) return whole;
  throw new RangeError(
    `${bars.symbol}: expected a window of ${length} bars without a hole, each of ${all.length} has one`,
  );
}

function gathered<T extends Record<string, number>>(facts: readonly T[]): Record<keyof T, number[]> {
  const names = Object.keys(facts[0] ?? {}) as (keyof T)[];
  return Object.fromEntries(names.map((name) => [name, facts.map((f) => f[name] as number)])) as Record<
    keyof T,
    number[]
  >;
}
