/** Claimed probabilities against seen shares, at every level between 0 and 1. */
import { checkCount, mean } from "../../core/index.js";
import {
  checkNormalForecasts,
  halfWidth,
  type NormalForecasts,
  probabilityTransform,
  standardisedErrors,
} from "../scores/normalForecasts.js";

/** Claimed and seen probabilities at levels 0 … 1, and their distances. */
export type LevelCalibration = {
  /** [count] claimed probabilities, and the shares that were seen. */
  readonly levels: Float64Array;
  readonly observed: Float64Array;
  readonly meanAbsolute: number;
  readonly rootMeanSquare: number;
  /** Area between the two polygons and the diagonal. */
  readonly area: number;
};

/**
 * Central intervals against the share of values in them, at `count` equally spaced probabilities from 0 to 1, [count].
 * @throws RangeError when a forecast makes no sense, or there are fewer than two levels.
 */
export function intervalCalibration(forecasts: NormalForecasts, count = 100): LevelCalibration {
  const z = standardisedErrors(checkNormalForecasts(forecasts)).map(Math.abs);
  return levelCalibration(count, (level) => share(z, halfWidth(level)));
}

/**
 * Quantiles against the share of values below them, at `count` equally spaced probabilities from 0 to 1, [count].
 * @throws RangeError when a forecast makes no sense, or there are fewer than two levels.
 */
export function quantileCalibration(forecasts: NormalForecasts, count = 100): LevelCalibration {
  return transformCalibration(probabilityTransform(checkNormalForecasts(forecasts)), count);
}

/** The same of any probability integral transforms [N]. */
export function transformCalibration(transform: ArrayLike<number>, count = 100): LevelCalibration {
  return levelCalibration(count, (level) => share(transform, level));
}

/** Σ (level − observed)² over the levels 1/m … 1: equation 9 of Kuleshov, Fenner & Ermon 2018, with weights of 1. */
export function kuleshovError(transform: ArrayLike<number>, levels = 10): number {
  let total = 0;
  for (let i = 1; i <= levels; i++) total += (i / levels - share(transform, i / levels)) ** 2;
  return total;
}

function levelCalibration(count: number, seen: (level: number) => number): LevelCalibration {
  checkCount("count", count, 2);
  const levels = Float64Array.from({ length: count }, (_, i) => i / (count - 1));
  const observed = levels.map(seen);
  const gap = observed.map((value, i) => value - levels[i]!);
  let area = 0;
  for (let i = 1; i < count; i++) {
    const [a, b] = [gap[i - 1]!, gap[i]!];
    const sizes = Math.abs(a) + Math.abs(b);
    area += a * b >= 0 ? sizes / 2 : (a * a + b * b) / (2 * sizes);
  }
  return {
    ...{ levels, observed, area: area / (count - 1) },
    meanAbsolute: mean(gap.map(Math.abs)),
    rootMeanSquare: Math.sqrt(mean(gap.map((g) => g * g))),
  };
}

function share(values: ArrayLike<number>, limit: number): number {
  let count = 0;
  for (let n = 0; n < values.length; n++) if (values[n]! <= limit) count++;
  return count / values.length;
}
