/** The linear factor model x = Bf + μ + e with an own variance for each asset: simulated, fitted and scored exactly. */
import gammaln from "@stdlib/math-base-special-gammaln";
import {
  checkCount,
  checkFinite,
  checkLength,
  checkPositive,
  cholesky,
  fold,
  fromFlat,
  type Key,
  logDeterminant,
  Matrix,
  normals,
  solveCholesky,
  solveLower,
  symmetricEigen,
} from "../../../core/index.js";
import { principalComponents } from "./pca.js";

/** f ~ N(0, I) [K], e ~ N(0, diag ownVariance) [A]. */
export interface LinearFactors {
  /** B [A,K] */
  readonly loadings: Matrix;
  /** [A] */
  readonly ownVariance: Float64Array;
  /** μ [A] */
  readonly centre: Float64Array;
}

/** The model of greatest likelihood. */
export interface FactorAnalysis extends LinearFactors {
  /** Of a row of the data, averaged, nats. */
  readonly logLikelihood: number;
  readonly sweeps: number;
}

/** No own variance falls below this share of the asset's variance: a likelihood without bound tells nothing (Heywood's case). */
const LEAST_SHARE = 1e-4;

/**
 * The most factors whose loadings `assets` variances and covariances can tell, up to rotation; 0 for one or two assets.
 *
 * With more the likelihood is the same for many models, and what is found is a matter of the start.
 * @throws RangeError when `assets` is not a positive integer.
 * @see Ledermann 1937
 */
export function mostFactors(assets: number): number {
  checkCount("assets", assets);
  const isTold = (factors: number): boolean => (assets - factors) ** 2 >= assets + factors;
  let factors = 0;
  while (factors + 1 < assets && isTold(factors + 1)) factors++;
  return factors;
}

/**
 * Factor analysis by expectation–maximisation, from the principal axes.
 *
 * The likelihood knows the span of B only; the axes returned make the posterior covariance of f diagonal, the best known factor
 * first, each with loadings of a positive sum.
 * @param x  [N,A] row-major
 * @throws RangeError when a value is not finite, there are not more assets than factors, or an asset does not move.
 * @see Rubin & Thayer 1982
 */
export function factorAnalysis(
  x: Float64Array,
  columns: number,
  { factors, sweeps = 2000 }: { readonly factors: number; readonly sweeps?: number },
): FactorAnalysis {
  checkCount("factors", factors);
  checkCount("sweeps", sweeps);
  if (factors >= columns)
    throw new RangeError(`factors: expected fewer than the ${columns} assets, got ${factors}`);
  const { axes, eigenvalues, centre } = principalComponents(x, columns);
  const covariance = axes.mmul(Matrix.diag(Array.from(eigenvalues))).mmul(axes.transpose());
  const own = covariance.diagonal();
  own.forEach((value, a) => {
    checkPositive(`variance of column ${a}`, value);
  });
  let loadings = axes
    .subMatrixColumn(Array.from({ length: factors }, (_, k) => k))
    .mmul(Matrix.diag(Array.from(eigenvalues.subarray(0, factors), (value) => Math.sqrt(0.8 * value))));
  let ownVariance: Float64Array = Float64Array.from(own, (value) => 0.5 * value);
  let [last, logLikelihood, sweep] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (; sweep < sweeps; sweep++) {
    const marginal = cholesky(marginalCovariance({ loadings, ownVariance }), "model covariance");
    logLikelihood = gaussianAverage(marginal, covariance);
    if (logLikelihood - last < 1e-10) break;
    last = logLikelihood;
    ({ loadings, ownVariance } = maximise({ loadings, covariance, marginal }));
  }
  return { ...canonical({ loadings, ownVariance, centre }), logLikelihood, sweeps: sweep };
}

/** One sweep: the expected factors of all rows, then the regression on them. */
function maximise({
  loadings,
  covariance,
  marginal,
}: {
  readonly loadings: Matrix;
  readonly covariance: Matrix;
  readonly marginal: Matrix;
}): Pick<LinearFactors, "loadings" | "ownVariance"> {
  const reader = solveCholesky(marginal, loadings).transpose(); // E[f | x] = reader · x
  const crossed = covariance.mmul(reader.transpose());
  const square = Matrix.eye(loadings.columns).sub(reader.mmul(loadings)).add(reader.mmul(crossed));
  const symmetric = square.clone().add(square.transpose()).div(2);
  const next = solveCholesky(cholesky(symmetric, "factor moments"), crossed.transpose()).transpose();
  const own = covariance
    .diagonal()
    .map((value, a) =>
      Math.max(LEAST_SHARE * value, value - next.getRowVector(a).dot(crossed.getRowVector(a))),
    );
  return { loadings: next, ownVariance: Float64Array.from(own) };
}

/** B Bᵀ + diag ownVariance [A,A]. */
export function marginalCovariance({
  loadings,
  ownVariance,
}: Pick<LinearFactors, "loadings" | "ownVariance">): Matrix {
  checkLength("ownVariance", ownVariance, loadings.rows);
  return loadings.mmul(loadings.transpose()).add(Matrix.diag(Array.from(ownVariance)));
}

