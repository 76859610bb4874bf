/** Sample statistics in float64. */
import { checkLength } from "./axes.js";

export function sum(x: ArrayLike<number>): number {
  let total = 0;
  let lost = 0; // Neumaier's compensation
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return Number.isFinite(total) ? total + lost : total;
}

/** Arithmetic mean; NaN of nothing. */
export function mean(x: ArrayLike<number>): number {
  return sum(x) / x.length;
}

/** Variance with divisor n − ddof: 1 for a sample (the default), 0 for a population. */
export function variance(x: ArrayLike<number>, ddof = 1): number {
  return covariance(x, x, ddof);
}

/** Standard deviation with divisor n − ddof. */
export function standardDeviation(x: ArrayLike<number>, ddof = 1): number {
  return Math.sqrt(variance(x, ddof));
}

/** Covariance with divisor n − ddof. */
export function covariance(x: ArrayLike<number>, y: ArrayLike<number>, ddof = 1): number {
  checkLength("y", y, x.length);
  const xMean = mean(x);
  const yMean = mean(y);
  let total = 0;
  for (let i = 0; i < x.length; i++) total += (x[i]! - xMean) * (y[i]! - yMean);
  return total / (x.length - ddof);
}

/** Pearson's correlation. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return covariance(x, y) / Math.sqrt(variance(x) * variance(y));
}

/** Quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996). */
export function quantile(x: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability: expected a number in [0, 1], got ${probability}`);
  }
  const sorted = Float64Array.from(x).sort();
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] ?? Number.NaN;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return lower + (position - below) * (upper - lower);
}

export function median(x: ArrayLike<number>): number {
  return quantile(x, 0.5);
}

/** log Σ exp(x), without overflow; −∞ of nothing. */
export function logSumExp(x: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) top = Math.max(top, x[i]!);
  if (!Number.isFinite(top)) return top;
  let total = 0;
  for (let i = 0; i < x.length; i++) total += Math.exp(x[i]! - top);
  return top + Math.log(total);
}

/** Autocorrelation at `lag`, with the mean and variance of the whole sample. */
export function autocorrelation(x: ArrayLike<number>, lag: number): number {
  const centre = mean(x);
  let above = 0;
  let below = 0;
  for (let i = 0; i < x.length; i++) {
    below += (x[i]! - centre) ** 2;
    if (i >= lag) above += (x[i]! - centre) * (x[i - lag]! - centre);
  }
  return above / below;
}
