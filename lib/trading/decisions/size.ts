/**
 * Position sizes: each rule gives a weight, a share of equity signed by its direction, that a cap may cut.
 *
 * Returns are simple, over the horizon of the forecast, and variances are of that return. σ² is the aleatoric variance and τ² the model
 * uncertainty, latent + epistemic.
 */

import type { RowMoments } from "../../core/index.js";
import {
  checkFinite,
  checkLength,
  checkPositive,
  cholesky,
  columnVector,
  type Matrix,
  modelUncertainty,
  solveCholesky,
  totalVariance,
} from "../../core/index.js";
import { checkFraction } from "./bet.js";

/**
 * The weight that gives the position the wanted volatility; unsigned, and above 1 when the asset is calm.
 * @param options `annualTarget`: standard deviation of a year; `sd`: that of a bar
 * @throws RangeError when a number is not positive.
 */
export function volatilityTargetSize(options: {
  readonly annualTarget: number;
  readonly sd: number;
  readonly barsPerYear: number;
}): number {
  const { annualTarget, sd, barsPerYear } = options;
  checkPositive("annualTarget", annualTarget);
  checkPositive("sd", sd);
  checkPositive("barsPerYear", barsPerYear);
  return annualTarget / (sd * Math.sqrt(barsPerYear));
}

/**
 * μ / (σ² + τ²): the growth-optimal weight when the unknown mean is drawn anew each bar. τ = 0 gives plug-in Kelly.
 *
 * Quadratic approximation, for returns small against 1. Do not shrink the result too: that answers another question.
 * @throws RangeError when the variances are negative or their sum is zero.
 * @see Thorp 2006
 */
export function gaussianKelly(forecast: RowMoments): number {
  checkMoments(forecast);
  return forecast.mean / totalVariance(forecast);
}

/**
 * μ² / (μ² + τ²): the share of plug-in Kelly that maximises expected growth over the error of the estimated mean.
 *
 * `mean` should be the true mean: an estimate in its place makes the answer too large, as E[μ̂²] = μ² + τ².
 * @param uncertainty  τ², variance of the estimated mean
 * @throws RangeError when a number is not finite or τ² is negative.
 * @see Baker & McHale 2013
 */
export function estimationShrinkage(mean: number, uncertainty: number): number {
  checkMoments({ mean, aleatoric: 1, latent: 0, epistemic: uncertainty });
  return mean === 0 ? 0 : 1 / (1 + uncertainty / mean / mean); // the square alone may vanish
}

/** Plug-in Kelly μ / σ² times `estimationShrinkage`. */
export function shrunkKelly(forecast: RowMoments): number {
  const plugIn = gaussianKelly({ ...forecast, latent: 0, epistemic: 0 });
  return estimationShrinkage(forecast.mean, modelUncertainty(forecast)) * plugIn;
}

/**
 * Expected growth of a bar, nats, of holding `scale` · μ̂ / σ² when μ̂ ~ N(μ, τ²): negative at scale 1 as soon as τ > |μ|.
 * @throws RangeError when the variances are negative, or σ² is zero.
 */
export function growthUnderEstimationError(forecast: RowMoments, scale: number): number {
  const { mean, aleatoric } = forecast;
  checkMoments(forecast);
  checkPositive("aleatoric", aleatoric);
  checkFinite("scale", [scale]);
  const square = mean ** 2 + modelUncertainty(forecast);
  return (scale * mean ** 2) / aleatoric - (scale ** 2 * square) / (2 * aleatoric);
}

/**
 * sign(μ) · max(0, |μ| − cτ) / (σ² + τ²): Kelly for the mean c standard deviations nearer to zero; flat when cτ ≥ |μ|.
 * @param penalty  c, 1 by default: the mean one standard error nearer to zero
 * @throws RangeError when the variances or c are negative, or the variances are zero.
 */
export function pessimisticSize(forecast: RowMoments, penalty = 1): number {
  const { mean } = forecast;
  checkMoments(forecast);
  if (!(penalty >= 0)) throw new RangeError(`penalty: expected zero or more, got ${penalty}`);
  const edge = Math.abs(mean) - penalty * Math.sqrt(modelUncertainty(forecast));
  return (Math.sign(mean) * Math.max(0, edge)) / totalVariance(forecast);
}

/**
 * Σ⁻¹μ: growth-optimal weights [A] of several assets, with their expected growth ½ μᵀΣ⁻¹μ, nats.
 *
 * For uncertain means let Σ include the covariance of their errors. Nothing is capped.
 * @throws RangeError when lengths differ, or the covariance [A,A] is not positive definite.
 */
export function multiKelly(
  mean: ArrayLike<number>,
  covariance: Matrix,
): { readonly sizes: Float64Array; readonly growth: number } {
  checkLength("mean", mean, covariance.rows);
  checkFinite("mean", mean);
  const solution = solveCholesky(cholesky(covariance, "covariance"), columnVector(mean));
  const sizes = Float64Array.from(solution.getColumn(0));
  return { sizes, growth: sizes.reduce((total, f, i) => total + (f * mean[i]!) / 2, 0) };
}

/** A share of a rule's size, such as half Kelly: three quarters of the growth at a quarter of the variance. */
export function fractional(size: number, fraction: number): number {
  checkFinite("size", [size]);
  checkFraction("fraction", fraction);
  return size * fraction;
}

/** A size cut to ±limit. */
export function capped(size: number, limit: number): number {
  checkFinite("size", [size]);
  checkPositive("limit", limit);
  return Math.min(Math.max(size, -limit), limit);
}

/** Sizes [A] scaled down together until Σ|size| ≤ limit; their proportions stay. */
export function cappedGross(sizes: ArrayLike<number>, limit: number): Float64Array {
  checkFinite("sizes", sizes);
  checkPositive("limit", limit);
  const all = Float64Array.from(sizes);
  const gross = all.reduce((total, size) => total + Math.abs(size), 0);
  return gross <= limit ? all : all.map((size) => (size * limit) / gross);
}

function checkMoments(forecast: RowMoments): void {
  checkFinite("mean", [forecast.mean]);
  for (const name of ["aleatoric", "latent", "epistemic"] as const) {
    if (!(forecast[name] >= 0 && Number.isFinite(forecast[name])))
      throw new RangeError(`${name}: expected a variance of zero or more, got ${forecast[name]}`);
  }
  checkPositive("aleatoric + latent + epistemic", totalVariance(forecast));
}
