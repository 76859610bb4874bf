/** Gaussian components: what mixtures and hidden Markov models say of a row, given its component. */

import type { Key } from "../../core/index.js";
import {
  checkCount,
  checkShape,
  cholesky,
  columnVector,
  fromFlat,
  logDeterminant,
  Matrix,
  mean,
  standardDeviation,
  symmetricEigen,
} from "../../core/index.js";
import { checkRows, plusPlusRows } from "./clusters.js";

/** K Gaussians in D dimensions. */
export interface GaussianComponents {
  /** D */
  readonly columns: number;
  /** [K,D] */
  readonly mean: Float64Array;
  /** [K] of [D,D] */
  readonly covariance: readonly Matrix[];
}

export type CovarianceKind = "full" | "diagonal";

/** The least variance of a component in any direction, in units of the columns' own variances over all rows. */
const FLOOR = 1e-6;
const LOG_2PI = Math.log(2 * Math.PI);

/**
 * log N(x_n | mean_k, covariance_k) in nats, normalised.
 * @param x  [N,D] row-major
 * @returns  [N,K]
 * @throws RangeError when a value is not finite or a covariance is not positive definite.
 */
export function componentLogDensities(
  x: Float64Array,
  { columns, mean, covariance }: GaussianComponents,
): Float64Array {
  const rows = checkRows(x, columns);
  const count = covariance.length;
  checkShape("mean", [mean.length / columns], [count]);
  const out = new Float64Array(rows * count);
  const white = new Float64Array(columns);
  covariance.forEach((matrix, k) => {
    const factor = cholesky(matrix, `covariance of component ${k}`);
    const lower = Float64Array.from(factor.to1DArray());
    const constant = -0.5 * (columns * LOG_2PI + logDeterminant(factor));
    for (let n = 0; n < rows; n++) {
      let square = 0;
      for (let i = 0; i < columns; i++) {
        let rest = x[n * columns + i]! - mean[k * columns + i]!;
        for (let j = 0; j < i; j++) rest -= lower[i * columns + j]! * white[j]!;
        white[i] = rest / lower[i * columns + i]!;
        square += white[i]! ** 2;
      }
      out[n * count + k] = constant - 0.5 * square;
    }
  });
  return out;
}

/**
 * The components of greatest expected log likelihood given responsibilities, none narrower than the floor.
 *
 * A component without rows stays as it was before.
 * @param x               [N,D] of standardised columns
 * @param responsibility  [N,K]
 */
export function refitted(
  x: Float64Array,
  responsibility: Float64Array,
  before: GaussianComponents,
  kind: CovarianceKind,
): GaussianComponents {
  const { columns } = before;
  const count = before.covariance.length;
  const centres = before.mean.slice();
  const covariance = before.covariance.map((old, k) => {
    const own = new Float64Array(x.length / columns);
    for (let n = 0; n < own.length; n++) own[n] = responsibility[n * count + k]!;
    const weight = own.reduce((a, b) => a + b, 0);
    if (weight < 1e-9) return old;
    const centre = centres.subarray(k * columns, (k + 1) * columns).fill(0);
    own.forEach((r, n) => {
      for (let i = 0; i < columns; i++) centre[i]! += (r * x[n * columns + i]!) / weight;
    });
    return floored(weightedScatter(x, own, centre).div(weight), kind);
  });
  return { columns, mean: centres, covariance };
}

/** Components at rows that are far apart, each with the covariance of all rows. @param x [N,D] of standardised columns */
export function scatteredComponents(
  x: Float64Array,
  columns: number,
  count: number,
  options: { readonly key: Key; readonly kind: CovarianceKind },
): GaussianComponents {
  const chosen = plusPlusRows(x, columns, count, options.key);
  const rows = x.length / columns;
  const all = weightedScatter(x, new Float64Array(rows).fill(1 / rows), new Float64Array(columns));
  const covariance = floored(all, options.kind);
  return {
    columns,
    mean: Float64Array.from(
      Array.from(chosen).flatMap((n) => Array.from(x.subarray(n * columns, (n + 1) * columns))),
    ),
    covariance: Array.from({ length: count }, () => covariance),
  };
}

/** Components narrower than twice the floor in some direction: they sit on a few rows and their likelihood means nothing. */
export function degenerateCount({ covariance }: GaussianComponents): number {
  return covariance.filter((matrix) => symmetricEigen(matrix).values.at(-1)! < 2 * FLOOR).length;
}

/** Components of standardised columns from calm to volatile: by the sum of their variances. */
export function byVolatility({ covariance }: GaussianComponents): number[] {
  return Array.from(covariance.keys()).sort((a, b) => covariance[a]!.trace() - covariance[b]!.trace());
}

/** Columns of mean 0 and standard deviation 1, with what leads back. */
export interface Standardised {
  /** [N,D] */
  readonly x: Float64Array;
  /** [D] */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
}

/** @throws RangeError when a column does not vary. @param x [N,D] */
export function standardised(x: Float64Array, columns: number): Standardised {
  const rows = checkRows(x, columns);
  checkCount("rows", rows, 2);
  const column = (d: number) => Float64Array.from({ length: rows }, (_, n) => x[n * columns + d]!);
  const centre = Float64Array.from({ length: columns }, (_, d) => mean(column(d)));
  const scale = Float64Array.from({ length: columns }, (_, d) => standardDeviation(column(d), 0));
  scale.forEach((s, d) => {
    if (!(s > 0)) throw new RangeError(`x: expected column ${d} to vary, got ${x[d]} throughout`);
  });
  return {
    x: x.map((value, i) => (value - centre[i % columns]!) / scale[i % columns]!),
    centre,
    scale,
  };
}

/** The components in `order` and in the units of the data. */
export function unscaled(
  { columns, mean: centres, covariance }: GaussianComponents,
  { centre, scale }: Standardised,
  order: readonly number[],
): GaussianComponents {
  const spread = columnVector(scale);
  const units = spread.mmul(spread.transpose());
  return {
    columns,
    mean: Float64Array.from(
      order.flatMap((k) =>
        Array.from(centre, (c, d) => c + (scale[d] as number) * centres[k * columns + d]!),
      ),
    ),
    covariance: order.map((k) => Matrix.mul(covariance[k]!, units)),
  };
}

/** Σ_n weight_n (x_n − centre)(x_n − centre)ᵀ */
export function weightedScatter(x: Float64Array, weight: Float64Array, centre: Float64Array): Matrix {
  const columns = centre.length;
  const total = new Float64Array(columns * columns);
  weight.forEach((w, n) => {
    for (let i = 0; i < columns; i++) {
      const deviation = w * (x[n * columns + i]! - centre[i]!);
      for (let j = 0; j <= i; j++) total[i * columns + j]! += deviation * (x[n * columns + j]! - centre[j]!);
    }
  });
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < i; j++) total[j * columns + i] = total[i * columns + j]!;
  return fromFlat(total, columns, columns);
}

/** Of all covariances no narrower than the floor, the one of greatest likelihood: eigenvalues below it are raised to it. */
function floored(covariance: Matrix, kind: CovarianceKind): Matrix {
  if (kind === "diagonal") return Matrix.diag(covariance.diagonal().map((v) => Math.max(v, FLOOR)));
  const { values, vectors } = symmetricEigen(covariance);
  if (values.at(-1)! >= FLOOR) return covariance;
  const raised = Matrix.diag(Array.from(values, (v) => Math.max(v, FLOOR)));
  const matrix = vectors.mmul(raised).mmul(vectors.transpose());
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}
