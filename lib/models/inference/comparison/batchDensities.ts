/** The log density of a model estimated from mini-batches. */
import { checkCount } from "../../../core/index.js";
import { type DataTarget, logDensity } from "../exact/target.js";

/** The log density on all rows that fill whole batches, and its estimate from each batch, nats. */
export interface BatchDensities {
  readonly all: number;
  /** [B] */
  readonly batches: Float64Array;
}

/**
 * log p(y, w) at one w [P], on all rows and from each of `count` batches of equal size, which take every `count`-th row.
 *
 * Rows that fill no whole batch are left out of both.
 * @throws RangeError when there are fewer rows than batches.
 */
export function batchDensities(target: DataTarget, w: Float64Array, count: number): BatchDensities {
  checkCount("batches", count);
  const size = Math.floor(target.dataSize / count);
  checkCount("rows of a batch", size);
  const on = (from: number, step: number, rows: number) =>
    logDensity(target.onBatch(Uint32Array.from({ length: rows }, (_, i) => from + step * i)), w);
  return {
    all: on(0, 1, size * count),
    batches: Float64Array.from({ length: count }, (_, b) => on(b, count, size)),
  };
}
