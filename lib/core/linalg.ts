/** The few doors to float64 linear algebra; the matrices are those of ml-matrix. */
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from "ml-matrix";
import { checkFinite } from "./axes.js";

export { Matrix };

/**
 * A matrix from its rows.
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

/** A matrix [rows, columns] from row-major values. */
export function fromFlat(values: ArrayLike<number>, rows: number, columns: number): Matrix {
  if (values.length !== rows * columns) {
    throw new RangeError(`expected ${rows} × ${columns} values, got ${values.length}`);
  }
  return Matrix.from1DArray(rows, columns, Array.from(values));
}

/** A matrix with one column. */
export function columnVector(values: ArrayLike<number>): Matrix {
  return Matrix.columnVector(Array.from(values));
}

/** Column `index` of a matrix. */
export function columnOf(matrix: Matrix, index: number): Float64Array {
  return Float64Array.from(matrix.getColumn(index));
}

/** The diagonal of a square matrix. */
export function diagonal(matrix: Matrix): Float64Array {
  return Float64Array.from(matrix.diagonal());
}

/**
 * The lower factor L of a = L Lᵀ.
 * @throws RangeError when `a` is not finite, not symmetric, or not positive definite.
 */
export function cholesky(a: Matrix, name = "matrix"): Matrix {
  checkFinite(name, a.to1DArray());
  const scale = Math.max(...diagonal(a).map(Math.abs));
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(a.get(i, j) - a.get(j, i)) > 1e-9 * scale) {
        throw new RangeError(
          `${name}: expected a symmetric matrix, got ${a.get(i, j)} and ${a.get(j, i)} at (${i}, ${j})`,
        );
      }
    }
  }
  const decomposition = new CholeskyDecomposition(Matrix.add(a, a.transpose()).mul(0.5));
  if (!decomposition.isPositiveDefinite())
    throw new RangeError(`${name}: expected a positive definite matrix`);
  return decomposition.lowerTriangularMatrix;
}

/** (L Lᵀ)⁻¹ b, column by column. */
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
 * The x of a x = b for a symmetric positive definite `a`.
 * @throws RangeError when it is not, or the rows differ in number.
 */
export function solvePositive(a: Matrix, b: Matrix): Matrix {
  return solveCholesky(cholesky(a), b);
}

/** L⁻¹ b, column by column. */
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

/** log |L Lᵀ| */
export function logDeterminant(lower: Matrix): number {
  return 2 * lower.diagonal().reduce((total, value) => total + Math.log(value), 0);
}

/** xᵀ A x */
export function quadraticForm(a: Matrix, x: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) total += x[i]! * a.get(i, j) * x[j]!;
  return total;
}

/** Eigenvalues, largest first, and their unit eigenvectors as columns. */
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
