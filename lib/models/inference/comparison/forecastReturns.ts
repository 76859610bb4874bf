/** The posterior of regression weights as a forecast of returns, which sizes and backtests take. */
import { type Forecast, type Matrix, normalForecast } from "../../../core/index.js";
import { predictLinear } from "../exact/conjugate.js";

/** A Gaussian over regression weights, exact or approximate, in units of the scaled target. */
export interface WeightPosterior {
  readonly mean: ArrayLike<number>;
  readonly covariance: Matrix;
}

/** Rows to predict, such as a part of `features.regressionDataset`. Arrays are [N]. */
export interface ScaledRows {
  /** [N,F] row-major */
  readonly x: Float64Array;
  /** Log return of a unit of the target. */
  readonly scale: Float64Array;
  readonly asset: Uint16Array;
  readonly decidedAt: Float64Array;
  /** [A] */
  readonly symbols: readonly string[];
}

/**
 * The predictive normal of each row's log return: mean x·m, epistemic variance xᵀSx and aleatoric variance `noiseVar`, times the
 * row's scale or its square.
 * @throws RangeError when lengths disagree or a number is not finite.
 */
export function forecastReturns(posterior: WeightPosterior, noiseVar: number, rows: ScaledRows): Forecast {
  const { mean, covariance } = posterior;
  const { scale, asset, decidedAt, symbols } = rows;
  const scaled = predictLinear({ mean, covariance, noiseVar }, rows.x);
  return normalForecast(
    {
      mean: scaled.mean.map((m, n) => m * scale[n]!),
      epistemic: scaled.epistemic.map((v, n) => v * scale[n]! ** 2),
      aleatoric: scale.map((s) => noiseVar * s * s),
      latent: new Float64Array(scale.length),
    },
    { asset, decidedAt, names: symbols },
  );
}
