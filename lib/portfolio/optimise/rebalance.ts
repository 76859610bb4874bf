/** Mean-variance portfolios that pay to get where they are going. */
import { checkFinite, checkLength, checkPositive, Matrix } from "../../core/index.js";
import { feasible } from "../constraints/limits.js";
import { settled } from "../constraints/projection.js";
import { type LinearRow, solveQuadraticProgram } from "../solver/quadraticProgram.js";
import { checkCovariance, type MeanVarianceInput } from "./meanVariance.js";

export interface RebalanceInput extends MeanVarianceInput {
  /** [A] weights held before. */
  readonly previous: ArrayLike<number>;
  /** Cost of a unit of turnover, such as 0.001 for 10 basis points. */
  readonly cost: number;
  /** Σ |w − previous| that may not be exceeded; default none. */
  readonly maxTurnover?: number;
}

/**
 * The weights [A], Σw = 1 and within limits, of greatest wᵀμ − ½ λ wᵀΣw − cost · Σ |w − previous|.
 * @throws RangeError as `meanVariance`, when the cost is negative, or when the limits cannot be reached with that turnover.
 */
export function rebalancedPortfolio(input: RebalanceInput): Float64Array {
  const { expected, covariance, riskAversion, previous, cost, limits, maxTurnover } = input;
  const size = covariance.rows;
  checkCovariance(covariance);
  checkPositive("riskAversion", riskAversion);
  checkLength("expected", expected, size);
  checkFinite("expected", expected);
  checkLength("previous", previous, size);
  checkFinite("previous", previous);
  if (!(cost >= 0)) throw new RangeError(`cost: expected 0 or more, got ${cost}`);
  if (maxTurnover !== undefined) checkReachable(input, maxTurnover);
  const quadratic = Matrix.zeros(2 * size, 2 * size).setSubMatrix(Matrix.mul(covariance, riskAversion), 0, 0);
  const linear = new Float64Array(2 * size).fill(cost);
  for (let a = 0; a < size; a++) linear[a] = -expected[a]!;
  const solved = traded(input, { quadratic, linear, maxTurnover });
  return settled(solved.slice(0, size), limits);
}

interface Objective {
  readonly quadratic: Matrix;
  readonly linear: Float64Array;
  readonly maxTurnover?: number | undefined;
}

/** Weights and trades [2A]: a trade is at least |w − previous|, and no more where it costs. */
function traded(
  { previous, limits }: RebalanceInput,
  { quadratic, linear, maxTurnover }: Objective,
): Float64Array {
  const size = previous.length;
  const { lower, upper, budget, sectors } = feasible(size, limits);
  const wide = (row: LinearRow) => ({
    ...row,
    coefficients: joined(row.coefficients, new Float64Array(size)),
  });
  const trades: LinearRow[] = [];
  for (let a = 0; a < size; a++) {
    for (const sign of [1, -1]) {
      const coefficients = new Float64Array(2 * size);
      coefficients[a] = sign;
      coefficients[size + a] = -1;
      trades.push({ coefficients, value: sign * previous[a]! });
    }
  }
  const all = {
    coefficients: joined(new Float64Array(size), new Float64Array(size).fill(1)),
    value: maxTurnover ?? 0,
  };
  return solveQuadraticProgram({
    ...{ quadratic, linear },
    lower: joined(lower, new Float64Array(size)),
    upper: joined(upper, new Float64Array(size).fill(Number.POSITIVE_INFINITY)),
    equal: [wide(budget)],
    atMost: [...sectors.map(wide), ...trades, ...(maxTurnover === undefined ? [] : [all])],
  });
}

function checkReachable(input: RebalanceInput, maxTurnover: number): void {
  const size = input.previous.length;
  const linear = joined(new Float64Array(size), new Float64Array(size).fill(1));
  const least = traded(input, { quadratic: Matrix.zeros(2 * size, 2 * size), linear })
    .subarray(size)
    .reduce((a, b) => a + b, 0);
  if (!(maxTurnover > least - 1e-9)) {
    throw new RangeError(
      `maxTurnover: expected at least ${least}, the least that reaches the limits, got ${maxTurnover}`,
    );
  }
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.of(...a, ...b);
}
