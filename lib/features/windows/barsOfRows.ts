/** Bars of rows, and numbers read at them. */
import type { Market } from "../../market/index.js";

/** Assets and times of rows. */
export interface RowPlaces {
  /** [N] */
  readonly asset: ArrayLike<number>;
  /** [N] UTC milliseconds. */
  readonly decidedAt: Float64Array;
}

type BarsOf = Pick<Market, "bars" | "stepMs">;

/** The index of the bar that closes at each decision time, [N]; −1 where none does. */
export function barsOfRows({ bars, stepMs }: BarsOf, decidedAt: ArrayLike<number>): Int32Array {
  const barOf = new Map(Array.from(bars[0]!.openTime, (open, t) => [open + stepMs, t]));
  return Int32Array.from({ length: decidedAt.length }, (_, n) => barOf.get(decidedAt[n]!) ?? -1);
}

/**
 * A number for each row, [N], by the bar that closes at its decision and its asset, such as an indicator or a state of the simulator.
 * @param of  of the index of the bar and that of the asset; it may look at bars up to that one, which is not checked
 * @throws RangeError naming the first row that ends on no bar.
 */
export function valuesAt(
  market: BarsOf,
  { asset, decidedAt }: RowPlaces,
  of: (bar: number, asset: number) => number,
): Float64Array {
  return Float64Array.from(barsOfRows(market, decidedAt), (t, n) => {
    if (t >= 0) return of(t, asset[n]!);
    throw new RangeError(
      `row ${n}: expected the close of a bar, got ${new Date(decidedAt[n]!).toISOString()}`,
    );
  });
}
