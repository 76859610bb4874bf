/** Decisions made now and then, as the weights that stand at every bar. */

import type { Bars, Panel } from "../../core/index.js";
import { checkFinite, checkLength, mean } from "../../core/index.js";

/** Weights decided for some assets at some times. Arrays are [N], in any order. */
export interface Decisions {
  /** Index into the bars. */
  readonly asset: ArrayLike<number>;
  /** UTC milliseconds: closes of bars. */
  readonly decidedAt: ArrayLike<number>;
  /** Signed weight, a share of the equity. */
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
  return { time, names: bars.map((b) => b.symbol), values: standing(values, bars.length) };
}

/**
 * Each asset's weight at every close, [T,A], from a panel of weights at some closes, such as `size` returns: NaN there is unchanged.
 * @param bars  of the panel's assets in its order, as `alignBars` returns them
 * @throws RangeError when names disagree, or naming a time that is no close of a bar.
 */
export function heldPanel({ time: times, names, values: decided }: Panel, bars: readonly Bars[]): Panel {
  const symbols = bars.map(({ symbol }) => symbol);
  if (symbols.join() !== names.join())
    throw new RangeError(`bars: expected ${names.join(", ")}, got ${symbols.join(", ")}`);
  const time = bars[0]!.openTime.map((open) => open + bars[0]!.stepMs);
  const rowAt = new Map(Array.from(time, (close, t) => [close, t]));
  const values = new Float64Array(time.length * names.length).fill(Number.NaN);
  times.forEach((at, n) => {
    const t = rowAt.get(at);
    if (t === undefined)
      throw new RangeError(`row ${n}: expected the close of a bar, got ${new Date(at).toISOString()}`);
    values.set(decided.subarray(n * names.length, (n + 1) * names.length), t * names.length);
  });
  return { time, names: symbols, values: standing(values, names.length) };
}

/** Values [T,A] with each NaN replaced by the value before it, 0 before the first. */
function standing(values: Float64Array, width: number): Float64Array {
  for (let i = 0; i < values.length; i++)
    if (Number.isNaN(values[i])) values[i] = i < width ? 0 : values[i - width]!;
  return values;
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
