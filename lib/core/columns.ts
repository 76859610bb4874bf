/** Row-major tables taken apart by column, and evenly spaced numbers. */
import { checkCount } from "./axes.js";
import { correlation } from "./stats.js";

/**
 * The columns of row-major values [N,W], one [N] each.
 * @throws RangeError when the values are no whole number of rows.
 */
export function columnsOf(values: ArrayLike<number>, width: number): Float64Array[] {
  checkCount("width", width);
  const rows = values.length / width;
  if (!Number.isInteger(rows))
    throw new RangeError(`values: expected whole rows of ${width}, got ${values.length} numbers`);
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * width + column]!),
  );
}

/** Correlation of each column with each, [W][W] with ones on the diagonal. */
export function correlations(columns: readonly ArrayLike<number>[]): number[][] {
  return columns.map((x, i) => columns.map((y, j) => (i === j ? 1 : correlation(x, y))));
}

/**
 * Numbers from `from` to `to`, both included and equally far apart, [count].
 * @throws RangeError when there are fewer than two.
 */
export function evenly(from: number, to: number, count: number): number[] {
  checkCount("count", count, 2);
  return Array.from({ length: count }, (_, i) => from + (i * (to - from)) / (count - 1));
}

/** Percentage of the values that satisfy the condition; NaN of none. */
export function percentWhere<T>(values: readonly T[], holds: (value: T, index: number) => boolean): number {
  return (100 * values.filter(holds).length) / values.length;
}
