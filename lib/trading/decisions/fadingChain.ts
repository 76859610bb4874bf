/** A forecast that fades, as a chain of states. */
import { checkCount, checkPositive, sum } from "../../core/index.js";
import type { SignalChain } from "./noTradeBand.js";

/**
 * A chain whose next state lies, up to a normal spread, at a fraction of the present one: a first-order autoregression on a grid.
 * @param means  [S] the grid: expected return of the next bar in each state
 * @param of     `keeps`: the fraction of a forecast that is left a bar later; `spread`: standard deviation of what is added
 * @throws RangeError when the grid is empty or the spread is not positive.
 */
export function fadingChain(
  means: readonly number[],
  { keeps, spread }: { readonly keeps: number; readonly spread: number },
): SignalChain {
  checkCount("number of states", means.length);
  checkPositive("spread", spread);
  const rows = means.map((from) => {
    const densities = means.map((to) => Math.exp(-(((to - keeps * from) / spread) ** 2) / 2));
    const total = sum(densities);
    return densities.map((density) => density / total);
  });
  return { means, transitions: rows.flat() };
}
