/** Posteriors of weights as rows of a table. */
import { checkPositive } from "../../../core/index.js";
import type { WeightPosterior } from "./forecastReturns.js";

/** One method: its name, mean and standard deviation of each chosen weight, and the correlation of the first two. */
export type PosteriorRow = Record<string, string | number> & { method: string };

/**
 * A row a posterior: "mean of NAME" and "sd of NAME" for each chosen weight, and the correlation of the first two.
 * @param posteriors  by method
 * @param weights     name → index of the weight, such as { w1: 0, w2: 1 }
 * @throws RangeError when an index is no weight of a posterior.
 */
export function posteriorRows(
  posteriors: Readonly<Record<string, WeightPosterior>>,
  weights: Readonly<Record<string, number>>,
): PosteriorRow[] {
  const chosen = Object.entries(weights);
  return Object.entries(posteriors).map(([method, { mean, covariance }]) => {
    const row: PosteriorRow = { method };
    for (const [name, i] of chosen) {
      if (!(i >= 0 && i < mean.length))
        throw new RangeError(`${name}: expected one of ${mean.length} weights, got ${i}`);
      row[`mean of ${name}`] = mean[i]!;
      row[`sd of ${name}`] = Math.sqrt(covariance.get(i, i));
    }
    const [i, j] = chosen.map(([, index]) => index);
    if (i === undefined || j === undefined) return row;
    return {
      ...row,
      correlation: covariance.get(i, j) / Math.sqrt(covariance.get(i, i) * covariance.get(j, j)),
    };
  });
}

/**
 * Standard deviation of each weight over that of a reference, [P].
 * @throws RangeError when a variance of the reference is not positive.
 */
export function sdRatios(posterior: WeightPosterior, reference: WeightPosterior): number[] {
  return Array.from(reference.mean, (_, i) => {
    const variance = reference.covariance.get(i, i);
    checkPositive(`variance ${i} of the reference`, variance);
    return Math.sqrt(posterior.covariance.get(i, i) / variance);
  });
}
