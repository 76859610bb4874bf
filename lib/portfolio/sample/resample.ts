/** A history of returns that might as well have been: blocks of the past in another order. */
import type { Key, Matrix } from "../../core/index.js";
import { stationaryBootstrapIndices } from "../../trading/significance/index.js";

/** Settings of a resampled history: mean length of a block and number of rows. */
export interface ResampleOptions {
  readonly key: Key;
  /** Mean length of a block, such as 24 hours. */
  readonly meanBlock: number;
  /** Rows of the resample; as many as there are unless given. */
  readonly length?: number;
}

/**
 * Rows of `returns` in blocks of random length that start anywhere, all assets together: the stationary bootstrap.
 * @param returns [T,A]
 * @returns [length, A]
 * @throws RangeError when the block is not between 1 and T, or more rows are wanted than there are.
 * @see Politis & Romano 1994
 */
export function resampleReturns(returns: Matrix, options: ResampleOptions): Matrix {
  const { key, meanBlock, length = returns.rows } = options;
  if (!(length >= 1 && length <= returns.rows))
    throw new RangeError(`length: expected 1 to ${returns.rows} rows, got ${length}`);
  const rows = stationaryBootstrapIndices(key, returns.rows, meanBlock).subarray(0, length);
  return returns.subMatrixRow(Array.from(rows));
}
