/** Returns of portfolios that stand for factors: decided at one close, held to the next. */

import type { Panel } from "../../core/index.js";
import { checkLength } from "../../core/index.js";
import { longShortPanel } from "./longShort.js";

/**
 * The return of each bar at the weights known before it began, before costs and with weights restored every bar: [T].
 *
 * Row t of the returns meets the last row of weights whose time is at or before the bar's beginning; NaN where there is none, or
 * where an asset that is held has no return. For costs and execution see `backtest`.
 * @param weights  [U,A] by the time they are known
 * @param returns  [T,A] simple returns by the time their bar closes, of bars `stepMs` long
 * @throws RangeError when the symbols differ.
 */
export function heldReturns(weights: Panel, returns: Panel, stepMs: number): Float64Array {
  const assets = returns.names.length;
  checkLength("weights: names", weights.names, assets);
  const odd = weights.names.findIndex((name, a) => name !== returns.names[a]);
  if (odd >= 0)
    throw new RangeError(
      `weights: expected ${returns.names[odd]} as symbol ${odd}, got ${weights.names[odd]}`,
    );
  let row = -1;
  return returns.time.map((time, t) => {
    while (row + 1 < weights.time.length && weights.time[row + 1]! <= time - stepMs) row++;
    if (row < 0) return Number.NaN;
    let total = 0;
    for (let a = 0; a < assets; a++) {
      const w = weights.values[row * assets + a]!;
      if (w !== 0) total += w * returns.values[t * assets + a]!;
    }
    return total;
  });
}

/**
 * Factors anyone can compute: the market, each symbol alike, and a long–short portfolio of each characteristic. [T,1+C]
 * @param returns          [T,A] simple
 * @param characteristics  exposures [U,A] by name, known at their time
 * @param options          `quantile` of the assets on either side
 * @throws RangeError as `longShortWeights` and `heldReturns`.
 * @see Fama & French 1993, with what crypto shows in place of accounts
 */
export function observableFactors(
  returns: Panel,
  characteristics: Readonly<Record<string, Panel>>,
  options: { readonly quantile: number; readonly stepMs: number },
): Panel {
  const { quantile, stepMs } = options;
  const assets = returns.names.length;
  const market = returns.time.map((_, t) => {
    let total = 0;
    for (let a = 0; a < assets; a++) total += returns.values[t * assets + a]! / assets;
    return total;
  });
  const sorted = Object.values(characteristics).map((exposures) =>
    heldReturns(longShortPanel(exposures, quantile), returns, stepMs),
  );
  const columns = [market, ...sorted];
  const names = ["market", ...Object.keys(characteristics)];
  const values = new Float64Array(returns.time.length * names.length);
  columns.forEach((column, f) => {
    column.forEach((value, t) => {
      values[t * names.length + f] = value;
    });
  });
  return { time: returns.time, names, values };
}
