/** Angles between linear subspaces. */
import { QrDecomposition, SingularValueDecomposition } from "ml-matrix";
import { checkCount, checkFinite } from "./axes.js";
import type { Matrix } from "./linalg.js";

/** Principal angles between two subspaces. */
export interface PrincipalAngles {
  /** Largest first, in [0, 1]; one for each column of the narrower matrix. */
  readonly cosines: Float64Array;
  /** Smallest first. */
  readonly degrees: Float64Array;
}

/**
 * The angles between the spans of the columns of `a` [N,K] and `b` [N,L], in degrees; all are 0 when one span holds the other.
 *
 * Small angles are taken from sines: a cosine near one has lost them to rounding.
 * @throws RangeError when rows differ, a number is not finite, or columns are linearly dependent.
 * @see Björck & Golub 1973
 */
export function principalAngles(a: Matrix, b: Matrix): PrincipalAngles {
  if (a.rows !== b.rows) throw new RangeError(`b: expected ${a.rows} rows, got ${b.rows}`);
  const [wide, narrow] =
    a.columns >= b.columns ? [basis(a, "a"), basis(b, "b")] : [basis(b, "b"), basis(a, "a")];
  const inner = wide.transpose().mmul(narrow);
  const cosines = new SingularValueDecomposition(inner).diagonal.map((value) => Math.min(1, value));
  const outside = narrow.clone().sub(wide.mmul(inner));
  const sines = new SingularValueDecomposition(outside).diagonal.map((value) => Math.min(1, value)).reverse();
  const radians = cosines.map((cosine, k) =>
    cosine * cosine > 0.5 ? Math.asin(sines[k]!) : Math.acos(cosine),
  );
  return {
    cosines: Float64Array.from(cosines),
    degrees: Float64Array.from(radians, (angle) => (angle * 180) / Math.PI),
  };
}

/** Orthonormal columns of the same span. */
function basis(matrix: Matrix, name: string): Matrix {
  checkCount(`${name}: columns`, matrix.columns);
  checkFinite(name, matrix.to1DArray());
  const decomposition = new QrDecomposition(matrix);
  const pivots = decomposition.upperTriangularMatrix.diagonal().map(Math.abs);
  if (matrix.rows < matrix.columns || Math.min(...pivots) <= 1e-12 * Math.max(...pivots)) {
    throw new RangeError(`${name}: expected ${matrix.columns} linearly independent columns`);
  }
  return decomposition.orthogonalMatrix;
}
