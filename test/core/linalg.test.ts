import { expect, test } from "vitest";
import {
  cholesky,
  columnOf,
  columnVector,
  crossProduct,
  diagonal,
  fromFlat,
  fromRows,
  innerProducts,
  logDeterminant,
  Matrix,
  quadraticForm,
  solveCholesky,
  solveLower,
  symmetricEigen,
} from "../../lib/core/linalg.js";
import { fold, key, normals } from "../../lib/core/random.js";

/** A Aᵀ + I of a random A: symmetric and well conditioned. */
function positiveDefinite(size: number): Matrix {
  const a = fromFlat(normals(fold(key("linalg"), size), size * size), size, size);
  return a.mmul(a.transpose()).add(Matrix.eye(size));
}

const small = fromRows([
  [4, 2],
  [2, 3],
]);

test("the factor of a small matrix is the one on paper", () => {
  expect(cholesky(small).to2DArray()).toEqual([
    [2, 0],
    [1, Math.SQRT2],
  ]);
  expect(logDeterminant(cholesky(small))).toBeCloseTo(Math.log(8), 14);
});

test("a cross product is aᵀ · b to the bit, and that of one matrix symmetric", () => {
  const draw = (name: string, columns: number): Matrix =>
    fromFlat(normals(fold(key("cross"), name), 50 * columns), 50, columns);
  const [a, b] = [draw("a", 4), draw("b", 3)];
  expect(crossProduct(a, b).to2DArray()).toEqual(a.transpose().mmul(b).to2DArray());
  expect(crossProduct(a).to2DArray()).toEqual(a.transpose().mmul(a).to2DArray());
  expect(() => crossProduct(a, b.transpose())).toThrow("as many rows, got 50 and 3");
  const [x, y] = [Float64Array.of(1, 2), Float64Array.of(3, -1)];
  expect(innerProducts([x, y]).to2DArray()).toEqual([
    [5, 1],
    [1, 10],
  ]);
  expect(innerProducts([x], [y, x]).to2DArray()).toEqual([[1, 5]]);
  expect(() => innerProducts([x], [Float64Array.of(1)])).toThrow("expected 2 values");
});

test("a factor times its transpose is the matrix, and solving undoes multiplying", () => {
  const a = positiveDefinite(6);
  const lower = cholesky(a);
  const b = fromFlat(normals(fold(key("linalg"), "b"), 12), 6, 2);
  expect(Matrix.sub(lower.mmul(lower.transpose()), a).abs().max()).toBeLessThan(1e-12);
  expect(
    Matrix.sub(a.mmul(solveCholesky(lower, b)), b)
      .abs()
      .max(),
  ).toBeLessThan(1e-12);
  expect(
    Matrix.sub(lower.mmul(solveLower(lower, b)), b)
      .abs()
      .max(),
  ).toBeLessThan(1e-12);
  for (let i = 0; i < 6; i++) for (let j = i + 1; j < 6; j++) expect(lower.get(i, j)).toBe(0);
});

test("solving leaves the right-hand side as it was", () => {
  const b = columnVector([1, 2]);
  solveCholesky(cholesky(small), b);
  expect(b.to1DArray()).toEqual([1, 2]);
});

test("a matrix that is not positive definite, or not symmetric, is refused by name", () => {
  const indefinite = fromRows([
    [1, 2],
    [2, 1],
  ]);
  const lopsided = fromRows([
    [1, 0.5],
    [0.4, 1],
  ]);
  expect(() => cholesky(indefinite, "prior")).toThrow("prior: expected a positive definite matrix");
  expect(() => cholesky(fromRows([[0]]))).toThrow("matrix: expected a positive definite matrix");
  expect(() => cholesky(fromRows([[Number.NaN]]), "prior")).toThrow(
    "prior[0]: expected a finite number, got NaN",
  );
  expect(() => cholesky(lopsided, "prior")).toThrow(
    "prior: expected a symmetric matrix, got 0.4 and 0.5 at (1, 0)",
  );
});

test("an asymmetry of rounding is let through", () => {
  const nearly = fromRows([
    [1, 0.5],
    [0.5 + 1e-12, 1],
  ]);
  expect(cholesky(nearly).get(1, 0)).toBeCloseTo(0.5, 11);
});

test("eigenvalues come largest first, each with its unit vector", () => {
  const known = symmetricEigen(
    fromRows([
      [2, 1],
      [1, 2],
    ]),
  );
  expect(known.values[0]).toBeCloseTo(3, 14);
  expect(known.values[1]).toBeCloseTo(1, 14);
  expect(Math.abs(known.vectors.get(0, 0) + known.vectors.get(1, 0))).toBeCloseTo(Math.SQRT2, 13);
  const a = positiveDefinite(7);
  const { values, vectors } = symmetricEigen(a);
  expect(Array.from(values)).toEqual(Array.from(values).sort((x, y) => y - x));
  for (let k = 0; k < 7; k++) {
    const v = columnVector(columnOf(vectors, k));
    expect(Matrix.sub(a.mmul(v), v.clone().mul(values[k]!)).abs().max()).toBeLessThan(1e-12 * values[0]!);
  }
  expect(Matrix.sub(vectors.transpose().mmul(vectors), Matrix.eye(7)).abs().max()).toBeLessThan(1e-12);
});

test("a quadratic form counts both sides of the diagonal", () => {
  expect(quadraticForm(small, [1, -2])).toBe(4 + 12 - 8);
  expect(Array.from(diagonal(small))).toEqual([4, 3]);
});

test("rows are laid out as written, and ragged, missing or miscounted ones are refused", () => {
  expect(fromFlat([1, 2, 3, 4, 5, 6], 2, 3).to2DArray()).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(Array.from(columnOf(fromFlat([1, 2, 3, 4, 5, 6], 2, 3), 1))).toEqual([2, 5]);
  expect(() => fromRows([[1, 2], [3]])).toThrow("row 1: expected 2 values, got 1");
  expect(() => fromRows([])).toThrow("a matrix needs at least one row and one column");
  expect(() => fromFlat([1, 2, 3], 2, 2)).toThrow("expected 2 × 2 values, got 3");
});

test.each([1e-290, 1e290])("factors and eigenvalues follow matrices of size %d", (unit) => {
  const scaled = fromRows([
    [2 * unit, unit],
    [unit, 2 * unit],
  ]);
  const { values } = symmetricEigen(scaled);
  expect([values[0]! / unit, values[1]! / unit]).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)]);
  expect(logDeterminant(cholesky(scaled))).toBeCloseTo(Math.log(3) + 2 * Math.log(unit), 9);
});
