/** The standard error of a Sharpe ratio whose returns remember: fat tails, volatility clusters and autocorrelation allowed for. */
import { checkCount, mean, powerOfTwo, standardDeviation, sum } from "../../core/index.js";
import { meanOverDeviation } from "../performance/returns.js";
import { isRuined } from "../performance/ruin.js";

/**
 * The influence of each bar on the Sharpe ratio, [T], of mean 0: z − ½ SR (z² − 1), z the standardised return.
 *
 * Its long-run variance over T is the squared standard error of the ratio, and its memory says how long blocks should be:
 * `automaticBlockLength(sharpeInfluence(returns))`. It is that of the plain ratio of moments, ruin or not.
 * @throws RangeError when there are fewer than two returns or one is not finite.
 * @see Lo 2002; Ledoit & Wolf 2008
 */
export function sharpeInfluence(returns: Float64Array): Float64Array {
  const ratio = meanOverDeviation(returns);
  const [centre, sd] = [mean(returns), standardDeviation(returns, 0)];
  return returns.map((r) => {
    const z = (r - centre) / sd;
    return z - 0.5 * ratio * (z * z - 1);
  });
}

/**
 * Standard error of the Sharpe ratio per bar of returns [T]; NaN when nothing varies, and after ruin.
 *
 * It is the root of `longRunVariance(sharpeInfluence(returns))` over T.
 * @throws RangeError when there are fewer than 20 returns or one is not finite.
 * @see Ledoit & Wolf 2008
 */
export function sharpeHacError(returns: Float64Array): number {
  if (isRuined(returns)) return Number.NaN;
  return Math.sqrt(longRunVariance(sharpeInfluence(returns)) / returns.length);
}

/**
 * Σ over all lags of the autocovariances of `x`, [T] of mean 0: prewhitened by an AR(1), quadratic-spectral weights, bandwidth from the data.
 * @throws RangeError when there are fewer than 20 values.
 * @see Andrews 1991; Andrews & Monahan 1992
 */
export function longRunVariance(x: Float64Array): number {
  const unit = powerOfTwo(x); // squares of values of any size
  return longRunOf(x.map((value) => value / unit)) * unit * unit;
}

function longRunOf(x: Float64Array): number {
  checkCount("length of the series", x.length, 20);
  const whitener = Math.min(0.97, Math.max(-0.97, firstOrder(x)));
  const rest = Float64Array.from({ length: x.length - 1 }, (_, i) => x[i + 1]! - whitener * x[i]!);
  const rho = Math.min(0.97, Math.max(-0.97, firstOrder(rest)));
  const slope = (4 * rho * rho) / (1 - rho) ** 4;
  const bandwidth = Math.max(1, 1.3221 * (slope * x.length) ** 0.2);
  const lags = Math.min(rest.length - 1, Math.ceil(40 * bandwidth)); // beyond, the weights are below 10⁻³
  let total = lagProduct(rest, 0);
  for (let lag = 1; lag <= lags; lag++)
    total += 2 * quadraticSpectral(lag / bandwidth) * lagProduct(rest, lag);
  return Math.max(total, 0) / rest.length / (1 - whitener) ** 2;
}

/** Regression coefficient of x on its last value. */
function firstOrder(x: Float64Array): number {
  return lagProduct(x, 1) / sum(x.subarray(0, x.length - 1).map((v) => v * v));
}

function lagProduct(x: Float64Array, lag: number): number {
  let total = 0;
  for (let t = lag; t < x.length; t++) total += x[t]! * x[t - lag]!;
  return total;
}

function quadraticSpectral(u: number): number {
  const angle = (6 * Math.PI * u) / 5;
  return (3 / angle ** 2) * (Math.sin(angle) / angle - Math.cos(angle));
}
