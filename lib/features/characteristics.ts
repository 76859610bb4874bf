/** Characteristics of an asset that others are sorted by: its size, its momentum, how quiet it is. */

import type { Bars, Panel } from "../core/index.js";
import { checkCount, mean, standardDeviation } from "../core/index.js";
import { logReturns } from "./returns.js";

/** Exposures [T,A] by name; row t is known at the close of bar t, NaN until the window is full or where it holds a gap. */
export interface Characteristics {
  /** −log of the mean turnover of a bar in the quote currency: large for small coins. Bars know no capitalisation. */
  readonly size: Panel;
  /** Sum of the log returns of the window. */
  readonly momentum: Panel;
  /** −deviation of the log returns of the window. */
  readonly lowVolatility: Panel;
}

/**
 * Over the trailing `window` bars, the last one included.
 * @param bars  as `alignBars` returns them
 * @throws RangeError when there is no symbol or the window is below two bars.
 */
export function characteristics(bars: readonly Bars[], window: number): Characteristics {
  checkCount("symbols", bars.length);
  checkCount("window", window, 2);
  const { openTime, stepMs } = bars[0]!;
  const panel = (of: (own: Bars, t: number, returns: Float64Array) => number): Panel => {
    const values = new Float64Array(openTime.length * bars.length).fill(Number.NaN);
    bars.forEach((own, a) => {
      const all = logReturns(own);
      for (let t = window; t < openTime.length; t++) {
        if (openTime[t]! - openTime[t - window]! !== window * stepMs) continue;
        values[t * bars.length + a] = of(own, t, all.subarray(t - window + 1, t + 1));
      }
    });
    return { time: openTime.map((time) => time + stepMs), names: bars.map((b) => b.symbol), values };
  };
  return {
    size: panel(({ close, volume }, t) => -Math.log(turnover(close, volume, t, window))),
    momentum: panel((_own, _t, returns) => window * mean(returns)),
    lowVolatility: panel((_own, _t, returns) => -standardDeviation(returns)),
  };
}

function turnover(close: Float64Array, volume: Float64Array, t: number, window: number): number {
  let total = 0;
  for (let s = t - window + 1; s <= t; s++) total += close[s]! * volume[s]!;
  return total / window;
}
