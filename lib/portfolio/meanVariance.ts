/** Long-only portfolios between expected return and variance, exact by a quadratic program; and what doubt does to them. */
import { solveQP } from "quadprog";
import { checkFinite, checkLength, checkPositive } from "../core/axes.js";
import { diagonal, type Matrix } from "../core/linalg.js";

export interface MeanVarianceInput {
  /** [A] expected simple returns. */
  readonly expected: ArrayLike<number>;
  /** [A,A] of the returns, of the same period; may be singular. */
  readonly covariance: Matrix;
  /** λ */
  readonly riskAversion: number;
}

export interface VariationalInput extends MeanVarianceInput {
  /** [A] standard deviations of the expected returns: the doubt about them, not the spread of the returns, which the covariance has. */
  readonly uncertainty: ArrayLike<number>;
  /** κ, what a unit of Σ w u costs besides; 0 unless given. */
  readonly penalty?: number;
}

/**
 * The weights [A], w ≥ 0 and Σw = 1, of greatest w'μ − ½ λ w'Σw.
 *
 * Chapter 328 of the source texts writes λ without the ½: the same portfolio at twice the λ. Where the covariance is singular several
 * portfolios may be best; a ridge of 1e-10 of the mean variance picks one.
 * @throws RangeError when sizes differ, a number is not finite, λ is not positive, or the covariance has no positive diagonal.
 * @see Markowitz 1952; solved by Goldfarb & Idnani 1983
 */
export function meanVariance({ expected, covariance, riskAversion }: MeanVarianceInput): Float64Array {
  checkPositive("riskAversion", riskAversion);
  return longOnly(
    covariance,
    Float64Array.from(expected, (m) => m / riskAversion),
  );
}

/** The weights [A], w ≥ 0 and Σw = 1, of least w'Σw. */
export function minimumVariance(covariance: Matrix): Float64Array {
  return longOnly(covariance, new Float64Array(covariance.rows));
}

/**
 * `meanVariance` with doubt about the expected returns: Σ + diag(u²) in place of Σ, and μ − κu in place of μ.
 *
 * With u = 0, or with κ = 0 and u² already small against the variances, it is the standard problem. A u that holds the spread of the
 * returns themselves counts that spread twice.
 * @throws RangeError as `meanVariance`, or when an uncertainty or κ is negative.
 * @see Garlappi, Uppal & Wang 2007; Klein & Bawa 1976 for the inflated covariance
 */
export function variationalPortfolio(input: VariationalInput): Float64Array {
  const { expected, covariance, riskAversion, uncertainty, penalty = 0 } = input;
  checkLength("uncertainty", uncertainty, covariance.rows);
  checkFinite("uncertainty", uncertainty);
  const negative = Array.from(uncertainty).findIndex((u) => u < 0);
  if (negative >= 0 || !(penalty >= 0))
    throw new RangeError(
      `uncertainty and penalty: expected 0 or more, got ${negative >= 0 ? uncertainty[negative] : penalty}`,
    );
  const inflated = covariance.clone();
  for (let a = 0; a < inflated.rows; a++) inflated.set(a, a, inflated.get(a, a) + uncertainty[a]! ** 2);
  const pessimistic = Float64Array.from(expected, (m, a) => m - penalty * uncertainty[a]!);
  return meanVariance({ expected: pessimistic, covariance: inflated, riskAversion });
}

const RIDGE = 1e-10;

/** Least ½ w'Qw − c'w with w ≥ 0 and Σw = 1. Scaled so that the mean variance is 1. */
function longOnly(covariance: Matrix, linear: Float64Array): Float64Array {
  const size = covariance.rows;
  checkLength("expected", linear, size);
  checkLength("covariance: columns", covariance.getRow(0), size);
  checkFinite("expected", linear);
  checkFinite("covariance", covariance.to1DArray());
  const unit = diagonal(covariance).reduce((a, b) => a + b, 0) / size;
  checkPositive("mean variance", unit);
  // quadprog counts from 1, and takes the equality first
  const quadratic = [[], ...rows(size, (i, j) => covariance.get(i, j) / unit + (i === j ? RIDGE : 0))];
  const limits = [[], ...Array.from({ length: size }, (_, i) => [0, 1, ...unitRow(size, i)])];
  const { solution, message } = solveQP(
    quadratic,
    [0, ...Array.from(linear, (c) => c / unit)],
    limits,
    [0, 1, ...new Array<number>(size).fill(0)],
    1,
  );
  if (message) throw new RangeError(`covariance: expected a positive semidefinite matrix: ${message}`);
  const weights = Float64Array.from({ length: size }, (_, i) => Math.max(0, solution[i + 1]!));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

function rows(size: number, of: (i: number, j: number) => number): number[][] {
  return Array.from({ length: size }, (_, i) => [0, ...Array.from({ length: size }, (_, j) => of(i, j))]);
}

function unitRow(size: number, i: number): number[] {
  return Array.from({ length: size }, (_, j) => (i === j ? 1 : 0));
}
