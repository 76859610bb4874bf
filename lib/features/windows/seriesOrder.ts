/** Rows of several assets, put one asset after the other and in order of time, as models of series read them. */
import { checkLength, checkPositive } from "../../core/index.js";
import type { RowPlaces } from "./barsOfRows.js";

/** Rows in order, and the way back. */
export interface SeriesOrder {
  /** [N] which row stands at each place: asset by asset, each in order of time. */
  readonly rows: Uint32Array;
  /** [N] decision times in that order, UTC milliseconds. */
  readonly time: Float64Array;
  /** Lengths of the unbroken stretches, which a model of series begins anew. */
  readonly lengths: readonly number[];
  /** Values [N,C] of the rows, C to a row, in series order. */
  sorted(values: ArrayLike<number>, columns: number): Float64Array;
  /** Values [N] in series order, back in the order of the rows. */
  restored(values: ArrayLike<number>): Float64Array;
}

/**
 * The order of rows asset by asset, and where one stretch of rows ends: rows of an asset follow one another by exactly `stepMs`.
 * @throws RangeError when `stepMs` is not positive.
 */
export function seriesOrder({ asset, decidedAt }: RowPlaces, stepMs: number): SeriesOrder {
  checkPositive("stepMs", stepMs);
  const rows = Uint32Array.from(decidedAt.keys()).sort(
    (a, b) => asset[a]! - asset[b]! || decidedAt[a]! - decidedAt[b]!,
  );
  const time = Float64Array.from(rows, (n) => decidedAt[n]!);
  const lengths: number[] = [];
  rows.forEach((n, i) => {
    const before = rows[i - 1];
    const follows =
      before !== undefined && asset[before] === asset[n] && decidedAt[n]! - decidedAt[before]! === stepMs;
    if (follows) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  });
  return {
    rows,
    time,
    lengths,
    sorted(values, columns) {
      checkLength("values", values, rows.length * columns);
      return Float64Array.from(
        { length: values.length },
        (_, i) => values[rows[Math.floor(i / columns)]! * columns + (i % columns)]!,
      );
    },
    restored(values) {
      checkLength("values", values, rows.length);
      const out = new Float64Array(rows.length);
      rows.forEach((n, i) => {
        out[n] = values[i]!;
      });
      return out;
    },
  };
}
