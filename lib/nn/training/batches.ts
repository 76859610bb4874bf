/** Rows of data and the mini-batches that a training takes of them. */
import type * as tf from "@tensorflow/tfjs";
import { checkFinite, checkLength, fold, type Key, permutation } from "../../core/index.js";
import { writtenTensor } from "../numbers.js";

/** N rows of inputs and targets, row-major. */
export interface Data {
  /** [N, …inputShape] */
  readonly x: Float32Array;
  /** [N, …targetShape]; empty where the model has no target. */
  readonly y: Float32Array;
  /** N */
  readonly rows: number;
}

/** Shapes of one row. */
export interface RowShapes {
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
}

/** Numbers in a tensor of this shape [axes]. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** @throws RangeError when a length is wrong or a number is not finite. */
export function checkData(name: string, data: Data, { inputShape, targetShape }: RowShapes): void {
  checkLength(`${name}: x`, data.x, data.rows * sizeOf(inputShape));
  checkLength(`${name}: y`, data.y, data.rows * sizeOf(targetShape));
  checkFinite(`${name}: x`, data.x);
  checkFinite(`${name}: y`, data.y);
}

/** x [Q,B,…] and y [Q,B,…], Q = 1 where all replicas share the rows. The caller owns them. */
export interface Batch {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

/** The rows at the given indices. @param at  Q lists of B indices */
export function takeBatch(data: Data, shapes: RowShapes, at: readonly Uint32Array[]): Batch {
  const rows = at[0]!.length;
  const gather = (from: Float32Array, shape: readonly number[]) =>
    writtenTensor([at.length, rows, ...shape], (numbers) => takeRows(from, sizeOf(shape), at, numbers));
  return { x: gather(data.x, shapes.inputShape), y: gather(data.y, shapes.targetShape) };
}

/** Numbers of a row from which on it is copied as a whole. */
const LONG_ROW = 64;

/** Copies the rows of `size` numbers at the given indices, one after the other. */
function takeRows(from: Float32Array, size: number, at: readonly Uint32Array[], out: Float32Array): void {
  let to = 0;
  for (const indices of at) {
    for (let b = 0; b < indices.length; b++) {
      const first = indices[b]! * size;
      if (size >= LONG_ROW) out.set(from.subarray(first, first + size), to);
      else for (let i = 0; i < size; i++) out[to + i] = from[first + i]!;
      to += size;
    }
  }
}

/**
 * The batches of an epoch: every row at most once, in an order of the epoch's own, the incomplete last batch left out.
 * @param plan.keys    one for all replicas, or one each
 * @param plan.rowsOf  the rows that each key's replica sees, `rows` of them; default rows 0 … rows − 1
 */
export function* epochBatches(
  rows: number,
  batchSize: number,
  {
    keys,
    epoch,
    rowsOf,
  }: { keys: readonly Key[]; epoch: number; rowsOf?: readonly Uint32Array[] | undefined },
): Generator<Uint32Array[]> {
  const orders = keys.map((key, r) => {
    const order = Uint32Array.from(permutation(fold(key, "order", epoch), rows));
    return rowsOf ? order.map((i) => rowsOf[r]![i]!) : order;
  });
  for (let from = 0; from + batchSize <= rows; from += batchSize) {
    yield orders.map((order) => order.subarray(from, from + batchSize));
  }
}
