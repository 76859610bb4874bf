/** What a portfolio is worth by its moments: pure functions of weights, to be reported or to be maximised. */

import type { Matrix } from "../../core/index.js";
import { checkFinite, checkLength, checkPositive, quadraticForm } from "../../core/index.js";

/** Moments of the assets' returns per bar: mean [A], covariance [A,A]. */
export interface Moments {
  readonly mean: ArrayLike<number>;
  readonly covariance: Matrix;
}

/** wᵀμ per bar; times the bars of a year it is annual, without compounding. */
export function expectedReturn(weights: ArrayLike<number>, mean: ArrayLike<number>): number {
  checkLength("mean", mean, weights.length);
  checkFinite("weights", weights);
  let total = 0;
  for (let a = 0; a < weights.length; a++) total += weights[a]! * mean[a]!;
  return total;
}

/** √(wᵀΣw) per bar. */
export function expectedVolatility(weights: ArrayLike<number>, covariance: Matrix): number {
  checkLength("weights", weights, covariance.rows);
  checkFinite("weights", weights);
  return Math.sqrt(Math.max(0, quadraticForm(covariance, weights)));
}

/** Expected return over volatility, annualised by √barsPerYear; NaN for a portfolio without risk. */
export function expectedSharpe(
  weights: ArrayLike<number>,
  { mean, covariance }: Moments,
  barsPerYear: number,
): number {
  checkPositive("barsPerYear", barsPerYear);
  const volatility = expectedVolatility(weights, covariance);
  return volatility > 0 ? (expectedReturn(weights, mean) / volatility) * Math.sqrt(barsPerYear) : Number.NaN;
}

/** wᵀμ − ½ λ wᵀΣw per bar: with λ = 1 the growth of log wealth, to second order. */
export function meanVarianceUtility(
  weights: ArrayLike<number>,
  { mean, covariance }: Moments,
  riskAversion: number,
): number {
  checkFinite("riskAversion", [riskAversion]);
  return expectedReturn(weights, mean) - 0.5 * riskAversion * expectedVolatility(weights, covariance) ** 2;
}

/**
 * Σ |w| σ / √(wᵀΣw): 1 for a single asset, √A for A equal and uncorrelated ones; NaN for a portfolio without risk.
 * @see Choueifaty & Coignard 2008
 */
export function diversificationRatio(weights: ArrayLike<number>, covariance: Matrix): number {
  const volatility = expectedVolatility(weights, covariance);
  let apart = 0;
  for (let a = 0; a < weights.length; a++) apart += Math.abs(weights[a]!) * Math.sqrt(covariance.get(a, a));
  return volatility > 0 ? apart / volatility : Number.NaN;
}

/** w (Σw) / wᵀΣw, [A]: each asset's share of the variance; they add to 1, and a hedge's is negative. */
export function riskContributions(weights: ArrayLike<number>, covariance: Matrix): Float64Array {
  const variance = expectedVolatility(weights, covariance) ** 2;
  checkPositive("variance of the portfolio", variance);
  return Float64Array.from(weights, (w, a) => {
    let product = 0;
    for (let b = 0; b < weights.length; b++) product += covariance.get(a, b) * weights[b]!;
    return (w * product) / variance;
  });
}
