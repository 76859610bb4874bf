/** Loadings of two trainings, or of two periods, made comparable: a model knows its factors up to rotation, order and sign only. */
import { SingularValueDecomposition } from "ml-matrix";
import type { Matrix } from "../../../core/index.js";
import { checkCount, checkShape, mean, principalAngles } from "../../../core/index.js";
import { bestAssignment } from "../../regimes/matching.js";

/** Loadings turned towards a reference. */
export interface Rotated {
  /** Q [K,K], orthogonal. */
  readonly rotation: Matrix;
  /** other · Q [A,K] */
  readonly loadings: Matrix;
  /** Root mean square of what is left between the two. */
  readonly distance: number;
}

/**
 * The rotation (or reflection) of `other` that is nearest to `reference`, both [A,K].
 * @throws RangeError when the shapes differ.
 * @see Schönemann 1966
 */
export function procrustes(reference: Matrix, other: Matrix): Rotated {
  checkShape("other", [other.rows, other.columns], [reference.rows, reference.columns]);
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(
    other.transpose().mmul(reference),
    { autoTranspose: true },
  );
  const rotation = leftSingularVectors.mmul(rightSingularVectors.transpose());
  const loadings = other.mmul(rotation);
  const left = loadings.clone().sub(reference).to1DArray();
  return { rotation, loadings, distance: Math.sqrt(mean(left.map((d) => d * d))) };
}

/** Columns of loadings in the order and with the signs of a reference. */
export interface Reordered {
  /** [A,K] */
  readonly loadings: Matrix;
  /** [K] the other's column that is paired with each of the reference's, and 1 or −1. */
  readonly column: Int32Array;
  readonly sign: Int8Array;
  /** [K] |cosine| of each pair of columns: 1 for proportional loadings. */
  readonly congruence: Float64Array;
}

/**
 * Pairs columns so that the sum of their absolute cosines is largest; it turns nothing.
 * @throws RangeError when the shapes differ.
 * @see Tucker 1951 for the coefficient of congruence
 */
export function reorderLoadings(reference: Matrix, other: Matrix): Reordered {
  checkShape("other", [other.rows, other.columns], [reference.rows, reference.columns]);
  const cosines = Array.from({ length: reference.columns }, (_, k) =>
    Float64Array.from({ length: other.columns }, (_, j) =>
      cosine(reference.getColumn(k), other.getColumn(j)),
    ),
  );
  const column = bestAssignment(cosines.map((row) => row.map(Math.abs)));
  const paired = Float64Array.from(column, (j, k) => cosines[k]![j]!);
  const sign = Int8Array.from(paired, (value) => (value < 0 ? -1 : 1));
  const loadings = other.subMatrixColumn(Array.from(column));
  sign.forEach((s, k) => {
    loadings.mulColumn(k, s);
  });
  return { loadings, column, sign, congruence: paired.map(Math.abs) };
}

/** Agreement of M loadings. */
export interface LoadingStability {
  /** [K] mean congruence of each column of the first with its partner in the others, axes as they came. */
  readonly perFactor: Float64Array;
  /** The same after the others were turned by `procrustes`: what does not depend on the choice of axes. */
  readonly turned: Float64Array;
  /** Largest principal angle between the span of the first and any other, degrees. */
  readonly worstAngle: number;
}

/**
 * The first of M loadings [A,K] against the others, such as of seeds or of windows.
 * @throws RangeError when there are fewer than two or their shapes differ.
 */
export function loadingStability(all: readonly Matrix[]): LoadingStability {
  checkCount("loadings", all.length, 2);
  const [reference, ...others] = all as [Matrix, ...Matrix[]];
  const plain = others.map((other) => reorderLoadings(reference, other).congruence);
  const turned = others.map((other) => {
    const { loadings } = procrustes(reference, other);
    return Float64Array.from({ length: reference.columns }, (_, k) =>
      Math.abs(cosine(reference.getColumn(k), loadings.getColumn(k))),
    );
  });
  const average = (rows: readonly Float64Array[]) => rows[0]!.map((_, k) => mean(rows.map((row) => row[k]!)));
  const angles = others.map((other) => Math.max(...principalAngles(reference, other).degrees));
  return { perFactor: average(plain), turned: average(turned), worstAngle: Math.max(...angles) };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let [product, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return aa > 0 && bb > 0 ? product / Math.sqrt(aa * bb) : 0;
}
