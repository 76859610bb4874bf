/** Change of loadings over time: each window against the one before, judged by what chance does. */
import {
  checkCount,
  checkFinite,
  fold,
  fromFlat,
  type Key,
  Matrix,
  permutation,
  quantile,
  symmetricEigen,
} from "../../../core/index.js";
import { procrustes } from "./factorAlignment.js";

/** One border between two windows. */
export type LoadingChange = {
  /** First row of the later window. */
  readonly row: number;
  /** Root mean square difference of the two windows' loadings, the later ones turned towards the earlier. */
  readonly distance: number;
  /** What a share `level` of the shuffles exceeds. */
  readonly chance: number;
  /** Share of shuffles, the observed order included, that lie as far apart. */
  readonly p: number;
  readonly changed: boolean;
};

/** Options of `loadingChanges`. */
export interface LoadingChangeOptions {
  /** Rows of a window. */
  readonly window: number;
  /** K */
  readonly factors: number;
  readonly key: Key;
  /** Shuffles of each border. */
  readonly replicates: number;
  /** Rows that are shuffled together, so that what clusters stays together. */
  readonly block: number;
  /** Largest p of a change. With many borders take it smaller: one in twenty is chance at 0.05. */
  readonly level: number;
}

/**
 * Loadings on the first principal axes of each window against those of the window before.
 *
 * Under the null the blocks of the two windows could have come in any order; a shuffle of them gives the distances of chance. A
 * border is known at the end of its later window, and rows after that do not matter to it.
 * @param x  [N,A] row-major, of equal variance over time
 * @throws RangeError when there are fewer than two windows or a size is not a positive integer.
 */
export function loadingChanges(
  x: Float64Array,
  columns: number,
  options: LoadingChangeOptions,
): LoadingChange[] {
  const { window, factors, key, replicates, block, level } = options;
  for (const [name, value] of Object.entries({ window, factors, replicates, block })) checkCount(name, value);
  const windows = Math.floor(x.length / columns / window);
  checkCount("windows", windows, 2);
  checkCount("blocks of a window", Math.floor(window / block), 2);
  checkFinite("x", x);
  return Array.from({ length: windows - 1 }, (_, i) => {
    const pair = x.subarray(i * window * columns, (i + 2) * window * columns);
    const moments = blockMoments(pair, columns, block);
    const apart = (order: ArrayLike<number>) => halvesApart(moments, order, columns, factors);
    const distance = apart(moments.map((_, b) => b));
    const shuffled = Float64Array.from({ length: replicates }, (_, r) =>
      apart(permutation(fold(key, i, r), moments.length)),
    );
    const p = (1 + shuffled.filter((far) => far >= distance).length) / (replicates + 1);
    const chance = quantile(shuffled, 1 - level);
    return { row: (i + 1) * window, distance, chance, p, changed: p <= level };
  });
}

/** Sums [A] and sums of products [A,A] of the rows of each whole block, an even number of blocks. */
function blockMoments(x: Float64Array, columns: number, block: number): Float64Array[] {
  const blocks = 2 * Math.floor(x.length / columns / block / 2);
  return Array.from({ length: blocks }, (_, b) => {
    const out = new Float64Array(columns * (columns + 1));
    for (let n = b * block; n < (b + 1) * block; n++)
      for (let i = 0; i < columns; i++) {
        const value = x[n * columns + i]!;
        out[i]! += value / block;
        for (let j = 0; j < columns; j++)
          out[columns * (i + 1) + j]! += (value * x[n * columns + j]!) / block;
      }
    return out;
  });
}

/** Distance between the loadings of the first half of the blocks, in the given order, and of the second. */
function halvesApart(
  moments: readonly Float64Array[],
  order: ArrayLike<number>,
  columns: number,
  factors: number,
): number {
  const half = order.length / 2;
  const loadings = [0, half].map((from) => {
    const total = new Float64Array(columns * (columns + 1));
    for (let b = from; b < from + half; b++)
      moments[order[b]!]!.forEach((value, i) => {
        total[i]! += value / half;
      });
    const covariance = fromFlat(total.subarray(columns), columns, columns);
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) covariance.set(i, j, covariance.get(i, j) - total[i]! * total[j]!);
    return principalLoadings(covariance, factors);
  });
  return procrustes(loadings[0]!, loadings[1]!).distance;
}

/** The first axes of a covariance [A,A] times the roots of their eigenvalues, [A,K]. */
export function principalLoadings(covariance: Matrix, factors: number): Matrix {
  const { values, vectors } = symmetricEigen(covariance);
  const first = Array.from({ length: factors }, (_, k) => k);
  return vectors
    .subMatrixColumn(first)
    .mmul(Matrix.diag(first.map((k) => Math.sqrt(Math.max(0, values[k]!)))));
}
