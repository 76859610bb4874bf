/** Portfolios of greatest ratio: reward over risk, or risk apart over risk together. */
import { checkFinite, checkLength, diagonal, type Matrix, sum } from "../../core/index.js";
import { feasible, type Limits, largestReturn } from "../constraints/limits.js";
import { settled } from "../constraints/projection.js";
import { type LinearRow, solveQuadraticProgram } from "../solver/quadraticProgram.js";
import { checkCovariance } from "./meanVariance.js";

/** Input of `maximumSharpe`. */
export interface SharpeInput {
  /** [A] expected simple returns. */
  readonly expected: ArrayLike<number>;
  /** [A,A] of the returns, of the same period; may be singular. */
  readonly covariance: Matrix;
  /** Return of cash over the same period (default 0). */
  readonly riskFree?: number;
  /** Bounds of the weights (default long-only). */
  readonly limits?: Limits;
}

/**
 * The weights [A], Σw = 1 and within limits, of greatest (wᵀμ − r) / √(wᵀΣw).
 * @throws RangeError when sizes differ, a number is not finite, or no portfolio within limits expects more than cash.
 * @see Charnes & Cooper 1962 for the change of variables
 */
export function maximumSharpe({ expected, covariance, riskFree = 0, limits }: SharpeInput): Float64Array {
  checkLength("expected", expected, covariance.rows);
  const excess = Float64Array.from(expected, (m) => m - riskFree);
  const most = largestReturn(excess, limits);
  if (!(most > 0))
    throw new RangeError(`expected: no portfolio within limits earns more than cash, the best ${most}`);
  return greatestRatio(covariance, excess, limits);
}

/**
 * The weights [A], Σw = 1 and within limits, of greatest Σ w σ / √(wᵀΣw).
 * @throws RangeError when the covariance is not one, or no portfolio is within limits.
 * @see Choueifaty & Coignard 2008
 */
export function maximumDiversification(covariance: Matrix, limits?: Limits): Float64Array {
  if (limits?.longOnly === false)
    throw new RangeError("longOnly: expected a long-only portfolio, where |w| is w");
  return greatestRatio(covariance, diagonal(covariance).map(Math.sqrt), limits);
}

/** Greatest wᵀa / √(wᵀΣw): the y of least yᵀΣy with yᵀa = 1 that a multiple of an allowed portfolio can be, over its sum. */
function greatestRatio(covariance: Matrix, reward: Float64Array, limits?: Limits): Float64Array {
  checkCovariance(covariance);
  checkFinite("expected", reward);
  const size = covariance.rows;
  const { lower, upper, sectors } = feasible(size, limits);
  const most = largestReturn(reward, limits);
  const unit = Number.isFinite(most)
    ? most
    : reward.reduce((all, value) => Math.max(all, Math.abs(value)), 0);
  const longOnly = limits?.longOnly ?? true;
  const y = solveQuadraticProgram({
    ...{ quadratic: covariance, linear: new Float64Array(size) },
    lower: new Float64Array(size).fill(longOnly ? 0 : Number.NEGATIVE_INFINITY),
    upper: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
    equal: [{ coefficients: reward.map((value) => value / unit), value: 1 }],
    atMost: [
      ...(longOnly ? [] : [{ coefficients: new Float64Array(size).fill(-1), value: 0 }]),
      ...boundsOfMultiples(upper, 1, 1),
      ...boundsOfMultiples(longOnly ? [] : lower, -1, Number.NEGATIVE_INFINITY),
      ...sectors.map(({ coefficients, value }) => ({
        coefficients: coefficients.map((c) => c - value),
        value: 0,
      })),
    ],
  });
  const total = sum(y);
  if (!(total > 1e-9 * y.reduce((most, value) => most + Math.abs(value), 0))) {
    throw new RangeError("weights: expected a sum above 0, the best ratio has as much short as long");
  }
  return settled(
    y.map((value) => value / total),
    limits,
  );
}

/** sign · y ≤ |bound| Σy, for the bounds that are finite and not `idle` anyway. */
function boundsOfMultiples(bounds: ArrayLike<number>, sign: number, idle: number): LinearRow[] {
  const rows: LinearRow[] = [];
  for (let a = 0; a < bounds.length; a++) {
    const bound = bounds[a]!;
    if (!Number.isFinite(bound) || bound === idle) continue;
    const coefficients = new Float64Array(bounds.length).fill(-sign * bound);
    coefficients[a]! += sign;
    rows.push({ coefficients, value: 0 });
  }
  return rows;
}
