/** Direction of the last returns of one symbol: their mean, its ratio to volatility, a trend. Windows are in bars. */
import { checkCount } from "../../core/index.js";
import { type FeatureSpec, singleFeature } from "../engine/featureSpec.js";
import { logChange, slidingMean } from "../engine/followers.js";
import { moments, slidingStatistic } from "../engine/slidingWindow.js";

/**
 * Mean log return a bar of the last `window` returns.
 * @throws RangeError when the window is not a positive integer.
 */
export function meanReturn(window: number): FeatureSpec {
  checkCount("window", window);
  return singleFeature({ name: `meanReturn${window}`, warmUp: window }, () => {
    const [change, mean] = [logChange(), slidingMean(window)];
    return (bar, final) => mean(change(bar.close, final), final);
  });
}

/**
 * Momentum score: mean log return over its sample standard deviation, not annualised; 0 where no close has moved.
 * @throws RangeError when the window is shorter than two bars.
 */
export function momentum(window: number): FeatureSpec {
  checkCount("window", window, 2);
  return singleFeature({ name: `momentum${window}`, warmUp: window }, () => {
    const [change, last] = [logChange(), slidingStatistic(moments, window)];
    return (bar, final) => {
      const found = last(change(bar.close, final), final);
      if (!found) return Number.NaN;
      const deviation = Math.sqrt(found[2]! / (window - 1));
      if (deviation > 0) return found[1]! / deviation;
      return found[1] === 0 ? 0 : Number.NaN;
    };
  });
}

/**
 * Trend indicator: 1 where the mean of the last `fast` closes is above that of the last `slow`, −1 where it is below, else 0.
 * @throws RangeError when `fast` is not below `slow`.
 */
export function trend(fast: number, slow: number): FeatureSpec {
  checkCount("fast", fast);
  checkCount("slow", slow, fast + 1);
  return singleFeature({ name: `trend${fast}_${slow}`, warmUp: slow - 1 }, () => {
    const [quick, steady] = [slidingMean(fast), slidingMean(slow)];
    return ({ close }, final) => Math.sign(quick(close, final) - steady(close, final));
  });
}
