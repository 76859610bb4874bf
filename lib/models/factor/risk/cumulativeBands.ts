/** Paths over several bars from scenarios of one bar. */
import { checkCount, integers, type Key, quantile } from "../../../core/index.js";

/** Settings of the paths that are made from scenarios of one bar. */
export interface CumulativeOptions {
  readonly key: Key;
  readonly paths: number;
  /** [H] scale of each bar ahead: what a return of the scenarios is multiplied by. */
  readonly scales: ArrayLike<number>;
  /** [Q] probabilities, such as 0.05, 0.5 and 0.95. */
  readonly quantiles: readonly number[];
}

/**
 * Quantiles of cumulated log returns after each bar ahead, [Q] each [H]: every path adds a scenario drawn anew in each bar.
 *
 * Bars of a path are independent but for their scales: what follows a crash within a path is no part of it.
 * @param returns [S] log returns of one portfolio, one a scenario
 * @throws RangeError when there is no path or no scenario.
 */
export function cumulativeBands(returns: ArrayLike<number>, options: CumulativeOptions): Float64Array[] {
  const { key, paths, scales, quantiles } = options;
  checkCount("paths", paths);
  checkCount("scenarios", returns.length);
  const picks = integers(key, paths * scales.length, returns.length);
  const bands = quantiles.map(() => new Float64Array(scales.length));
  const level = new Float64Array(paths);
  for (let bar = 0; bar < scales.length; bar++) {
    for (let path = 0; path < paths; path++)
      level[path]! += scales[bar]! * returns[picks[scales.length * path + bar]!]!;
    quantiles.forEach((q, i) => {
      bands[i]![bar] = quantile(level, q);
    });
  }
  return bands;
}
