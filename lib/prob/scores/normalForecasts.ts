/** Scores of forecasts N(mean, sd²): proper scores, calibration of their quantiles, sharpness. */
import {
  mean as average,
  checkFinite,
  checkLength,
  checkPositive,
  rootMeanSquare,
  variance,
} from "../../core/index.js";
import { coverage, crpsNormal, nllNormal } from "../calibration/calibration.js";
import { normalProbability, normalQuantile } from "../distributions/gaussian.js";

/** Normal forecasts of N rows with the values that came; arrays are [N] in the unit of the target. */
export interface NormalForecasts {
  readonly mean: ArrayLike<number>;
  readonly sd: ArrayLike<number>;
  /** The values that came. */
  readonly value: ArrayLike<number>;
}

/**
 * The forecasts, checked.
 * @throws RangeError when lengths differ, a number is not finite or a standard deviation is not positive.
 */
export function checkNormalForecasts(forecasts: NormalForecasts): NormalForecasts {
  const { mean, sd, value } = forecasts;
  checkLength("sd", sd, mean.length);
  checkLength("value", value, mean.length);
  checkFinite("mean", mean);
  checkFinite("value", value);
  for (let n = 0; n < sd.length; n++) checkPositive(`sd[${n}]`, sd[n]!);
  return forecasts;
}

/** (value − mean) / sd, [N]. */
export function standardisedErrors({ mean, sd, value }: NormalForecasts): Float64Array {
  return Float64Array.from({ length: value.length }, (_, n) => (value[n]! - mean[n]!) / sd[n]!);
}

/** Probability integral transform, [N]: uniform on (0, 1) when the forecasts are calibrated. */
export function probabilityTransform(forecasts: NormalForecasts): Float64Array {
  return standardisedErrors(forecasts).map((z) => normalProbability(z, 0, 1));
}

/** Scores of normal forecasts, means over the rows except where a line says otherwise. */
export type NormalScores = {
  /** Nats. */
  readonly nll: number;
  readonly crps: number;
  /** Pinball loss, averaged over the levels 0.01 … 0.99. */
  readonly pinball: number;
  /** Interval score, averaged over the central intervals of probability 0.01 … 0.99. */
  readonly interval: number;
  /** √ mean sd²: never show calibration without it. */
  readonly sharpness: number;
  readonly rootMeanSquareError: number;
  /** Variance of the standardised errors, divisor N: 1 when calibrated, more when over-confident. */
  readonly standardisedVariance: number;
  /** Width of the central 90 % interval. */
  readonly width90: number;
  /** Largest distance between the distribution of the transforms and the uniform one. */
  readonly transformDistance: number;
};

/**
 * Proper scores and sharpness of normal forecasts.
 * @throws RangeError when lengths differ, a number is not finite or a standard deviation is not positive.
 * @see Gneiting & Raftery 2007, equations 21 and 43
 */
export function normalScores(forecasts: NormalForecasts): NormalScores {
  const { mean, sd, value } = checkNormalForecasts(forecasts);
  const over = (f: (n: number) => number) =>
    average(Float64Array.from({ length: value.length }, (_, n) => f(n)));
  const levels = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  return {
    nll: over((n) => nllNormal(value[n]!, mean[n]!, sd[n]!)),
    crps: over((n) => crpsNormal(value[n]!, mean[n]!, sd[n]!)),
    pinball: average(levels.map((level) => pinballOfNormal(forecasts, level))),
    interval: average(levels.map((level) => intervalScoreOfNormal(forecasts, level))),
    sharpness: rootMeanSquare(sd),
    rootMeanSquareError: rootMeanSquare(Float64Array.from(value, (y, n) => y - mean[n]!)),
    standardisedVariance: variance(standardisedErrors(forecasts), 0),
    width90: 2 * halfWidth(0.9) * over((n) => sd[n]!),
    transformDistance: uniformDistance(probabilityTransform(forecasts)),
  };
}

/** Mean pinball loss of the quantiles at `level`. */
export function pinballLoss(value: ArrayLike<number>, quantile: ArrayLike<number>, level: number): number {
  checkLength("quantile", quantile, value.length);
  checkLevel(level);
  let total = 0;
  for (let n = 0; n < value.length; n++) {
    const error = value[n]! - quantile[n]!;
    total += Math.max(level * error, (level - 1) * error);
  }
  return total / value.length;
}

/** Mean interval score of intervals that claim probability `level`: width, and 2 / (1 − level) times what lies outside. */
export function intervalScore(
  value: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  level: number,
): number {
  checkLength("lower", lower, value.length);
  checkLength("upper", upper, value.length);
  checkLevel(level);
  let total = 0;
  for (let n = 0; n < value.length; n++) {
    const outside = Math.max(lower[n]! - value[n]!, 0) + Math.max(value[n]! - upper[n]!, 0);
    total += upper[n]! - lower[n]! + (2 / (1 - level)) * outside;
  }
  return total / value.length;
}

/** The central interval of probability `level` of each forecast. */
export function centralIntervals(
  { mean, sd }: Pick<NormalForecasts, "mean" | "sd">,
  level: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } {
  checkLevel(level);
  const half = halfWidth(level);
  return {
    lower: Float64Array.from(mean, (m, n) => m - half * sd[n]!),
    upper: Float64Array.from(mean, (m, n) => m + half * sd[n]!),
  };
}

/**
 * Share of the values inside the central interval of probability `level`.
 * @throws RangeError when a forecast makes no sense or the level is not in (0, 1).
 */
export function normalCoverage(forecasts: NormalForecasts, level: number): number {
  const { lower, upper } = centralIntervals(checkNormalForecasts(forecasts), level);
  return coverage(forecasts.value, lower, upper);
}

function pinballOfNormal({ mean, sd, value }: NormalForecasts, level: number): number {
  const z = normalQuantile(level, 0, 1);
  return pinballLoss(
    value,
    Float64Array.from(mean, (m, n) => m + z * sd[n]!),
    level,
  );
}

function intervalScoreOfNormal(forecasts: NormalForecasts, level: number): number {
  const { lower, upper } = centralIntervals(forecasts, level);
  return intervalScore(forecasts.value, lower, upper, level);
}

/** Half the width of the central interval of probability `level`, in standard deviations. */
export function halfWidth(level: number): number {
  return normalQuantile(0.5 + level / 2, 0, 1);
}

/** Kolmogorov's distance to the uniform distribution. */
function uniformDistance(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted.reduce((most, u, i) => Math.max(most, u - i / sorted.length, (i + 1) / sorted.length - u), 0);
}

function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number in (0, 1), got ${level}`);
}
