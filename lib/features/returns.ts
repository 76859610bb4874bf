/**
 * Causal building blocks: entry t depends on entries up to t only, and on no more of them than the window.
 *
 * Arrays are [T]. What does not exist yet is NaN. Each window is summed afresh, so a slice gives the same bits as the whole.
 */

import type { Bars } from "../core/index.js";
import { checkCount } from "../core/index.js";

/**
 * Log returns log(close_t / close_{t−1}), [T]; NaN at t = 0 and in the bar after a hole, since it is not the return of one bar.
 */
export function logReturns({ close, openTime, stepMs }: Bars): Float64Array {
  return close.map((price, t) =>
    t > 0 && openTime[t]! - openTime[t - 1]! === stepMs ? Math.log(price / close[t - 1]!) : Number.NaN,
  );
}

/**
 * Mean of entries t − window + 1 … t of x [T], as [T].
 * @throws RangeError when the window is not a positive integer.
 */
export function rollingMean(x: Float64Array, window: number): Float64Array {
  return rolling(x, window, (from, to) => windowMean(x, from, to));
}

/** Sample standard deviation, divisor window − 1, of entries t − window + 1 … t. */
export function rollingStandardDeviation(x: Float64Array, window: number): Float64Array {
  checkCount("window", window, 2);
  return rolling(x, window, (from, to) => {
    const centre = windowMean(x, from, to);
    let spread = 0;
    for (let i = from; i <= to; i++) spread += (x[i]! - centre) ** 2;
    return Math.sqrt(spread / (window - 1));
  });
}

function rolling(x: Float64Array, window: number, of: (from: number, to: number) => number): Float64Array {
  checkCount("window", window);
  return x.map((_, t) => (t < window - 1 ? Number.NaN : of(t - window + 1, t)));
}

function windowMean(x: Float64Array, from: number, to: number): number {
  const first = x[from]!;
  let [total, equal] = [0, true];
  for (let i = from; i <= to; i++) {
    total += x[i]!;
    if (x[i] !== first) equal = false;
  }
  return equal ? first : total / (to - from + 1); // equal values have no deviation, not one of rounding
}
