/** Traded volume and its price: volume against its mean, the volume-weighted average price. Windows are in bars. */
import { checkCount } from "../../core/index.js";
import { type BarRow, type FeatureSpec, feature, singleFeature } from "../engine/featureSpec.js";
import { slidingMean } from "../engine/followers.js";
import { slidingWindow, weightedMean } from "../engine/slidingWindow.js";

const DAY = 86_400_000;

/**
 * Volume of the bar over the mean of the last `window`, the bar among them; NaN where nothing was traded in any.
 * @throws RangeError when the window is not a positive integer.
 */
export function volumeRatio(window: number): FeatureSpec {
  checkCount("window", window);
  return singleFeature({ name: `volumeRatio${window}`, warmUp: window - 1 }, () => {
    const mean = slidingMean(window);
    return ({ volume }, final) => {
      const usual = mean(volume, final);
      return usual === 0 ? Number.NaN : volume / usual;
    };
  });
}

/**
 * Volume-weighted average of the typical price (high + low + close) / 3 in units of price, and close / it − 1: over the last bars,
 * since the UTC day began, or since the first bar.
 *
 * NaN while nothing has been traded there. A gap starts it afresh, so a day after a gap begins where the gap ends.
 */
export function vwap(over: number | "day" | "start"): FeatureSpec {
  if (typeof over === "number") checkCount("over", over);
  const label = { day: "Day", start: "Start" }[over] ?? over;
  const names = [`vwap${label}`, `vwapDeviation${label}`];
  return feature({ names, warmUp: typeof over === "number" ? over - 1 : 0 }, () => {
    const average = typeof over === "number" ? slidingAverage(over) : anchoredAverage(over === "day");
    return (bar, final, out, offset) => {
      const price = average(bar, final);
      out[offset] = price;
      out[offset + 1] = bar.close / price - 1;
    };
  });
}

/** (high + low + close) / 3 */
export function typicalPrice({ high, low, close }: BarRow): number {
  return (high + low + close) / 3;
}

function slidingAverage(window: number): (bar: BarRow, final: boolean) => number {
  const [last, item] = [slidingWindow(weightedMean, window), new Float64Array(2)];
  return (bar, final) => {
    item[0] = bar.volume;
    item[1] = typicalPrice(bar);
    const found = last(item, final);
    return found && found[0]! > 0 ? found[1]! : Number.NaN;
  };
}

function anchoredAverage(daily: boolean): (bar: BarRow, final: boolean) => number {
  const [sofar, item] = [new Float64Array(2), new Float64Array(2)];
  let day = Number.NaN;
  return (bar, final) => {
    const today = daily ? Math.floor(bar.openTime / DAY) : 0;
    item[0] = bar.volume;
    item[1] = typicalPrice(bar);
    if (today === day) weightedMean.merge(sofar, 0, item, 0, item, 0);
    if (final) {
      sofar.set(item);
      day = today;
    }
    return item[0]! > 0 ? item[1]! : Number.NaN;
  };
}
