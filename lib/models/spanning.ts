/** How much of one series others explain, and what a second set adds to a first. */
import { checkCount, checkFinite, checkLength } from "../core/axes.js";
import { cholesky, columnVector, Matrix, solveCholesky } from "../core/linalg.js";
import { covariance, mean, variance } from "../core/stats.js";

/** Least squares with a constant. */
export interface Spanning {
  readonly intercept: number;
  /** [F] */
  readonly coefficients: Float64Array;
  /** Share of the variance explained, in the sample; more regressors never lower it. */
  readonly rSquared: number;
  /** The same with degrees of freedom counted: chance adds nothing on average. */
  readonly adjusted: number;
}

/**
 * @param y           [N]
 * @param regressors  F columns [N]
 * @throws RangeError when lengths differ, a number is not finite, or columns are linearly dependent.
 */
export function spanning(y: ArrayLike<number>, regressors: readonly ArrayLike<number>[]): Spanning {
  checkCount("regressors", regressors.length);
  checkCount("rows", y.length, regressors.length + 2);
  checkFinite("y", y);
  regressors.forEach((x, f) => {
    checkLength(`regressor ${f}`, x, y.length);
    checkFinite(`regressor ${f}`, x);
  });
  const moments = new Matrix(regressors.map((a) => regressors.map((b) => covariance(a, b))));
  const shared = regressors.map((x) => covariance(x, y));
  const found = solveCholesky(cholesky(moments, "covariance of the regressors"), columnVector(shared));
  const coefficients = Float64Array.from(found.to1DArray());
  const explained = coefficients.reduce((total, b, f) => total + b * shared[f]!, 0);
  const rSquared = explained / variance(y);
  const free = (y.length - 1) / (y.length - 1 - regressors.length);
  return {
    intercept: mean(y) - coefficients.reduce((total, b, f) => total + b * mean(regressors[f]!), 0),
    coefficients,
    rSquared,
    adjusted: 1 - (1 - rSquared) * free,
  };
}
