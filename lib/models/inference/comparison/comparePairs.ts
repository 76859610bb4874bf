/** Posteriors of two correlated weights by every method, beside the exact one. */
import { fold, fromRows, type Key, type Matrix } from "../../../core/index.js";
import { gaussianTarget } from "../exact/target.js";
import { compareMethods, type PosteriorEstimate } from "./compareMethods.js";
import type { WeightPosterior } from "./forecastReturns.js";

/** A Gaussian posterior of two weights with its precision. */
export interface PairPosterior {
  /** [2] */
  readonly mean: Float64Array;
  /** [2,2] */
  readonly covariance: Matrix;
  /** [2,2] the inverse of the covariance */
  readonly precision: Matrix;
}

/** One posterior of two weights by every method. */
export interface PairComparison {
  readonly rho: number;
  /** By name: "exact", "full rank" and "mean field". */
  readonly posteriors: Readonly<Record<string, WeightPosterior>>;
  readonly meanField: PosteriorEstimate;
  /** Draws of both weights by HMC. */
  readonly draws: { readonly name: string; readonly of: readonly Float64Array[] };
}

/**
 * The posterior of two weights with mean 0, variance 1 and correlation −rho: what two inputs of correlation rho lead to.
 * @throws RangeError when rho is not in (−1, 1).
 */
export function pairPosterior(rho: number): PairPosterior {
  if (!(Math.abs(rho) < 1)) throw new RangeError(`rho: expected a number in (−1, 1), got ${rho}`);
  const covariance = fromRows([
    [1, -rho],
    [-rho, 1],
  ]);
  const precision = fromRows([
    [1, rho],
    [rho, 1],
  ]).div(1 - rho ** 2);
  return { mean: new Float64Array(2), covariance, precision };
}

/**
 * The posterior of each correlation by every method, from a key of its own, [N].
 * @param rhos  [N]
 * @throws RangeError as `pairPosterior`.
 */
export function comparePairs(rhos: readonly number[], key: Key): PairComparison[] {
  return rhos.map((rho) => {
    const exact = pairPosterior(rho);
    const target = gaussianTarget(exact.mean, exact.precision);
    const { meanField, fullRank, hmc } = compareMethods(target, { key: fold(key, `${rho}`) });
    const posteriors = { exact, "full rank": fullRank, "mean field": meanField };
    return { rho, posteriors, meanField, draws: { name: "HMC", of: hmc.draws } };
  });
}