/**
 * The log likelihood log p(x) of each row of x [N,A], nats: [N].
 * @throws RangeError when sizes disagree or a number is not finite.
 */
export function linearFactorLogLikelihood(model: LinearFactors, x: ArrayLike<number>): Float64Array {
  const lower = cholesky(marginalCovariance(model), "model covariance");
  const constant = model.centre.length * Math.log(2 * Math.PI) + logDeterminant(lower);
  const whitened = solveLower(lower, centredColumns(model, x));
  return Float64Array.from({ length: whitened.columns }, (_, n) => {
    const column = whitened.getColumn(n);
    return -0.5 * column.reduce((total, value) => total + value * value, constant);
  });
}

/**
 * The log likelihood of each row of x [N,A], nats: [N], under a multivariate Student-t with the model's mean and covariance.
 *
 * Straight lines too, but all assets wild together.
 * @param freedom  degrees of freedom, above 2
 * @throws RangeError when sizes disagree, a number is not finite, or the freedom is 2 or less.
 * @see Kotz & Nadarajah 2004
 */
export function studentFactorLogLikelihood(
  model: LinearFactors,
  x: ArrayLike<number>,
  freedom: number,
): Float64Array {
  if (!(freedom > 2)) throw new RangeError(`freedom: expected more than 2, got ${freedom}`);
  const lower = cholesky(marginalCovariance(model), "model covariance");
  const size = model.centre.length;
  const whitened = solveLower(lower, centredColumns(model, x));
  const constant =
    gammaln((freedom + size) / 2) -
    gammaln(freedom / 2) -
    0.5 * (size * Math.log(Math.PI * (freedom - 2)) + logDeterminant(lower));
  return Float64Array.from({ length: whitened.columns }, (_, n) => {
    const square = whitened.getColumn(n).reduce((total, value) => total + value * value, 0);
    return constant - 0.5 * (freedom + size) * Math.log1p(square / (freedom - 2));
  });
}

/** E[f | x] of rows [N,A], as [N,K] row-major, and the covariance [K,K] that all rows share. */
export function linearFactorPosterior(
  model: LinearFactors,
  x: ArrayLike<number>,
): { readonly mean: Float64Array; readonly covariance: Matrix } {
  const { loadings, ownVariance } = model;
  const weighted = Matrix.diag(Array.from(ownVariance, (v) => 1 / v)).mmul(loadings);
  const precision = Matrix.eye(loadings.columns).add(loadings.transpose().mmul(weighted));
  const covariance = solveCholesky(cholesky(precision, "posterior precision"), Matrix.eye(loadings.columns));
  const means = covariance.mmul(weighted.transpose()).mmul(centredColumns(model, x));
  return { mean: Float64Array.from(means.transpose().to1DArray()), covariance };
}

/** Draws of the model: rows [N,A] and the factors [N,K] that made them, row-major. */
export function simulateLinearFactors(
  { loadings, ownVariance, centre }: LinearFactors,
  rows: number,
  key: Key,
): { readonly x: Float64Array; readonly factors: Float64Array } {
  const [assets, latents] = [loadings.rows, loadings.columns];
  const factors = normals(fold(key, "factors"), rows * latents);
  const own = normals(fold(key, "own"), rows * assets);
  const x = own.map((e, i) => {
    const [n, a] = [Math.floor(i / assets), i % assets];
    let value = centre[a]! + Math.sqrt(ownVariance[a]!) * e;
    for (let k = 0; k < latents; k++) value += loadings.get(a, k) * factors[n * latents + k]!;
    return value;
  });
  return { x, factors };
}

/** The rotation in which the factors of one row are known independently of one another. */
function canonical({ loadings, ownVariance, centre }: LinearFactors): LinearFactors {
  const weighted = Matrix.diag(Array.from(ownVariance, (v) => 1 / v)).mmul(loadings);
  const { vectors } = symmetricEigen(loadings.transpose().mmul(weighted));
  const turned = loadings.mmul(vectors);
  for (let k = 0; k < turned.columns; k++) {
    const sign = turned.getColumn(k).reduce((a, b) => a + b, 0) < 0 ? -1 : 1;
    turned.mulColumn(k, sign);
  }
  return { loadings: turned, ownVariance, centre };
}

/** Mean log density of rows of the given covariance [A,A] and of no mean, nats. */
function gaussianAverage(lower: Matrix, covariance: Matrix): number {
  const trace = solveCholesky(lower, covariance).trace();
  return -0.5 * (covariance.rows * Math.log(2 * Math.PI) + logDeterminant(lower) + trace);
}

/** Rows less the centre, as columns: [A,N]. */
function centredColumns({ centre }: LinearFactors, x: ArrayLike<number>): Matrix {
  const assets = centre.length;
  checkCount("rows", x.length / assets);
  checkFinite("x", x);
  return fromFlat(x, x.length / assets, assets)
    .subRowVector(Array.from(centre))
    .transpose();
}
