/** The move of an order's own price, from what the bars before it showed. */
import type { Bars } from "../../core/index.js";
import type { Impact } from "./costs.js";

/**
 * [T] k such that an order of notional n at the open of bar t costs k · n^1.5: coefficient · volatility / √(traded notional).
 *
 * Volatility is the root mean square of the log returns of closes, the traded notional the mean of close · volume, both over the
 * `window` bars before t, so all is known at the decision. The first bars use those there are: with fewer than two closes k is 0.
 * A bar without price or volume is passed over; with no volume at all k is infinite, and an order there is refused.
 */
export function impactFactors(bars: Bars, { coefficient, window }: Impact): Float64Array {
  const count = bars.close.length;
  const squares = runningSums(count, (t) => Math.log(bars.close[t]! / bars.close[t - 1]!) ** 2);
  const notional = runningSums(count, (t) => bars.close[t]! * bars.volume[t]!);
  return Float64Array.from({ length: count }, (_, t) => {
    const variance = windowMean(squares, t, window);
    return variance > 0 ? coefficient * Math.sqrt(variance / windowMean(notional, t, window)) : 0;
  });
}

/** Sums and counts of the finite values of the first 0 … T bars. */
interface Running {
  readonly sum: Float64Array;
  readonly count: Uint32Array;
}

function runningSums(length: number, valueAt: (t: number) => number): Running {
  const [sum, count] = [new Float64Array(length + 1), new Uint32Array(length + 1)];
  for (let t = 0; t < length; t++) {
    const value = valueAt(t);
    const found = Number.isFinite(value);
    sum[t + 1] = sum[t]! + (found ? value : 0);
    count[t + 1] = count[t]! + (found ? 1 : 0);
  }
  return { sum, count };
}

/** Mean over bars t − window … t − 1; NaN of none. */
function windowMean({ sum, count }: Running, t: number, window: number): number {
  const from = Math.max(0, t - window);
  return Math.max(0, sum[t]! - sum[from]!) / (count[t]! - count[from]!);
}
