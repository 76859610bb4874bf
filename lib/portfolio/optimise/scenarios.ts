/** Portfolios chosen over scenarios of returns, past bars or simulated ones: least tail loss, best worst case. */

import type { Matrix } from "../../core/index.js";
import { checkCount, checkFinite } from "../../core/index.js";
import { feasible, type Limits } from "../constraints/limits.js";
import { settled } from "../constraints/projection.js";
import { type Row, solveLinearProgram } from "../solver/linearProgram.js";

/** Weights and what they were chosen by. */
export interface ScenarioPortfolio {
  /** [A] */
  readonly weights: Float64Array;
  /** The expected shortfall, a loss, or the return of the worst scenario. */
  readonly value: number;
}

/**
 * The weights [A], Σw = 1 and within limits, of least mean loss over the worst share `tail` of the scenarios [S,A].
 * @throws RangeError when there is no scenario, one is not finite, `tail` is not in (0, 1), or no portfolio is within limits.
 * @see Rockafellar & Uryasev 2000
 */
export async function minimumShortfall(
  scenarios: Matrix,
  { tail, limits }: { readonly tail: number; readonly limits?: Limits },
): Promise<ScenarioPortfolio> {
  if (!(tail > 0 && tail < 1)) throw new RangeError(`tail: expected a share in (0, 1), got ${tail}`);
  const [count, size] = checkScenarios(scenarios);
  // variables: the weights, the value at risk, and each scenario's loss beyond it
  const extra = Array.from({ length: count }, (_, s) => ({
    index: [...allAssets(size), size, size + 1 + s],
    value: [...scenarios.getRow(s), 1, 1],
    least: 0,
    most: Number.POSITIVE_INFINITY,
  }));
  const cost = new Float64Array(size + 1 + count).fill(1 / (tail * count));
  cost.fill(0, 0, size);
  cost[size] = 1;
  return solveOver(scenarios, { limits, cost, rows: extra, free: [size] });
}

/**
 * The weights [A], Σw = 1 and within limits, whose worst return over the scenarios [S,A] is greatest.
 * @throws RangeError as `minimumShortfall`.
 * @see Young 1998, minimax portfolio selection
 */
export async function maximumWorstCase(scenarios: Matrix, limits?: Limits): Promise<ScenarioPortfolio> {
  const [count, size] = checkScenarios(scenarios);
  const rows = Array.from({ length: count }, (_, s) => ({
    index: [...allAssets(size), size],
    value: [...scenarios.getRow(s), -1],
    least: 0,
    most: Number.POSITIVE_INFINITY,
  }));
  const cost = new Float64Array(size + 1);
  cost[size] = -1;
  const { weights, value } = await solveOver(scenarios, { limits, cost, rows, free: [size] });
  return { weights, value: -value };
}

interface OverScenarios {
  readonly limits?: Limits | undefined;
  /** Of the weights, then of the variables besides. */
  readonly cost: Float64Array;
  readonly rows: readonly Row[];
  /** Variables of either sign. */
  readonly free: readonly number[];
}

async function solveOver(
  scenarios: Matrix,
  { limits, cost, rows, free }: OverScenarios,
): Promise<ScenarioPortfolio> {
  const size = scenarios.columns;
  const { lower, upper, sectors } = feasible(size, limits);
  const low = new Float64Array(cost.length);
  const high = new Float64Array(cost.length).fill(Number.POSITIVE_INFINITY);
  low.set(lower);
  high.set(upper);
  for (const at of free) low[at] = Number.NEGATIVE_INFINITY;
  const assets = allAssets(size);
  const budget = { index: assets, value: assets.map(() => 1), least: 1, most: 1 };
  const within = sectors.map(({ coefficients, value }) => ({
    ...{ index: assets, value: Array.from(coefficients), least: Number.NEGATIVE_INFINITY, most: value },
  }));
  const x = await solveLinearProgram({ cost, lower: low, upper: high, rows: [budget, ...within, ...rows] });
  return {
    weights: settled(x.slice(0, size), limits),
    value: x.reduce((total, value, i) => total + value * cost[i]!, 0),
  };
}

function allAssets(size: number): number[] {
  return Array.from({ length: size }, (_, a) => a);
}

function checkScenarios(scenarios: Matrix): readonly [count: number, size: number] {
  checkCount("scenarios", scenarios.rows);
  checkCount("assets", scenarios.columns);
  checkFinite("scenarios", scenarios.to1DArray());
  return [scenarios.rows, scenarios.columns];
}
