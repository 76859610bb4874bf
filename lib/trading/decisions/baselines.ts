/** Dull rules at the same times and of the same size as a strategy: what it has to beat, and what nobody can. */
import type { Bars, Panel } from "../../core/index.js";
import { checkPositive } from "../../core/index.js";

/** Options of `baselines`. */
export interface BaselineOptions {
  /** |weight| of every position. */
  readonly weight: number;
  /** Bars over which the trailing rule looks back. */
  readonly trailing: number;
}

/** Weights [T,A] of dull rules at the times of a strategy. */
export interface Baselines {
  /** Long what rose over the trailing bars, short what fell. */
  readonly trailing: Panel;
  /** Always long. */
  readonly hold: Panel;
  /**
   * The side of the true mean of the next bar, given all before it and the hidden state, which no trader knows; only of a simulated
   * market. Means of later bars are left out: they depend on returns that are not known yet.
   */
  readonly oracle?: Panel;
}

/**
 * Weights [T,A] of the rules at the times of `decided`.
 * @param decided  weights of the strategy, as `size` returns them; only its times and names are used
 * @throws RangeError when a time is no close of a bar, or has fewer than `trailing` bars before it.
 */
export function baselines(
  { time, names }: Panel,
  of: { readonly bars: readonly Bars[]; readonly truth?: { readonly mean: Float64Array } },
  { weight, trailing }: BaselineOptions,
): Baselines {
  checkPositive("weight", weight);
  const { bars, truth } = of;
  const rowAt = new Map(Array.from(bars[0]!.openTime, (open, t) => [open + bars[0]!.stepMs, t]));
  const panel = (side: (row: number, asset: number) => number): Panel => ({
    ...{ time: Float64Array.from(time), names: [...names] },
    values: Float64Array.from({ length: time.length * names.length }, (_, i) => {
      const row = rowAt.get(time[Math.floor(i / names.length)]!);
      if (row === undefined || row < trailing)
        throw new RangeError(
          `decision ${Math.floor(i / names.length)}: expected ${trailing} bars before it, got ${row}`,
        );
      return weight * Math.sign(side(row, i % names.length));
    }),
  });
  const trueMean = (mean: Float64Array) => (row: number, asset: number) =>
    mean[(row + 1) * bars.length + asset] ?? 0;
  return {
    trailing: panel((row, a) => bars[a]!.close[row]! / bars[a]!.close[row - trailing]! - 1),
    hold: panel(() => 1),
    ...(truth ? { oracle: panel(trueMean(truth.mean)) } : {}),
  };
}
