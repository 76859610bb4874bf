/** The value at risk of several sources of scenarios beside the same returns. */
import { valueAtRisk } from "../performance/tailRisk.js";
import { backtestValueAtRisk, type VarBacktest } from "./varTests.js";

/** One row a source. */
export type ValueAtRiskRow = VarBacktest & {
  readonly scenarios: string;
  /** The loss that is announced, in the unit of the returns. */
  readonly level: number;
};

/**
 * The value at risk of each set of simulated returns, and Kupiec's and Christoffersen's tests of it on the returns that came.
 * @param sources      simulated returns by name
 * @param returns      [T] that came
 * @param probability  of a loss beyond the level, such as 0.01
 * @throws RangeError as `valueAtRisk` and `backtestValueAtRisk`.
 */
export function compareValueAtRisk(
  sources: Readonly<Record<string, ArrayLike<number>>>,
  returns: ArrayLike<number>,
  probability: number,
): ValueAtRiskRow[] {
  return Object.entries(sources).map(([scenarios, simulated]) => {
    const level = valueAtRisk(Float64Array.from(simulated), probability);
    return { scenarios, level, ...backtestValueAtRisk(returns, level, probability) };
  });
}
