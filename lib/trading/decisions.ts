/** Decisions made now and then, as the weights that stand at every bar. */
import { checkFinite, checkLength } from "../core/axes.js";
import { mean } from "../core/stats.js";
import type { Bars, Panel } from "../core/types.js";

/** Weights decided for some assets at some times. Arrays are [N], in any order. */
export interface Decisions {
  /** Index into the bars. */
  readonly asset: ArrayLike<number>;
  /** UTC milliseconds: closes of bars. */
  readonly decidedAt: ArrayLike<number>;
  /** Signed share of the equity. */
  readonly weight: ArrayLike<number>;
}

/**
 * Each asset's weight at every close, [T,A]: that of its latest decision, 0 before the first. Row t knows decisions up to t.
 *
 * A decision stands until the next one of its asset, however long that takes: decide 0 to leave. `backtest` takes the panel with
 * the same bars; with `rebalance: "when changed"` it trades at decisions alone.
 * @param bars  of the same times, as `alignBars` returns them
 * @throws RangeError naming the decision that is at no close, of no asset, not finite, or made twice.
 */
export function heldWeights({ asset, decidedAt, weight }: Decisions, bars: readonly Bars[]): Panel {
  const first = bars[0];
  if (!first) throw new RangeError("bars: expected at least one asset, got none");
  checkLength("asset", asset, weight.length);
  checkLength("decidedAt", decidedAt, weight.length);
  const time = first.openTime.map((open) => open + first.stepMs);
  const rowAt = new Map(Array.from(time, (close, t) => [close, t]));
  const values = new Float64Array(time.length * bars.length).fill(Number.NaN);
  for (let n = 0; n < weight.length; n++) {
    const t = rowAt.get(decidedAt[n]!);
    const when = new Date(decidedAt[n]!).toISOString();
    if (t === undefined) throw new RangeError(`decision ${n}: expected the close of a bar, got ${when}`);
    if (!bars[asset[n]!])
      throw new RangeError(`decision ${n}: expected an asset below ${bars.length}, got ${asset[n]}`);
    if (!Number.isFinite(weight[n]))
      throw new RangeError(
        `decision ${n}: expected a finite weight of ${bars[asset[n]!]!.symbol} at ${when}, got ${weight[n]}`,
      );
    const at = t * bars.length + asset[n]!;
    if (!Number.isNaN(values[at]))
      throw new RangeError(`decision ${n}: expected one for ${bars[asset[n]!]!.symbol} at ${when}, got two`);
    values[at] = weight[n]!;
  }
  for (let i = 0; i < values.length; i++)
    if (Number.isNaN(values[i])) values[i] = i < bars.length ? 0 : values[i - bars.length]!;
  return { time, names: bars.map((b) => b.symbol), values };
}

/**
 * Weights scaled so that their mean absolute value is `size`; where all are zero they stay so: there is nothing to scale.
 * @param weight  [N] signed shares of the equity
 * @throws RangeError when a weight is not finite.
 */
export function ofMeanSize(weight: Float64Array, size: number): Float64Array {
  checkFinite("weight", weight);
  const average = mean(weight.map(Math.abs));
  return average === 0 ? weight.slice() : weight.map((w) => (size * w) / average);
}
