/** Moments of a portfolio's return: pure functions of weights, to be reported or to be maximised. */

import type { Matrix } from "../../core/index.js";
import { checkFinite, checkLength, checkPositive, quadraticForm } from "../../core/index.js";

/** Moments of the assets' returns per bar: mean [A], covariance [A,A]. */
export interface Moments {
  readonly mean: ArrayLike<number>;
  readonly covariance: Matrix;
}

/**
 * Expected return wᵀμ per bar of weights [A] and means [A]; times the bars of a year it is annual, without compounding.
 * @throws RangeError when lengths differ or a weight is not finite.
 */
export function expectedReturn(weights: ArrayLike<number>, mean: ArrayLike<number>): number {
  checkLength("mean", mean, weights.length);
  checkFinite("weights", weights);
  let total = 0;
  for (let a = 0; a < weights.length; a++) total += weights[a]! * mean[a]!;
  return total;
}

/**
 * Volatility √(wᵀΣw) per bar of weights [A] and a covariance [A,A].
 * @throws RangeError when sizes differ or a weight is not finite.
 */
export function expectedVolatility(weights: ArrayLike<number>, covariance: Matrix): number {
  checkLength("weights", weights, covariance.rows);
  checkFinite("weights", weights);
  return Math.sqrt(Math.max(0, quadraticForm(covariance, weights)));
}

/**
 * Expected return over volatility of weights [A], annualised by √barsPerYear; NaN for a portfolio without risk.
 * @throws RangeError when sizes differ, a weight is not finite, or `barsPerYear` is not positive.
 */
export function expectedSharpe(
  weights: ArrayLike<number>,
  { mean, covariance }: Moments,
  barsPerYear: number,
): number {
  checkPositive("barsPerYear", barsPerYear);
  const volatility = expectedVolatility(weights, covariance);
  return volatility > 0 ? (expectedReturn(weights, mean) / volatility) * Math.sqrt(barsPerYear) : Number.NaN;
}

/**
 * Mean-variance utility wᵀμ − ½ λ wᵀΣw per bar of weights [A]: with λ = 1 the growth of log wealth, to second order.
 * @throws RangeError when sizes differ or a number is not finite.
 */
export function meanVarianceUtility(
  weights: ArrayLike<number>,
  { mean, covariance }: Moments,
  riskAversion: number,
): number {
  checkFinite("riskAversion", [riskAversion]);
  return expectedReturn(weights, mean) - 0.5 * riskAversion * expectedVolatility(weights, covariance) ** 2;
}

/**
 * The diversification ratio Σ |w| σ / √(wᵀΣw) of weights [A] and a covariance [A,A].
 *
 * It is 1 for a single asset, √A for A equal and uncorrelated ones; NaN for a portfolio without risk.
 * @throws RangeError when sizes differ or a weight is not finite.
 * @see Choueifaty & Coignard 2008
 */
export function diversificationRatio(weights: ArrayLike<number>, covariance: Matrix): number {
  const volatility = expectedVolatility(weights, covariance);
  let apart = 0;
  for (let a = 0; a < weights.length; a++) apart += Math.abs(weights[a]!) * Math.sqrt(covariance.get(a, a));
  return volatility > 0 ? apart / volatility : Number.NaN;
}

/**
 * Risk contributions w (Σw) / wᵀΣw, [A]: each asset's share of the variance; they add to 1, and a hedge's is negative.
 * @throws RangeError when sizes differ, a weight is not finite, or the portfolio has no variance.
 */
export function riskContributions(weights: ArrayLike<number>, covariance: Matrix): Float64Array {
  const variance = expectedVolatility(weights, covariance) ** 2;
  checkPositive("variance of the portfolio", variance);
  return Float64Array.from(weights, (w, a) => {
    let product = 0;
    for (let b = 0; b < weights.length; b++) product += covariance.get(a, b) * weights[b]!;
    return (w * product) / variance;
  });
}
