/** Losses of the last bars of one symbol: drawdown, value at risk, expected shortfall. Windows are in bars, losses positive. */
import { checkCount } from "../../core/index.js";
import { type FeatureSpec, feature, singleFeature } from "../engine/featureSpec.js";
import { lag } from "../engine/followers.js";
import { fall, slidingStatistic } from "../engine/slidingWindow.js";
import { sortedWindow } from "../engine/sortedWindow.js";

/**
 * Deepest fall of the close from a peak within the last `window` returns, as a share of the peak, in [0, 1).
 * @throws RangeError when the window is not a positive integer.
 */
export function slidingDrawdown(window: number): FeatureSpec {
  checkCount("window", window);
  return singleFeature({ name: `drawdown${window}`, warmUp: window }, () => {
    const closes = slidingStatistic(fall, window + 1); // n returns lie between n + 1 closes
    return ({ close }, final) => closes(close, final)?.[2] ?? Number.NaN;
  });
}

/**
 * Empirical value at risk and expected shortfall of simple returns: the ⌈tail · window⌉-th largest loss, and the mean of the worst
 * `tail` of the window, the boundary bar counted by the share that falls inside.
 * @throws RangeError when `tail` is not in (0, 1).
 * @see Rockafellar & Uryasev 2000
 */
export function slidingTailRisk(window: number, tail: number): FeatureSpec {
  checkCount("window", window);
  if (!(tail > 0 && tail < 1)) throw new RangeError(`tail: expected a probability in (0, 1), got ${tail}`);
  const share = tail * window;
  const boundary = Math.max(1, Math.ceil(share - 1e-9 * Math.max(1, share))) - 1; // 0.05 · 60 is 3, not 3.0000000000000004
  const names = [`valueAtRisk${window}_${tail}`, `expectedShortfall${window}_${tail}`];
  return feature({ names, warmUp: window }, () => {
    const [before, sorted, worst] = [lag(1), sortedWindow(window), new Float64Array(boundary + 1)];
    return ({ close }, final, out, offset) => {
      const change = close / before(close, final) - 1;
      const full = !Number.isNaN(change) && sorted.least(change, worst);
      if (final && !Number.isNaN(change)) sorted.keep(change);
      if (!full) return void out.fill(Number.NaN, offset, offset + 2);
      let total = (share - boundary) * worst[boundary]!;
      for (let i = 0; i < boundary; i++) total += worst[i]!;
      out[offset] = -worst[boundary]!;
      out[offset + 1] = -total / share;
    };
  });
}
