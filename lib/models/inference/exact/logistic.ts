/** Bayesian logistic regression by Laplace and by the best Gaussian, without sampling noise. */
import {
  cholesky,
  columnOf,
  columnVector,
  logDeterminant,
  Matrix,
  solveCholesky,
} from "../../../core/index.js";
import { expectNormal } from "../../../prob/distributions/index.js";
import type { Family } from "../variational/advi.js";
import { type Design, linearPredictor, logisticRegressionTarget, logSigmoid, sigmoid } from "./regression.js";
import { logDensity } from "./target.js";

/** A Gaussian stand-in for a posterior, with what it says of log p(y) in nats. */
export interface GaussianApproximation {
  /** [F] */
  readonly mean: Float64Array;
  /** [F,F] */
  readonly covariance: Matrix;
  /** Laplace's estimate of the log evidence, or the ELBO. */
  readonly objective: number;
  /** Iterations used; each takes one gradient. */
  readonly iterations: number;
}

const POINTS = 40;

/**
 * Laplace's approximation: N(mode, −Hessian⁻¹) and its estimate of the evidence, which is not a bound.
 * @see Bishop 2006, equation 4.137
 */
export function laplaceLogistic(design: Design, priorVar: number): GaussianApproximation {
  const target = logisticRegressionTarget(design, priorVar);
  const curvature = (eta: number) => sigmoid(eta) * sigmoid(-eta);
  let mean = new Float64Array(design.columns);
  let lower = Matrix.eye(design.columns);
  let iterations = 0;
  while (iterations < 100) {
    iterations++;
    const eta = linearPredictor(design, mean);
    lower = cholesky(precisionOf(design, priorVar, eta.map(curvature)), "curvature");
    const residual = eta.map((value, n) => design.y[n]! - sigmoid(value));
    const move = columnOf(solveCholesky(lower, slope(design, priorVar, residual, mean)), 0);
    mean = mean.map((value, i) => value + move[i]!) as Float64Array<ArrayBuffer>;
    if (Math.max(...move.map(Math.abs)) < 1e-12) break;
  }
  const covariance = solveCholesky(lower, Matrix.eye(design.columns));
  const volume = 0.5 * (design.columns * Math.log(2 * Math.PI) - logDeterminant(lower));
  return { mean, covariance, objective: logDensity(target, mean) + volume, iterations };
}

/**
 * The Gaussian of the family that maximises the ELBO, by fixed-point iteration with one-dimensional quadrature.
 *
 * The stationary point satisfies S⁻¹ = I/v + Σ E[σ'(η_n)] x_n x_nᵀ (its diagonal for the mean-field family).
 * @see Opper & Archambeau 2009, equations 7 and 8
 */
export function variationalLogistic(design: Design, priorVar: number, family: Family): GaussianApproximation {
  const start = laplaceLogistic(design, priorVar);
  let mean = start.mean;
  let covariance = start.covariance;
  let iterations = 0;
  while (iterations < 500) {
    iterations++;
    const eta = linearPredictor(design, mean);
    const sd = predictorSd(design, covariance);
    const expected = (f: (value: number) => number) =>
      eta.map((value, n) => expectNormal(f, value, sd[n]!, POINTS));
    const precision = precisionOf(
      design,
      priorVar,
      expected((value) => sigmoid(value) * sigmoid(-value)),
    );
    const residual = expected(sigmoid).map((value, n) => design.y[n]! - value);
    const full = solveCholesky(cholesky(precision, "curvature"), Matrix.eye(design.columns));
    const move = columnOf(full.mmul(slope(design, priorVar, residual, mean)), 0);
    const next = family === "fullRank" ? full : Matrix.diag(precision.diagonal().map((value) => 1 / value));
    const change = Math.max(...move.map(Math.abs), Matrix.sub(next, covariance).abs().max());
    mean = mean.map((value, i) => value + move[i]!);
    covariance = next;
    if (change < 1e-12) break;
  }
  return { mean, covariance, objective: logisticElbo(design, priorVar, mean, covariance), iterations };
}

/** The ELBO of N(mean, covariance), by one-dimensional quadrature, in nats. */
export function logisticElbo(
  design: Design,
  priorVar: number,
  mean: Float64Array,
  covariance: Matrix,
): number {
  const sd = predictorSd(design, covariance);
  let elbo = 0;
  linearPredictor(design, mean).forEach((eta, n) => {
    const sign = 2 * design.y[n]! - 1;
    elbo += expectNormal((value) => logSigmoid(sign * value), eta, sd[n]!, POINTS);
  });
  const squares = mean.reduce((total, value) => total + value * value, 0);
  const size = design.columns;
  const divergence =
    0.5 *
    ((squares + covariance.trace()) / priorVar -
      size +
      size * Math.log(priorVar) -
      logDeterminant(cholesky(covariance, "covariance")));
  return elbo - divergence;
}

/** Standard deviation of x_n·w under the covariance of w, [N]. */
function predictorSd({ x, columns, y }: Design, covariance: Matrix): Float64Array {
  return Float64Array.from(y, (_, n) => {
    let variance = 0;
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++)
        variance += x[n * columns + i]! * covariance.get(i, j) * x[n * columns + j]!;
    }
    return Math.sqrt(variance);
  });
}

/** I/v + Σ weight_n x_n x_nᵀ */
function precisionOf({ x, columns, y }: Design, priorVar: number, weight: Float64Array): Matrix {
  const precision = Matrix.eye(columns, columns, 1 / priorVar);
  for (let n = 0; n < y.length; n++) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        precision.set(i, j, precision.get(i, j) + weight[n]! * x[n * columns + i]! * x[n * columns + j]!);
      }
    }
  }
  return precision;
}

/** Σ residual_n x_n − mean/v, as a column. */
function slope({ x, columns }: Design, priorVar: number, residual: Float64Array, mean: Float64Array): Matrix {
  return columnVector(
    mean.map((m, i) => residual.reduce((total, r, n) => total + r * x[n * columns + i]!, -m / priorVar)),
  );
}
