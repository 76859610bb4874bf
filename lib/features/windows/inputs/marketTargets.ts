/** Targets of a market model beside the window itself: return, volatility and regime, in one row a window. */

import type { Bars, Windows } from "../../../core/index.js";
import { checkCount, checkPositive } from "../../../core/index.js";

/** Options of `marketTargets`. */
export interface MarketTargetOptions {
  /** Bars of the return that is predicted, as the windows' own. */
  readonly horizon: number;
  /** Bars over which the regime is judged, up to the window's last close. */
  readonly trend: number;
  /** Bear below −threshold, bull above it, in standard deviations of a driftless walk over `trend` bars. */
  readonly threshold: number;
}

/** [N,5] row-major: log return over the horizon, log of its realised volatility a bar, one-hot of bear, sideways, bull. */
export const TARGETS = 5;

/**
 * Targets of windows of bars. The return and the volatility are known at `resolvedAt`; the regime at `decidedAt`, as it is judged by
 * the past: the return over the last `trend` bars in units of √trend times their deviation around zero.
 * @param assets  bars of each asset, in the order of the windows' index
 * @returns       [N,5]
 * @throws RangeError when a window ends on no bar of its asset, or has fewer than `trend` bars before it: shorten it.
 */
export function marketTargets(
  w: Windows,
  assets: readonly Bars[],
  { horizon, trend, threshold }: MarketTargetOptions,
): Float32Array {
  checkCount("horizon", horizon);
  checkCount("trend", trend, 2);
  checkPositive("threshold", threshold);
  const closing = assets.map(
    (bars) => new Map(Array.from(bars.openTime, (open, t) => [open + bars.stepMs, t] as const)),
  );
  const out = new Float32Array(w.y.length * TARGETS);
  for (let n = 0; n < w.y.length; n++) {
    const bars = assets[w.asset[n]!];
    const t = closing[w.asset[n]!]?.get(w.decidedAt[n]!);
    if (bars === undefined || t === undefined || t < trend || t + horizon >= bars.close.length)
      throw new RangeError(
        `window ${n}: expected ${trend} bars before its last close and ${horizon} after it, asset ${w.asset[n]}`,
      );
    const returnOf = (i: number) => Math.log(bars.close[i]! / bars.close[i - 1]!);
    out[n * TARGETS] = Math.log(bars.close[t + horizon]! / bars.close[t]!);
    out[n * TARGETS + 1] = 0.5 * Math.log(meanSquare(returnOf, t + 1, horizon) + 1e-12);
    const z = Math.log(bars.close[t]! / bars.close[t - trend]!);
    const unit = Math.sqrt(trend * meanSquare(returnOf, t - trend + 1, trend));
    const label = z < -threshold * unit ? 0 : z > threshold * unit ? 2 : 1;
    out[n * TARGETS + 2 + label] = 1;
  }
  return out;
}

function meanSquare(of: (i: number) => number, from: number, count: number): number {
  let total = 0;
  for (let i = from; i < from + count; i++) total += of(i) ** 2;
  return total / count;
}

/** The two first targets scaled to mean 0 and deviation 1 over the training rows; and back. */
export interface TargetScaler {
  readonly mean: readonly [number, number];
  readonly deviation: readonly [number, number];
}

/**
 * Mean and sample standard deviation of return and log volatility over the rows of the training alone.
 * @param y     [N,5]
 * @param rows  indices of the training rows
 * @throws RangeError when there are fewer than two rows, or a target does not vary over them.
 */
export function fitTargetScaler(y: Float32Array, rows: ArrayLike<number>): TargetScaler {
  checkCount("rows", rows.length, 2);
  const columns = ([0, 1] as const).map((c) => {
    const values = Float64Array.from({ length: rows.length }, (_, i) => y[rows[i]! * TARGETS + c]!);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const square = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
    return { mean, deviation: Math.sqrt(square) };
  });
  const [r, v] = columns as [{ mean: number; deviation: number }, { mean: number; deviation: number }];
  checkPositive("deviation of the return", r.deviation);
  checkPositive("deviation of the log volatility", v.deviation);
  return { mean: [r.mean, v.mean], deviation: [r.deviation, v.deviation] };
}

/** Scaled copies; the regimes stay. @param y [N,5] */
export function scaleTargets({ mean, deviation }: TargetScaler, y: Float32Array): Float32Array {
  return y.map((value, i) => {
    const c = i % TARGETS;
    return c < 2 ? (value - mean[c as 0 | 1]) / deviation[c as 0 | 1] : value;
  });
}
