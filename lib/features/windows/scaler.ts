/** Z-scores whose mean and deviation come from the training rows alone. */
import { checkCount, checkLength, mean, standardDeviation } from "../../core/index.js";

/** A row-major matrix: `x` is [N,F] and `shape` says so. */
export interface FeatureMatrix {
  x: Float64Array;
  shape: readonly [number, number];
}

/** [F] each. */
export interface Scaler {
  mean: Float64Array;
  standardDeviation: Float64Array;
}

/**
 * Mean and sample standard deviation of each column over `rows` [n] and no others.
 * @throws RangeError when fewer than two rows are given, or a column does not vary over them.
 */
export function fitScaler(matrix: FeatureMatrix, rows: ArrayLike<number>): Scaler {
  const [, columns] = checkMatrix(matrix);
  checkCount("rows", rows.length, 2);
  const picked = takeRows(matrix, rows);
  const column = (f: number) =>
    Float64Array.from({ length: rows.length }, (_, i) => picked.x[i * columns + f]!);
  const all = Array.from({ length: columns }, (_, f) => column(f));
  const scaler = {
    mean: Float64Array.from(all, mean),
    standardDeviation: Float64Array.from(all, (x) => standardDeviation(x)),
  };
  const flat = scaler.standardDeviation.findIndex((s) => !(s > 0));
  if (flat < 0) return scaler;
  throw new RangeError(
    `column ${flat}: expected values that vary, got deviation ${scaler.standardDeviation[flat]}`,
  );
}

/**
 * (x − mean) / standard deviation of every row, as a new matrix.
 * @throws RangeError when the matrix is not [N,F] of the scaler's columns.
 */
export function applyScaler(scaler: Scaler, matrix: FeatureMatrix): FeatureMatrix {
  const [, columns] = checkMatrix(matrix);
  checkLength("scaler", scaler.mean, columns);
  const x = matrix.x.map((value, i) => {
    const f = i % columns;
    return (value - scaler.mean[f]!) / scaler.standardDeviation[f]!;
  });
  return { x, shape: matrix.shape };
}

/**
 * The matrix before `applyScaler`: x · standard deviation + mean, as a new matrix.
 * @throws RangeError when the matrix is not [N,F] of the scaler's columns.
 */
export function invertScaler(scaler: Scaler, matrix: FeatureMatrix): FeatureMatrix {
  const [, columns] = checkMatrix(matrix);
  checkLength("scaler", scaler.mean, columns);
  const x = matrix.x.map((value, i) => {
    const f = i % columns;
    return value * scaler.standardDeviation[f]! + scaler.mean[f]!;
  });
  return { x, shape: matrix.shape };
}

/**
 * The named rows [n], in their order, as a new matrix [n,F].
 * @throws RangeError when a row is not there.
 */
export function takeRows(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  const [count, columns] = checkMatrix(matrix);
  const x = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!(row >= 0 && row < count)) throw new RangeError(`expected a row below ${count}, got ${row}`);
    x.set(matrix.x.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return { x, shape: [rows.length, columns] };
}

function checkMatrix({ x, shape }: FeatureMatrix): readonly [number, number] {
  checkLength("x", x, shape[0] * shape[1]);
  return shape;
}
