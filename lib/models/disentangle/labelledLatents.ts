/** Latents of rows beside the classes of the factors that made the rows: what every score of disentanglement is given. */
import { checkCount, checkFinite, checkLength } from "../../core/index.js";

/** Columns over the same N rows. */
export interface LabelledLatents {
  /** K columns [N], such as posterior means. */
  readonly codes: readonly Float64Array[];
  /** F columns [N] of integer classes; a continuous factor is cut by `quantileClasses` first. */
  readonly factors: readonly ArrayLike<number>[];
}

/** @throws RangeError naming the column when one is missing, of another length, not finite, or a class is not an integer. */
export function checkLabelled({ codes, factors }: LabelledLatents): void {
  checkCount("codes: columns", codes.length);
  checkCount("factors: columns", factors.length);
  const rows = codes[0]!.length;
  checkCount("rows", rows, 2);
  codes.forEach((column, k) => {
    checkLength(`codes[${k}]`, column, rows);
    checkFinite(`codes[${k}]`, column);
  });
  factors.forEach((column, f) => {
    checkLength(`factors[${f}]`, column, rows);
    for (let i = 0; i < rows; i++)
      if (!Number.isSafeInteger(column[i]))
        throw new RangeError(`factors[${f}][${i}]: expected an integer class, got ${column[i]}`);
  });
}

/** The rows at `index` [n], in its order; a row may come more than once. */
export function labelledRows(data: LabelledLatents, index: ArrayLike<number>): LabelledLatents {
  return {
    codes: data.codes.map((c) => entriesAt(c, index)),
    factors: data.factors.map((f) => entriesAt(f, index)),
  };
}

/** Entries of a column [N] at `index` [n], as [n]. */
export function entriesAt(column: ArrayLike<number>, index: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: index.length }, (_, i) => column[index[i]!]!);
}

/**
 * The K columns [N] of a row-major table [N,K].
 * @throws RangeError when the values are not whole rows.
 */
export function latentColumns(values: ArrayLike<number>, columns: number): Float64Array[] {
  const rows = values.length / columns;
  checkCount("rows", rows);
  return Array.from({ length: columns }, (_, k) =>
    Float64Array.from({ length: rows }, (_, i) => values[i * columns + k]!),
  );
}

/**
 * A continuous factor cut into classes of equal numbers of rows, so that its entropy is log `classes`; ties stay together.
 *
 * It looks at all rows: for scores of a whole sample, never for a decision.
 * @returns [N] integers in 0 … classes − 1
 * @throws RangeError when there are fewer than two classes, fewer values than classes, or a value is not finite.
 */
export function quantileClasses(values: Float64Array, classes: number): Int32Array {
  checkCount("classes", classes, 2);
  checkCount("values", values.length, classes);
  checkFinite("values", values);
  const sorted = values.slice().sort();
  const edges = Array.from(
    { length: classes - 1 },
    (_, c) => sorted[Math.ceil(((c + 1) * values.length) / classes) - 1]!,
  );
  return Int32Array.from(values, (v) => edges.filter((edge) => v > edge).length);
}
