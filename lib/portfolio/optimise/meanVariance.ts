/** Portfolios between expected return and variance, exact by a quadratic program, also with uncertain expected returns. */
import {
  checkFinite,
  checkLength,
  checkPositive,
  choleskyFlat,
  flatOf,
  type Matrix,
} from "../../core/index.js";
import { feasible, type Limits, largestReturn } from "../constraints/limits.js";
import { settled } from "../constraints/projection.js";
import { type LinearRow, solveQuadraticProgram } from "../solver/quadraticProgram.js";

/** Input of `meanVariance`. */
export interface MeanVarianceInput {
  /** [A] expected simple returns. */
  readonly expected: ArrayLike<number>;
  /** [A,A] of the returns, of the same period; may be singular. */
  readonly covariance: Matrix;
  /** λ */
  readonly riskAversion: number;
  /** Bounds of the weights (default long-only). */
  readonly limits?: Limits;
}

/** Input of `variationalPortfolio`. */
export interface VariationalInput extends MeanVarianceInput {
  /** [A] standard deviations of the expected returns: their standard errors, not the spread of the returns, which the covariance has. */
  readonly uncertainty: ArrayLike<number>;
  /** κ, the cost of a unit of Σ |w| u (default 0). */
  readonly penalty?: number;
  /** True (the default) puts Σ + diag(u²) in place of Σ. */
  readonly inflate?: boolean;
}

/**
 * The weights [A], Σw = 1 and within limits, of greatest wᵀμ − ½ λ wᵀΣw.
 *
 * A formula without the ½ has the same portfolio at twice the λ. Where the covariance is singular several portfolios
 * may be best; one of them is returned.
 * @throws RangeError when sizes differ, a number is not finite, λ is not positive, the covariance is not one, or no portfolio is within limits.
 * @see Markowitz 1952
 */
export function meanVariance({
  expected,
  covariance,
  riskAversion,
  limits,
}: MeanVarianceInput): Float64Array {
  checkPositive("riskAversion", riskAversion);
  const linear = Float64Array.from(expected, (m) => -m / riskAversion);
  checkLength("expected", expected, covariance.rows);
  checkFinite("expected", expected);
  return leastQuadratic(covariance, linear, { limits });
}

/** The weights [A], Σw = 1 and within limits, of least wᵀΣw. @throws RangeError as `meanVariance`. */
export function minimumVariance(covariance: Matrix, limits?: Limits): Float64Array {
  return leastQuadratic(covariance, new Float64Array(covariance.rows), { limits });
}

/**
 * The weights [A] of least variance among those that expect at least `target` per period.
 *
 * At the very largest return, where one portfolio may be all there is, 1e-9 of the largest expected return is let go.
 * @throws RangeError as `meanVariance`, or when no portfolio within limits expects that much.
 */
export function targetReturn(
  { expected, covariance, limits }: Omit<MeanVarianceInput, "riskAversion">,
  target: number,
): Float64Array {
  checkLength("expected", expected, covariance.rows);
  const most = largestReturn(expected, limits);
  if (!(target <= most + 1e-12 * Math.abs(most))) {
    throw new RangeError(`target: expected at most ${most}, the largest return within limits, got ${target}`);
  }
  const unit = Array.from(expected).reduce((all, m) => Math.max(all, Math.abs(m)), Math.abs(target)) || 1;
  const atLeast = {
    coefficients: Float64Array.from(expected, (m) => -m / unit),
    value: -Math.min(target, most - 1e-9 * unit) / unit,
  };
  return leastQuadratic(covariance, new Float64Array(covariance.rows), { limits, atMost: [atLeast] });
}

/**
 * The weights [A] of `meanVariance` with uncertain expected returns: Σ + diag(u²) in place of Σ, and a cost of κ Σ |w| u besides.
 *
 * Without inflation and with κ = 0, or with u = 0, it is the standard problem. A u that holds the spread of the returns
 * themselves counts that spread twice.
 * @throws RangeError as `meanVariance`, when an uncertainty or κ is negative, or for κ > 0 with short positions.
 * @see Garlappi, Uppal & Wang 2007; Klein & Bawa 1976 for the inflated covariance
 */
export function variationalPortfolio(input: VariationalInput): Float64Array {
  const { expected, covariance, riskAversion, uncertainty, penalty = 0, inflate = true, limits } = input;
  checkUncertainty(uncertainty, covariance.rows);
  if (!(penalty >= 0)) throw new RangeError(`penalty: expected 0 or more, got ${penalty}`);
  if (penalty > 0 && limits?.longOnly === false) {
    throw new RangeError("penalty: expected a long-only portfolio, where |w| is w");
  }
  const pessimistic = Float64Array.from(expected, (m, a) => m - penalty * uncertainty[a]!);
  return meanVariance({
    expected: pessimistic,
    covariance: inflate ? inflated(covariance, uncertainty) : covariance,
    riskAversion,
    ...(limits && { limits }),
  });
}

/** Σ + diag(u²): the predictive covariance of returns whose means are known to within independent errors u [A]. */
export function inflated(covariance: Matrix, uncertainty: ArrayLike<number>): Matrix {
  checkUncertainty(uncertainty, covariance.rows);
  const out = covariance.clone();
  for (let a = 0; a < out.rows; a++) out.set(a, a, out.get(a, a) + uncertainty[a]! ** 2);
  return out;
}

/** @throws RangeError unless every entry of `uncertainty` [A] is zero or more. */
export function checkUncertainty(uncertainty: ArrayLike<number>, size: number): void {
  checkLength("uncertainty", uncertainty, size);
  checkFinite("uncertainty", uncertainty);
  for (let a = 0; a < size; a++) {
    if (uncertainty[a]! < 0)
      throw new RangeError(`uncertainty[${a}]: expected 0 or more, got ${uncertainty[a]}`);
  }
}

/** Least ½ wᵀΣw + cᵀw within limits and further rows; rounding beyond a limit is taken back. */
export function leastQuadratic(
  covariance: Matrix,
  linear: Float64Array,
  { limits, atMost = [] }: { readonly limits?: Limits | undefined; readonly atMost?: readonly LinearRow[] },
): Float64Array {
  checkCovariance(covariance);
  const { lower, upper, budget, sectors } = feasible(covariance.rows, limits);
  const found = solveQuadraticProgram({
    ...{ quadratic: covariance, linear, lower, upper },
    equal: [budget],
    atMost: [...sectors, ...atMost],
  });
  return settled(found, limits);
}

/** @throws RangeError unless the matrix is square, finite, symmetric, of positive variances and positive semidefinite. */
export function checkCovariance(covariance: Matrix): void {
  const size = covariance.rows;
  checkLength("covariance: columns", { length: covariance.columns }, size);
  const raised = flatOf(covariance);
  checkFinite("covariance", raised);
  for (let i = 0; i < raised.length; i += size + 1) {
    if (!(raised[i]! > 0)) checkPositive(`covariance[${i % size},${i % size}]`, raised[i]!);
    raised[i]! *= 1 + 1e-9; // rounding may leave an eigenvalue of zero below it
  }
  choleskyFlat(raised, size, "covariance, to be positive semidefinite, with its diagonal raised by 1e-9");
}
