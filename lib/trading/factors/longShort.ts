/** Portfolios that are long what has most of something and short what has least: the return of a factor. */

import type { Panel } from "../../core/index.js";
import { checkLength } from "../../core/index.js";

/**
 * Weights [A] that are long the largest `quantile` of the exposures and short the smallest, each side of equal shares adding to 1.
 *
 * Each side holds ⌊quantile · known⌋ assets, at least one; of equal exposures the earlier asset counts as smaller. An exposure of
 * NaN is not known and gets 0; with fewer than two known all weights are 0.
 * @throws RangeError when `quantile` is not in (0, ½], or an exposure is infinite.
 */
export function longShortWeights(exposures: ArrayLike<number>, quantile: number): Float64Array {
  if (!(quantile > 0 && quantile <= 0.5))
    throw new RangeError(`quantile: expected a share in (0, 0.5], got ${quantile}`);
  const weights = new Float64Array(exposures.length);
  const order = Array.from(weights.keys()).filter((a) => !Number.isNaN(exposures[a]!));
  const infinite = order.find((a) => !Number.isFinite(exposures[a]!));
  if (infinite !== undefined)
    throw new RangeError(`exposures[${infinite}]: expected a number or NaN, got ${exposures[infinite]}`);
  order.sort((a, b) => exposures[a]! - exposures[b]! || a - b);
  const side = Math.max(1, Math.floor(quantile * order.length));
  if (order.length < 2) return weights;
  for (let i = 0; i < side; i++) {
    weights[order[i]!] = -1 / side;
    weights[order[order.length - 1 - i]!] = 1 / side;
  }
  return weights;
}

/**
 * The same weights at every time, [T,A]: a portfolio that is kept, for `backtest` with a band.
 * @param weights  [A]
 * @throws RangeError when there are not as many weights as names.
 */
export function constantPanel(
  weights: ArrayLike<number>,
  { time, names }: { readonly time: ArrayLike<number>; readonly names: readonly string[] },
): Panel {
  checkLength("weights", weights, names.length);
  const values = Float64Array.from(
    { length: time.length * names.length },
    (_, i) => weights[i % names.length]!,
  );
  return { time: Float64Array.from(time), names: [...names], values };
}

/**
 * Weights [T,A], `longShortWeights` of each row of a panel: targets for `backtest`, and so the factor's returns and Sharpe ratio.
 * @throws RangeError as `longShortWeights`, or when the panel's values are not [T,A].
 */
export function longShortPanel(exposures: Panel, quantile: number): Panel {
  const { time, names } = exposures;
  const assets = names.length;
  checkLength("exposures: values", exposures.values, time.length * assets);
  const values = new Float64Array(exposures.values.length);
  for (let t = 0; t < time.length; t++) {
    const row = exposures.values.subarray(t * assets, (t + 1) * assets);
    values.set(longShortWeights(row, quantile), t * assets);
  }
  return { time, names, values };
}
