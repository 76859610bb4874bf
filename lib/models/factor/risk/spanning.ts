/** Least-squares spanning: the share of one series that others explain, and the gain of a second set over a first. */
import {
  checkCount,
  checkFinite,
  checkLength,
  cholesky,
  columnVector,
  covariance,
  Matrix,
  mean,
  solveCholesky,
  variance,
} from "../../../core/index.js";

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
 * Least squares of y on regressors with a constant, and the share of the variance that they explain.
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

/** Of a column's variance, what is left by the columns before it counts as rounding below this share. */
const DEPENDENT = 1e-10;

/**
 * The indices, ascending, of the columns that are no linear function of those before them: `spanning` takes these.
 *
 * Long–short portfolios of two or three assets are often one another's mirror image; a column that does not move is left out too.
 * @param columns  F columns [N]
 * @throws RangeError when lengths differ or a number is not finite.
 */
export function independentColumns(columns: readonly ArrayLike<number>[]): number[] {
  const [basis, kept]: [Float64Array[], number[]] = [[], []];
  columns.forEach((x, f) => {
    checkLength(`column ${f}`, x, columns[0]!.length);
    checkFinite(`column ${f}`, x);
    const centre = mean(x);
    const rest = Float64Array.from(x, (value) => value - centre);
    const whole = squared(rest);
    for (const axis of [...basis, ...basis]) {
      const along = rest.reduce((total, value, n) => total + value * axis[n]!, 0);
      axis.forEach((value, n) => {
        rest[n]! -= along * value;
      });
    }
    const left = squared(rest);
    if (!(left > DEPENDENT * whole)) return;
    basis.push(rest.map((value) => value / Math.sqrt(left)));
    kept.push(f);
  });
  return kept;
}

function squared(x: Float64Array): number {
  return x.reduce((total, value) => total + value * value, 0);
}
