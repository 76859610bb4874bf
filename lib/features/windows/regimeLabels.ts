/** Regimes of windows, marked by what they were made from. */

import type { RegimeLabels } from "../../core/index.js";
import { checkCount } from "../../core/index.js";
import type { Market } from "../../market/index.js";
import { barsOfRows } from "./barsOfRows.js";
import { TARGETS } from "./inputs/marketTargets.js";

/**
 * The regime that was in force in the last bar of each window; undefined where the market's truth is not known.
 * @param decidedAt  [N] closes of the last bars, UTC milliseconds
 * @throws RangeError naming the first window that ends on no bar of the market.
 */
export function trueRegimes(market: Market, decidedAt: ArrayLike<number>): RegimeLabels | undefined {
  const { truth } = market;
  if (!truth) return undefined;
  const label = Uint8Array.from(barsOfRows(market, decidedAt), (t, n) => {
    if (t >= 0) return truth.regime[t]!;
    throw new RangeError(`window ${n}: no bar closes at ${new Date(decidedAt[n]!).toISOString()}`);
  });
  return { from: "truth", names: truth.regimeNames, label };
}

/**
 * The regimes that the rule of `marketTargets` read off each window's own return.
 * @param targets  [N,5] as `marketTargets` returns them
 * @throws RangeError when there are no targets.
 */
export function windowRegimes(targets: ArrayLike<number>): RegimeLabels {
  checkCount("targets", targets.length, TARGETS);
  const label = Uint8Array.from({ length: targets.length / TARGETS }, (_, n) =>
    [0, 1, 2].findIndex((c) => targets[n * TARGETS + 2 + c] === 1),
  );
  return { from: "window", names: ["bear", "sideways", "bull"], label };
}
