/** The best forecast of a simulated market in two parts: what lasts for a day, and what is gone after an hour. */
import { EDGE_WINDOW } from "./edge.js";
import type { TruthfulMarket } from "./nextBar.js";

/** One asset: mean log returns of the bar after bar t, known at its close, [T] each. NaN where there is no forecast. */
export interface KnownParts {
  /** The day's trend, of which a twenty-fourth is replaced every bar. */
  readonly slow: Float64Array;
  /** All the rest of `truth.forecast`: last return, signed volume, tape. */
  readonly fast: Float64Array;
}

const DAY = 24;

/**
 * The parts of `truth.forecast`, [A]; hidden state has no part in them.
 * @throws RangeError when the market is not simulated.
 */
export function forecastParts({ truth, bars }: TruthfulMarket): KnownParts[] {
  if (!truth) throw new RangeError("truth: expected a simulated market, which knows it, got none");
  const coefficient = truth.edge.coefficients[truth.edge.names.indexOf("momentum24h")]!;
  return bars.map(({ close }, a) => {
    const slow = new Float64Array(close.length).fill(Number.NaN);
    const fast = new Float64Array(close.length).fill(Number.NaN);
    for (let t = EDGE_WINDOW; t + 1 < close.length; t++) {
      // The trend is coefficient · scale · sum / (scale √24): the scale cancels.
      const trend = Math.log(close[t]! / close[t - DAY]!) / Math.sqrt(DAY);
      slow[t] = coefficient * trend;
      fast[t] = truth.forecast[(t + 1) * bars.length + a]! - slow[t]!;
    }
    return { slow, fast };
  });
}
