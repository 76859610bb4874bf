/** The few doors to float64 linear algebra; the matrices are those of ml-matrix. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { checkFinite, checkLength } from "./axes.js";

export { Matrix };

/**
 * The matrix [N,K] of N rows [K].
 * @throws RangeError when the rows differ in length or there is none.
 */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const width = rows[0]?.length ?? 0;
  if (width === 0) throw new RangeError("a matrix needs at least one row and one column");
  rows.forEach((row, i) => {
    if (row.length !== width) throw new RangeError(`row ${i}: expected ${width} values, got ${row.length}`);
  });
  return new Matrix(rows.map((row) => Array.from(row)));
}

/**
 * The matrix [rows,columns] of row-major values [rows · columns].
 * @throws RangeError when the values are not as many.
 */
export function fromFlat(values: ArrayLike<number>, rows: number, columns: number): Matrix {
  if (values.length !== rows * columns) {
    throw new RangeError(`expected ${rows} × ${columns} values, got ${values.length}`);
  }
  const matrix = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) matrix.set(i, j, values[i * columns + j]!);
  return matrix;
}

/** The matrix [N,1] of values [N]. */
export function columnVector(values: ArrayLike<number>): Matrix {
  return Matrix.columnVector(Array.from(values));
}

/** Column `index` of a matrix [N,K], as [N]. */
export function columnOf(matrix: Matrix, index: number): Float64Array {
  const column = new Float64Array(matrix.rows);
  for (let i = 0; i < column.length; i++) column[i] = matrix.get(i, index);
  return column;
}

/**
 * aᵀ · b [K,L] of a [N,K] and b [N,L], each entry summed row by row; of one matrix, aᵀ · a, half of it is computed.
 * @throws RangeError when the rows are not as many.
 */
export function crossProduct(a: Matrix, b: Matrix = a): Matrix {
  if (a.rows !== b.rows)
    throw new RangeError(`expected matrices of as many rows, got ${a.rows} and ${b.rows}`);
  const columns = (of: Matrix) => Array.from({ length: of.columns }, (_, j) => columnOf(of, j));
  return a === b ? innerProducts(columns(a)) : innerProducts(columns(a), columns(b));
}

/**
 * Inner products [K,L] of each of K vectors [N] with each of L others; of the same vectors by default, and then half are computed.
 * @throws RangeError when a vector is not as long as the first.
 */
export function innerProducts(
  lefts: readonly Float64Array[],
  rights: readonly Float64Array[] = lefts,
): Matrix {
  const length = lefts[0]?.length ?? 0;
  for (const each of [...lefts, ...rights]) checkLength("vector", each, length);
  const products = new Matrix(lefts.length, rights.length);
  lefts.forEach((x, i) => {
    for (let j = lefts === rights ? i : 0; j < rights.length; j++) {
      const total = innerProduct(x, rights[j]!);
      products.set(i, j, total);
      if (lefts === rights) products.set(j, i, total);
    }
  });
  return products;
}

function innerProduct(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let t = 0; t < x.length; t++) total += x[t]! * y[t]!;
  return total;
}

/** The diagonal [N] of a square matrix [N,N]. */
export function diagonal(matrix: Matrix): Float64Array {
  return Float64Array.from(matrix.diagonal());
}

/**
 * The lower factor L [N,N] of `a` = L Lᵀ.
 * @param a     [N,N]
 * @param name  what errors call the matrix
 * @throws RangeError when `a` is not finite, not symmetric, or not positive definite.
 */
export function cholesky(a: Matrix, name = "matrix"): Matrix {
  return fromFlat(choleskyFlat(flatOf(a), a.rows, name), a.rows, a.columns);
}

/** The entries [N · K] of a matrix [N,K], row-major. */
export function flatOf(a: Matrix): Float64Array {
  const { rows, columns } = a;
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * columns + j] = a.get(i, j);
  return out;
}

/**
 * The lower factor L [N · N] of `a` = L Lᵀ, both row-major.
 * @param a     [N · N]
 * @param name  what errors call the matrix
 * @throws RangeError as `cholesky`.
 */
