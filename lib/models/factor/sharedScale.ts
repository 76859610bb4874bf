/** Fat tails that all assets share: a factor model whose every row is multiplied by one random scale, x = s · (f(z) + e). */
import {
  checkCount,
  checkLength,
  checkPositive,
  fold,
  integers,
  type Key,
  logSumExp,
  sum,
} from "../../core/index.js";
import { type LinearFactors, linearFactorLogLikelihood } from "./linear/factorAnalysis.js";

/** A discrete distribution of the scale s. */
export interface SharedScale {
  /** [J] ascending. */
  readonly scales: Float64Array;
  /** [J] probabilities. */
  readonly weights: Float64Array;
}

/** log p(x / s) of each row of [N,A] at each of the scales, nats: [N] of [J]. */
export type ScaleDensities = (x: Float64Array, scales: Float64Array) => Float64Array[];

/** Of the linear model, exactly: the logarithm is a polynomial of second degree in 1/s, so three values give all. */
export function linearScaleDensities(model: LinearFactors): ScaleDensities {
  return (x, scales) => {
    const above = linearFactorLogLikelihood(model, x);
    const below = linearFactorLogLikelihood(
      model,
      x.map((value) => -value),
    );
    const zero = linearFactorLogLikelihood(model, new Float64Array(model.centre.length))[0]!;
    return Array.from(above, (log, n) => {
      const [square, slope] = [(log + below[n]!) / 2 - zero, (log - below[n]!) / 2];
      return scales.map((s) => zero + slope / s + square / s ** 2);
    });
  };
}

/** Of any density: it is asked once for each scale. @param density  log p(x) of each row, [N] */
export function scaleDensities(density: (x: Float64Array) => Float64Array): ScaleDensities {
  return (x, scales) => {
    const at = Array.from(scales, (s) => density(x.map((value) => value / s)));
    return Array.from(at[0]!, (_, n) => Float64Array.from(at, (logs) => logs[n]!));
  };
}

/** 15 scales from a quarter to eight, equally far apart in the logarithm. */
const GRID = Float64Array.from({ length: 15 }, (_, j) => 0.25 * 32 ** (j / 14));

const LEAST_WEIGHT = 1e-3;

/**
 * The distribution of the scale of greatest likelihood, by expectation–maximisation over its probabilities on a grid.
 * @param x       [N,A] row-major
 * @param sweeps  of the algorithm, 200 by default
 * @throws RangeError when the rows are not whole or a scale is not positive.
 * @see Laird 1978 on mixing distributions of greatest likelihood
 */
export function fitSharedScale(
  densities: ScaleDensities,
  x: Float64Array,
  columns: number,
  { scales = GRID, sweeps = 200 }: { readonly scales?: Float64Array; readonly sweeps?: number } = {},
): SharedScale {
  const likelihoods = logDensities(densities, x, columns, scales).map((row) => {
    const largest = row.reduce((a, b) => Math.max(a, b));
    return row.map((log) => Math.exp(log - largest));
  });
  let weights: Float64Array = new Float64Array(scales.length).fill(1 / scales.length);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const next = new Float64Array(scales.length);
    for (const row of likelihoods) {
      let total = 0;
      for (let j = 0; j < row.length; j++) total += row[j]! * weights[j]!;
      for (let j = 0; j < row.length; j++) next[j]! += (row[j]! * weights[j]!) / total / likelihoods.length;
    }
    weights = next;
  }
  return support({ scales, weights });
}

/** The scales whose probability is not negligible: of greatest likelihood are few of them. */
function support({ scales, weights }: SharedScale): SharedScale {
  const kept = Array.from(weights.keys()).filter((j) => weights[j]! > LEAST_WEIGHT);
  const total = sum(kept.map((j) => weights[j]!));
  return {
    scales: Float64Array.from(kept, (j) => scales[j]!),
    weights: Float64Array.from(kept, (j) => weights[j]! / total),
  };
}

/**
 * The log likelihood log p(x) of each row of x [N,columns] under a random scale, nats: [N].
 * @throws RangeError when x is not whole rows or a scale is not positive.
 */
export function sharedScaleLogLikelihood(
  densities: ScaleDensities,
  x: Float64Array,
  columns: number,
  { scales, weights }: SharedScale,
): Float64Array {
  return Float64Array.from(logDensities(densities, x, columns, scales), (row) =>
    logSumExp(row.map((log, j) => log + Math.log(weights[j]!))),
  );
}

/**
 * The scale of each row that a refit divides by, E[s⁻² | x]^(−1/2): [N].
 *
 * For a linear model the fit to the divided rows is the step of expectation–maximisation.
 * @param x  [N,columns] row-major
 * @throws RangeError when x is not whole rows or a scale is not positive.
 */
export function expectedScales(
  densities: ScaleDensities,
  x: Float64Array,
  columns: number,
  { scales, weights }: SharedScale,
): Float64Array {
  return Float64Array.from(logDensities(densities, x, columns, scales), (row) => {
    const precision = responsibilities(row, weights).map((r, j) => r / scales[j]! ** 2);
    return 1 / Math.sqrt(sum(precision));
  });
}

/**
 * Draws of the scale, [count].
 * @throws RangeError when the count is not a positive integer.
 */
export function drawScales({ scales, weights }: SharedScale, count: number, key: Key): Float64Array {
  checkCount("count", count);
  const fine = 1 << 20;
  const cumulated = weights.map((_, j) => sum(weights.subarray(0, j + 1)));
  return Float64Array.from(integers(fold(key, "scale"), count, fine), (u) => {
    const at = cumulated.findIndex((end) => (u + 0.5) / fine <= end);
    return scales[at < 0 ? scales.length - 1 : at]!;
  });
}

/** Rows of [N,A] over their scales [N]. */
export function overScales(x: Float64Array, columns: number, scales: ArrayLike<number>): Float64Array {
  checkLength("scales", scales, x.length / columns);
  return x.map((value, i) => value / scales[Math.floor(i / columns)]!);
}

/** [N] rows of [J]: log of the density at each scale, the change of variables included. */
function logDensities(
  densities: ScaleDensities,
  x: Float64Array,
  columns: number,
  scales: Float64Array,
): Float64Array[] {
  checkCount("rows", x.length / columns);
  scales.forEach((s, j) => {
    checkPositive(`scale ${j}`, s);
  });
  return densities(x, scales).map((row) => row.map((log, j) => log - columns * Math.log(scales[j]!)));
}

function responsibilities(logs: Float64Array, weights: Float64Array): Float64Array {
  const joint = logs.map((log, j) => log + Math.log(weights[j]!));
  const total = logSumExp(joint);
  return joint.map((log) => Math.exp(log - total));
}
