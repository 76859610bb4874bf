/** Compounded equity, its growth, and how far it fell. */
import { checkPositive } from "../../core/index.js";
import { checkReturns } from "./returns.js";
import { ruinIndex } from "./ruin.js";

/** Annual growth or a Calmar ratio of less than a month of bars is an extrapolation, not a result. */
export const MONTH_IN_YEARS = 1 / 12;

/**
 * Equity [T + 1] compounded from simple returns [T]: entry 0 is the capital of 1 before bar 1, entry t that after bar t.
 *
 * Once it reaches zero it stays there: a later gain does not undo ruin.
 * @throws RangeError when there is no bar, or one is not finite.
 */
export function equityCurve(returns: ArrayLike<number>): Float64Array {
  checkReturns(returns, 1);
  const equity = new Float64Array(returns.length + 1);
  equity[0] = 1;
  for (let t = 0; t < returns.length; t++) equity[t + 1] = Math.max(0, equity[t]! * (1 + returns[t]!));
  return equity;
}

/** Equity after the last bar over that before the first, minus one. */
export function totalReturn(returns: ArrayLike<number>): number {
  return equityCurve(returns)[returns.length]! - 1;
}

/**
 * Compound annual growth rate; −1 after ruin.
 * @throws RangeError when there is no bar, one is not finite, or `barsPerYear` is not positive.
 */
export function annualGrowth(returns: ArrayLike<number>, barsPerYear: number): number {
  checkPositive("barsPerYear", barsPerYear);
  return (1 + totalReturn(returns)) ** (barsPerYear / returns.length) - 1;
}

/** The deepest fall from a peak. Indices are those of the equity curve: 0 is before bar 1, t is after bar t. */
export interface Drawdown {
  /** Share of the peak that was lost, in [0, 1]. */
  readonly depth: number;
  /** The last time at the peak. */
  readonly start: number;
  readonly trough: number;
  /** The first time back at the peak; null when that has not happened. */
  readonly end: number | null;
}

/**
 * The deepest drawdown of the compounded equity, the earliest of equals; depth 0 with all indices 0 when it never fell.
 *
 * The capital before bar 1 is a peak too, so a loss on the first bar counts.
 * @throws RangeError when there is no bar, or one is not finite.
 */
export function maximumDrawdown(returns: ArrayLike<number>): Drawdown {
  const equity = equityCurve(returns);
  let peak = 0;
  let deepest = { depth: 0, start: 0, trough: 0 };
  for (let t = 1; t < equity.length; t++) {
    if (equity[t]! >= equity[peak]!) peak = t;
    const depth = 1 - equity[t]! / equity[peak]!;
    if (depth > deepest.depth) deepest = { depth, start: peak, trough: t };
  }
  if (deepest.depth === 0) return { ...deepest, end: 0 };
  const level = equity[deepest.start]!;
  const end = equity.findIndex((value, t) => t > deepest.trough && value >= level);
  return { ...deepest, end: end < 0 ? null : end };
}

/**
 * Annual growth over maximum drawdown; −1 after ruin, null when nothing was lost, or over less than `leastYears`.
 *
 * Annual growth of a few days is astronomical, so a month is the least; a shorter span must be asked for.
 * @throws RangeError when there is no bar, one is not finite, or `barsPerYear` is not positive.
 * @see Young 1991
 */
export function calmarRatio(
  returns: ArrayLike<number>,
  barsPerYear: number,
  leastYears = MONTH_IN_YEARS,
): number | null {
  const growth = annualGrowth(returns, barsPerYear);
  const { depth } = maximumDrawdown(returns);
  if (ruinIndex(returns) >= 0) return growth; // over a drawdown of 1, and no extrapolation
  return depth === 0 || returns.length / barsPerYear < leastYears ? null : growth / depth;
}
