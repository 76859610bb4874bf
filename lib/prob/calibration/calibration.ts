/** Calibration of probabilities. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkCount, checkLength, checkPositive } from "../../core/index.js";
import { normalDensity, normalLogDensity } from "../distributions/gaussian.js";
import { equalCountGroups } from "./bins.js";

/** Forecasts of similar probability, and how often they came true. */
export interface CalibrationBin {
  /** Mean predicted probability. */
  readonly predicted: number;
  readonly observed: number;
  /** Where `observed` lies 95 times of 100 when the forecasts are calibrated. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/**
 * Forecasts sorted by probability and cut into `bins` of about equal count, each with its consistency interval.
 *
 * Equal probabilities share a bin, so that the order of the rows is nothing to the table: there may be fewer bins. The interval is
 * that of a sum of independent Bernoulli(p) by the normal approximation.
 * @param probability  [N] in [0, 1]
 * @param outcome      [N] 0 or 1
 * @throws RangeError when lengths differ, a probability is not in [0, 1], or there are fewer forecasts than bins.
 * @see Bröcker & Smith 2007
 */
export function reliabilityTable(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
  bins: number,
): CalibrationBin[] {
  checkForecasts(probability, outcome);
  checkCount("bins", bins);
  checkCount("forecasts", probability.length, bins);
  return equalCountGroups(probability, bins).map((rows) => {
    const average = (f: (n: number) => number) => rows.reduce((total, n) => total + f(n), 0) / rows.length;
    const predicted = average((n) => probability[n]!);
    const half = 1.96 * Math.sqrt(average((n) => probability[n]! * (1 - probability[n]!)) / rows.length);
    return {
      predicted,
      observed: average((n) => outcome[n]!),
      low: Math.max(0, predicted - half),
      high: Math.min(1, predicted + half),
      count: rows.length,
    };
  });
}

/**
 * Mean of (probability − outcome)² over probabilities [N] and outcomes [N], half of the two-class Brier score.
 * @throws RangeError when lengths differ, or a probability is not in [0, 1].
 */
export function brierScore(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  checkForecasts(probability, outcome);
  let total = 0;
  for (let n = 0; n < probability.length; n++) total += (probability[n]! - outcome[n]!) ** 2;
  return total / probability.length;
}

/**
 * Share of values [N] inside [lower, upper], [N] each, both ends included.
 * @throws RangeError when lengths differ.
 */
export function coverage(
  value: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  checkLength("lower", lower, value.length);
  checkLength("upper", upper, value.length);
  let inside = 0;
  for (let n = 0; n < value.length; n++) if (value[n]! >= lower[n]! && value[n]! <= upper[n]!) inside++;
  return inside / value.length;
}

/**
 * Negative log likelihood of the forecast N(mean, sd²) at x, in nats, normalised.
 *
 * Of a mixture of draws it is not the score: average the draws' densities first.
 * @throws RangeError when `sd` is not positive.
 */
export function nllNormal(x: number, mean: number, sd: number): number {
  checkPositive("sd", sd);
  return -normalLogDensity(x, mean, sd);
}

/**
 * Continuous ranked probability score of N(mean, sd²) at x, in the unit of x.
 * @throws RangeError when `sd` is not positive.
 * @see Gneiting & Raftery 2007, equation 21
 */
export function crpsNormal(x: number, mean: number, sd: number): number {
  checkPositive("sd", sd);
  const z = Math.abs(x - mean) / sd;
  const near = z < 40 ? 2 * (normalDensity(z, 0, 1) - z * normalCdf(-z, 0, 1)) : 0; // beyond, nothing is left of it
  return Math.abs(x - mean) + sd * (near - 1 / Math.sqrt(Math.PI));
}

function checkForecasts(probability: ArrayLike<number>, outcome: ArrayLike<number>): void {
  checkLength("outcome", outcome, probability.length);
  for (let n = 0; n < probability.length; n++) {
    if (!(probability[n]! >= 0 && probability[n]! <= 1)) {
      throw new RangeError(`probability[${n}]: expected a number in [0, 1], got ${probability[n]}`);
    }
    if (outcome[n] !== 0 && outcome[n] !== 1)
      throw new RangeError(`outcome[${n}]: expected 0 or 1, got ${outcome[n]}`);
  }
}
