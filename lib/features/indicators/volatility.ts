/** Volatility of one symbol over the last bars, per bar: multiply by √(bars a year) to annualise. Windows are in bars. */
import { checkCount } from "../../core/index.js";
import { type BarRow, type FeatureSpec, singleFeature } from "../engine/featureSpec.js";
import { logChange, slidingDeviation } from "../engine/followers.js";
import { slidingStatistic, total } from "../engine/slidingWindow.js";

/**
 * Sample standard deviation of the last `window` log returns, a bar.
 * @throws RangeError when the window is shorter than two bars.
 */
export function historicalVolatility(window: number): FeatureSpec {
  checkCount("window", window, 2);
  return singleFeature({ name: `volatility${window}`, warmUp: window }, () => {
    const [change, deviation] = [logChange(), slidingDeviation(window)];
    return (bar, final) => deviation(change(bar.close, final), final);
  });
}

/** Volatility from high and low of a driftless walk. @see Parkinson 1980 */
export function parkinson(window: number): FeatureSpec {
  return rangeBased("parkinson", window, ({ high, low }) => Math.log(high / low) ** 2 / (4 * Math.LN2));
}

/** Volatility from all four prices of a driftless walk. @see Garman & Klass 1980, the practical estimator */
export function garmanKlass(window: number): FeatureSpec {
  return rangeBased("garmanKlass", window, ({ open, high, low, close }) => {
    return 0.5 * Math.log(high / low) ** 2 - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2;
  });
}

/** Volatility from all four prices, whatever the drift. @see Rogers & Satchell 1991 */
export function rogersSatchell(window: number): FeatureSpec {
  return rangeBased("rogersSatchell", window, ({ open, high, low, close }) => {
    const upper = Math.log(high / open) * Math.log(high / close);
    return upper + Math.log(low / open) * Math.log(low / close);
  });
}

/** Root of the mean variance of the last bars, each estimated from its own prices. */
function rangeBased(name: string, window: number, varianceOf: (bar: BarRow) => number): FeatureSpec {
  checkCount("window", window);
  return singleFeature({ name: `${name}${window}`, warmUp: window - 1 }, () => {
    const sum = slidingStatistic(total, window);
    return (bar, final) => Math.sqrt((sum(varianceOf(bar), final)?.[0] ?? Number.NaN) / window);
  });
}
