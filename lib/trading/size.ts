/**
 * How much to hold: each rule gives a share of equity, signed by its direction, that a cap may cut.
 *
 * Returns are simple, per bar. Variances are of one bar's return.
 */
import { checkFinite, checkLength, checkPositive } from "../core/axes.js";
import { cholesky, columnVector, type Matrix, solveCholesky } from "../core/linalg.js";
import { checkShare } from "./bet.js";

/** What is known of the next return. */
export interface Forecast {
  readonly mean: number;
  /** Variance of the return itself, given the parameters. */
  readonly aleatoric: number;
  /** Variance of `mean` over what is not known of the parameters. */
  readonly epistemic: number;
}

/** The same share whatever the forecast says, on the side of its mean: the baseline. */
export function fixedSize(mean: number, fraction: number): number {
  checkFinite("mean", [mean]);
  checkShare("fraction", fraction);
  return Math.sign(mean) * fraction;
}

/**
 * The share that gives the position the wanted volatility; unsigned, and above 1 when the asset is calm.
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
 * μ / (σ² + τ²): the growth-optimal share when the unknown mean is drawn anew each bar. τ = 0 gives plug-in Kelly.
 *
 * Quadratic approximation, for returns small against 1. Do not shrink the result too: that answers another question.
 * @throws RangeError when the variances are negative or their sum is zero.
 * @see Thorp 2006
 */
export function gaussianKelly(forecast: Forecast): number {
  checkForecast(forecast);
  return forecast.mean / (forecast.aleatoric + forecast.epistemic);
}

/**
 * μ² / (μ² + τ²): the share of plug-in Kelly that maximises expected growth over the error of the estimated mean.
 *
 * `mean` should be the true mean: an estimate in its place makes the answer too large, as E[μ̂²] = μ² + τ².
 * @see Baker & McHale 2013
 */
export function estimationShrinkage(mean: number, epistemic: number): number {
  checkForecast({ mean, aleatoric: 1, epistemic });
  return mean === 0 ? 0 : 1 / (1 + epistemic / mean / mean); // the square alone may vanish
}

/** Plug-in Kelly μ / σ² times `estimationShrinkage`. */
export function shrunkKelly(forecast: Forecast): number {
  return (
    estimationShrinkage(forecast.mean, forecast.epistemic) * gaussianKelly({ ...forecast, epistemic: 0 })
  );
}

/**
 * Expected growth of a bar, nats, of holding `scale` · μ̂ / σ² when μ̂ ~ N(μ, τ²): negative at scale 1 as soon as τ > |μ|.
 * @throws RangeError when the variances are negative, or σ² is zero.
 */
export function growthUnderEstimationError(forecast: Forecast, scale: number): number {
  const { mean, aleatoric, epistemic } = forecast;
  checkForecast(forecast);
  checkPositive("aleatoric", aleatoric);
  checkFinite("scale", [scale]);
  return (scale * mean ** 2) / aleatoric - (scale ** 2 * (mean ** 2 + epistemic)) / (2 * aleatoric);
}

/**
 * sign(μ) · max(0, |μ| − τ) / (σ² + τ²): Kelly for the mean one standard error nearer to zero; flat when τ ≥ |μ|.
 * @throws RangeError when the variances are negative or their sum is zero.
 */
export function pessimisticSize(forecast: Forecast): number {
  const { mean, aleatoric, epistemic } = forecast;
  checkForecast(forecast);
  return (Math.sign(mean) * Math.max(0, Math.abs(mean) - Math.sqrt(epistemic))) / (aleatoric + epistemic);
}

/**
 * Σ⁻¹μ: growth-optimal shares [A] of several assets, with their expected growth ½ μᵀΣ⁻¹μ, nats.
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
  checkShare("fraction", fraction);
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

function checkForecast(forecast: Forecast): void {
  checkFinite("mean", [forecast.mean]);
  for (const name of ["aleatoric", "epistemic"] as const) {
    if (!(forecast[name] >= 0 && Number.isFinite(forecast[name])))
      throw new RangeError(`${name}: expected a variance of zero or more, got ${forecast[name]}`);
  }
  checkPositive("aleatoric + epistemic", forecast.aleatoric + forecast.epistemic);
}
