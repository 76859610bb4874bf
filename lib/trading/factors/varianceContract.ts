/** Payoffs of a contract on the market's variance, an instrument that no perpetual is. */
import { type Bars, checkCount, checkPositive, mean } from "../../core/index.js";

/** Options of `varianceContract`. */
export interface VarianceContractOptions {
  /** [N] closes at which a contract begins, UTC milliseconds. */
  readonly time: ArrayLike<number>;
  /** Bars by which the price is set, before each time. */
  readonly past: number;
  /** Bars over which it runs, after each time. */
  readonly horizon: number;
  /** Payoff when the later variance is twice the earlier, as a fraction of the position. */
  readonly notional: number;
}

/**
 * Payoffs [N] of contracts on the variance of the equally weighted log return: notional · (variance after / variance before − 1).
 *
 * Variances are mean squares of the bars' returns. It stands for a straddle; nobody quotes it, and it has no costs here.
 * @param bars  of the same times
 * @throws RangeError naming the first time without enough bars on either side.
 */
export function varianceContract(bars: readonly Bars[], options: VarianceContractOptions): Float64Array {
  const { time, past, horizon, notional } = options;
  checkCount("bars", bars.length);
  checkCount("past", past);
  checkCount("horizon", horizon);
  checkPositive("notional", notional);
  const { openTime, stepMs } = bars[0]!;
  const squares = openTime.map((_, t) =>
    t === 0 ? Number.NaN : mean(bars.map(({ close }) => Math.log(close[t]! / close[t - 1]!))) ** 2,
  );
  const barOf = new Map(Array.from(openTime, (open, t) => [open + stepMs, t]));
  return Float64Array.from({ length: time.length }, (_, n) => {
    const t = barOf.get(time[n]!);
    if (t === undefined || t < past || t + horizon >= openTime.length)
      throw new RangeError(
        `time[${n}]: expected a close with ${past} returns up to it and ${horizon} after it, got ${new Date(time[n]!).toISOString()}`,
      );
    const [before, after] = [squares.subarray(t - past + 1, t + 1), squares.subarray(t + 1, t + 1 + horizon)];
    return notional * (mean(after) / mean(before) - 1);
  });
}
