/** Lengths of the blocks of a bootstrap, from the data themselves. */
import { checkCount, checkFinite, mean, powerOfTwo } from "../../core/index.js";

/**
 * The mean block of the stationary bootstrap that is best for the mean of `x`, in bars: 1 or more.
 *
 * It says how long the memory of `x` itself is. A statistic of squares, such as the volatility, may need longer blocks.
 * @param x  [T], at least 20 bars
 * @throws RangeError when a value is not finite, none differs from the others, or there are too few.
 * @see Politis & White 2004, with the correction of Patton, Politis & White 2009
 */
export function automaticBlockLength(x: Float64Array): number {
  return Math.max(1, optimalBlockLength(x));
}

/**
 * The same before it is raised to one bar: what the formula says, below 1 where returns look independent.
 * @throws RangeError as `automaticBlockLength`.
 */
export function optimalBlockLength(x: Float64Array): number {
  checkCount("length of the series", x.length, 20);
  checkFinite("x", x);
  const n = x.length;
  const run = Math.max(5, Math.ceil(Math.sqrt(Math.log10(n))));
  const longest = Math.ceil(Math.sqrt(n)) + run;
  const covariances = autocovariances(x, Math.min(longest + run, n - 1));
  if (!(covariances[0]! > 0))
    throw new RangeError("x: expected values that differ, got the same one throughout");
  const bandwidth = Math.min(2 * Math.max(lastNotable(covariances, run, n), 1), longest);
  let slope = 0;
  let longRun = covariances[0]!;
  for (let k = 1; k <= Math.min(bandwidth, covariances.length - 1); k++) {
    const weight = Math.min(1, 2 * (1 - k / bandwidth));
    slope += 2 * weight * k * covariances[k]!;
    longRun += 2 * weight * covariances[k]!;
  }
  const best = Math.cbrt((slope / longRun) ** 2 * n);
  return Math.min(best, Math.ceil(Math.min(3 * Math.sqrt(n), n / 3)));
}

/** The lag after which `run` autocorrelations in a row are indistinguishable from zero; where none is, the last notable one. */
function lastNotable(covariances: Float64Array, run: number, n: number): number {
  const limit = 2 * Math.sqrt(Math.log10(n) / n) * covariances[0]!;
  let last = 0;
  for (let k = 1; k < covariances.length; k++) {
    if (Math.abs(covariances[k]!) >= limit) last = k;
    else if (k - last >= run) break;
  }
  return last;
}

/** Autocovariances at lags 0 … `lags`, with divisor T, up to a factor that only their ratios do without: that of x's own unit. */
function autocovariances(x: Float64Array, lags: number): Float64Array {
  const centre = mean(x);
  const distance = x.map((v) => v - centre);
  const unit = powerOfTwo(distance);
  const deviation = distance.map((v) => v / unit);
  return Float64Array.from({ length: lags + 1 }, (_, k) => {
    let total = 0;
    for (let t = k; t < x.length; t++) total += deviation[t]! * deviation[t - k]!;
    return total / x.length;
  });
}
