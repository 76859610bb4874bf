/** The truth of a simulation at the rows of a data set. */
import type { Bars } from "../../core/index.js";
import type { Truth } from "./truth.js";

/** Rows of a data set: asset and decision time. */
export interface DecidedRows {
  /** [N] */
  readonly asset: ArrayLike<number>;
  /** [N] closes of bars, UTC milliseconds. */
  readonly decidedAt: ArrayLike<number>;
}

/** A market as far as the truth of its bars needs it. */
export interface TruthfulMarket {
  readonly bars: readonly Bars[];
  readonly truth?: Truth;
}

/**
 * The truth about the bar after each decision, [N]: its conditional mean, the part of it that past candles and tape tell ("forecast"),
 * or its volatility; all of the log return.
 * @throws RangeError when the market is not simulated, or a decision is at no close of a bar with a bar after it.
 */
export function nextBarTruth(
  { truth, bars }: TruthfulMarket,
  quantity: "mean" | "forecast" | "volatility",
  { asset, decidedAt }: DecidedRows,
): Float64Array {
  if (!truth) throw new RangeError("truth: expected a simulated market, which knows it, got none");
  const times = bars[0]!.openTime;
  const nextOf = new Map(Array.from(times, (open, t) => [open, t]));
  return Float64Array.from(decidedAt, (time, n) => {
    const t = nextOf.get(time);
    if (t === undefined || t === 0)
      throw new RangeError(`decidedAt[${n}]: expected the close of a bar with a bar after it, got ${time}`);
    return truth[quantity][t * bars.length + asset[n]!]!;
  });
}