export function choleskyFlat(a: Float64Array, size: number, name = "matrix"): Float64Array {
  checkLength(name, a, size * size);
  checkFinite(name, a);
  checkSymmetric(a, size, name);
  const l = new Float64Array(a.length);
  for (let j = 0; j < size; j++) {
    const row = j * size;
    let squares = 0;
    for (let k = 0; k < j; k++) {
      const other = k * size;
      let total = 0;
      for (let i = 0; i < k; i++) total += l[other + i]! * l[row + i]!;
      const entry = (middle(a, size, j, k) - total) / l[other + k]!;
      l[row + k] = entry;
      squares += entry * entry;
    }
    const rest = middle(a, size, j, j) - squares;
    if (!(rest > 0)) throw new RangeError(`${name}: expected a positive definite matrix`);
    l[row + j] = Math.sqrt(rest);
  }
  return l;
}

/** The mean of an entry and its mirror image. */
function middle(a: Float64Array, size: number, i: number, j: number): number {
  return (a[i * size + j]! + a[j * size + i]!) * 0.5;
}

function checkSymmetric(a: Float64Array, size: number, name: string): void {
  let scale = 0;
  for (let i = 0; i < size; i++) scale = Math.max(scale, Math.abs(a[i * size + i]!));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const own = a[i * size + j]!;
      const mirrored = a[j * size + i]!;
      if (Math.abs(own - mirrored) <= 1e-9 * scale) continue;
      throw new RangeError(
        `${name}: expected a symmetric matrix, got ${own} and ${mirrored} at (${i}, ${j})`,
      );
    }
  }
}

/**
 * The solution (L Lᵀ)⁻¹ b [N,M], column by column.
 * @param lower  [N,N] the lower factor L, as `cholesky` returns it
 * @param b      [N,M]
 */
export function solveCholesky(lower: Matrix, b: Matrix): Matrix {
  const solution = solveLower(lower, b);
  for (let c = 0; c < b.columns; c++) {
    for (let i = lower.rows - 1; i >= 0; i--) {
      let rest = solution.get(i, c);
      for (let k = i + 1; k < lower.rows; k++) rest -= lower.get(k, i) * solution.get(k, c);
      solution.set(i, c, rest / lower.get(i, i));
    }
  }
  return solution;
}

/**
 * The solution x [N,M] of a x = b for a symmetric positive definite `a` [N,N] and b [N,M].
 * @throws RangeError when `a` is not positive definite.
 */
export function solvePositive(a: Matrix, b: Matrix): Matrix {
  return solveCholesky(cholesky(a), b);
}

/** The solution L⁻¹ b [N,M], column by column, of a lower triangular L [N,N] and b [N,M]. */
export function solveLower(lower: Matrix, b: Matrix): Matrix {
  const solution = b.clone();
  for (let c = 0; c < b.columns; c++) {
    for (let i = 0; i < lower.rows; i++) {
      let rest = solution.get(i, c);
      for (let k = 0; k < i; k++) rest -= lower.get(i, k) * solution.get(k, c);
      solution.set(i, c, rest / lower.get(i, i));
    }
  }
  return solution;
}

/** The log determinant log |L Lᵀ| of a matrix by its lower factor L [N,N]. */
export function logDeterminant(lower: Matrix): number {
  return 2 * lower.diagonal().reduce((total, value) => total + Math.log(value), 0);
}

/** The quadratic form xᵀ A x of a matrix [N,N] and a vector [N]. */
export function quadraticForm(a: Matrix, x: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) total += x[i]! * a.get(i, j) * x[j]!;
  return total;
}

/** Eigenvalues [N], largest first, of a symmetric matrix [N,N], and their unit eigenvectors as the columns of a matrix [N,N]. */
export function symmetricEigen(a: Matrix): { readonly values: Float64Array; readonly vectors: Matrix } {
  const decomposition = new EigenvalueDecomposition(a, { assumeSymmetric: true });
  const order = decomposition.realEigenvalues
    .map((_, i) => i)
    .sort((i, j) => decomposition.realEigenvalues[j]! - decomposition.realEigenvalues[i]!);
  return {
    values: Float64Array.from(order, (i) => decomposition.realEigenvalues[i]!),
    vectors: decomposition.eigenvectorMatrix.subMatrixColumn(order),
  };
}
