/** Bayesian linear regression with its exact posterior and evidence: the known answer beside every approximation. */
import gammaln from "@stdlib/math-base-special-gammaln";
import studentQuantile from "@stdlib/stats-base-dists-t-quantile";
import {
  checkLength,
  checkPositive,
  cholesky,
  columnOf,
  columnVector,
  diagonal,
  fromFlat,
  logDeterminant,
  Matrix,
  quadraticForm,
  solveCholesky,
} from "../../../core/index.js";
import type { Design } from "./regression.js";

/** Posterior N(mean, covariance) of the weights under known noise. */
export interface LinearPosterior {
  /** [F] */
  readonly mean: Float64Array;
  /** [F,F] */
  readonly covariance: Matrix;
  /** [F,F] */
  readonly precision: Matrix;
  /** log p(y), nats. */
  readonly logEvidence: number;
  readonly noiseVar: number;
}

/** Predictive distribution of new rows; the variances add up to the whole. */
export interface LinearPrediction {
  /** [N] */
  readonly mean: Float64Array;
  /** [N] xᵀSx, the variance of the mean over the posterior. */
  readonly epistemic: Float64Array;
  /** Variance of the noise, the same for every row. */
  readonly aleatoric: number;
}

/**
 * The exact posterior of y = Xw + e with e ~ N(0, noiseVar) and w ~ N(0, priorVar I).
 * @throws RangeError when shapes disagree or a variance is not positive.
 * @see Bishop 2006, equations 3.49 to 3.54 and 3.86
 */
export function bayesianLinearRegression(
  design: Design,
  noiseVar: number,
  priorVar: number,
): LinearPosterior {
  checkPositive("noiseVar", noiseVar);
  checkPositive("priorVar", priorVar);
  const { columns, y } = design;
  const { gram, cross, squares } = crossProducts(design);
  const precision = gram.div(noiseVar).add(Matrix.eye(columns, columns, 1 / priorVar));
  const lower = cholesky(precision, "posterior precision");
  const weights = columnOf(solveCholesky(lower, cross.clone().div(noiseVar)), 0);
  const explained = weights.reduce((total, w, i) => total + w * cross.get(i, 0), 0);
  const logEvidence =
    -0.5 * y.length * Math.log(2 * Math.PI * noiseVar) -
    0.5 * columns * Math.log(priorVar) -
    0.5 * logDeterminant(lower) -
    (0.5 * (squares - explained)) / noiseVar;
  return {
    mean: weights,
    covariance: solveCholesky(lower, Matrix.eye(columns)),
    precision,
    logEvidence,
    noiseVar,
  };
}

/**
 * Predicts new rows under a Gaussian posterior of the weights, exact or approximate.
 * @param x [N,F] row-major
 */
export function predictLinear(
  posterior: { readonly mean: ArrayLike<number>; readonly covariance: Matrix; readonly noiseVar: number },
  x: Float64Array,
): LinearPrediction {
  const columns = posterior.mean.length;
  const rows = Array.from({ length: x.length / columns }, (_, n) =>
    x.subarray(n * columns, (n + 1) * columns),
  );
  return {
    mean: Float64Array.from(rows, (row) =>
      row.reduce((total, value, i) => total + value * posterior.mean[i]!, 0),
    ),
    epistemic: Float64Array.from(rows, (row) => quadraticForm(posterior.covariance, row)),
    aleatoric: posterior.noiseVar,
  };
}

/** The best mean-field Gaussian for a Gaussian posterior. */
export interface MeanFieldOptimum {
  /** [P] 1/Λ_ii */
  readonly variance: Float64Array;
  /** [P] share of the true variance that is left. */
  readonly varianceRatio: Float64Array;
  /** KL(q ‖ posterior) in nats: what the ELBO falls short of the evidence. */
  readonly kl: number;
  /** [P] variances of the best factorised q in the other direction, KL(posterior ‖ q): the true marginals. */
  readonly forwardVariance: Float64Array;
}

/**
 * The mean-field optimum for N(·, Λ⁻¹) with the precision Λ [P,P], in closed form; its mean is the true one.
 * @see Turner & Sahani 2011, section 1.3; MacKay 2003, chapter 33
 */
export function meanFieldOptimum(precision: Matrix): MeanFieldOptimum {
  const lower = cholesky(precision, "precision");
  const forwardVariance = diagonal(solveCholesky(lower, Matrix.eye(precision.rows)));
  const variance = diagonal(precision).map((value) => 1 / value);
  const logDiagonal = variance.reduce((total, value) => total - Math.log(value), 0);
  return {
    variance,
    varianceRatio: variance.map((value, i) => value / forwardVariance[i]!),
    kl: 0.5 * (logDiagonal - logDeterminant(lower)),
    forwardVariance,
  };
}

/** Posterior of weights and noise together: w | σ² ~ N(mean, σ² V), σ² ~ InverseGamma(shape, rate). */
export interface NormalInverseGammaPosterior {
  readonly mean: Float64Array;
  readonly scale: Matrix;
  readonly shape: number;
  readonly rate: number;
  readonly logEvidence: number;
}

/** A Student-t predictive distribution. */
export interface StudentPrediction {
  readonly degreesOfFreedom: number;
  readonly location: number;
  readonly scale: number;
  quantile(probability: number): number;
}

/**
 * The exact posterior of y = Xw + e, e ~ N(0, σ²), when σ² is unknown: w | σ² ~ N(0, σ² scaleVar I), σ² ~ InverseGamma(shape, rate).
 * @throws RangeError when shapes disagree or a hyper-parameter is not positive.
 * @see Murphy 2012, section 7.6.3
 */
export function normalInverseGammaRegression(
  design: Design,
  prior: { readonly scaleVar: number; readonly shape: number; readonly rate: number },
): NormalInverseGammaPosterior {
  Object.entries(prior).forEach(([name, value]) => {
    checkPositive(name, value);
  });
  const { columns, y } = design;
  const { gram, cross, squares } = crossProducts(design);
  const lower = cholesky(gram.add(Matrix.eye(columns, columns, 1 / prior.scaleVar)), "posterior precision");
  const weights = columnOf(solveCholesky(lower, cross), 0);
  const explained = weights.reduce((total, w, i) => total + w * cross.get(i, 0), 0);
  const shape = prior.shape + y.length / 2;
  const rate = prior.rate + 0.5 * (squares - explained);
  const logEvidence =
    -0.5 * y.length * Math.log(2 * Math.PI) -
    0.5 * (columns * Math.log(prior.scaleVar) + logDeterminant(lower)) +
    prior.shape * Math.log(prior.rate) -
    shape * Math.log(rate) +
    gammaln(shape) -
    gammaln(prior.shape);
  return { mean: weights, scale: solveCholesky(lower, Matrix.eye(columns)), shape, rate, logEvidence };
}

/** The predictive distribution of one new row x [F]. */
export function predictStudent(
  posterior: NormalInverseGammaPosterior,
  x: ArrayLike<number>,
): StudentPrediction {
  checkLength("x", x, posterior.mean.length);
  const degreesOfFreedom = 2 * posterior.shape;
  const location = posterior.mean.reduce((total, w, i) => total + w * x[i]!, 0);
  const scale = Math.sqrt((posterior.rate / posterior.shape) * (1 + quadraticForm(posterior.scale, x)));
  return {
    degreesOfFreedom,
    location,
    scale,
    quantile: (probability) => location + scale * studentQuantile(probability, degreesOfFreedom),
  };
}

export function crossProducts({ x, columns, y }: Design) {
  checkLength("x", x, y.length * columns);
  const inputs = fromFlat(x, y.length, columns);
  const transposed = inputs.transpose();
  return {
    gram: transposed.mmul(inputs),
    cross: transposed.mmul(columnVector(y)),
    squares: y.reduce((total, value) => total + value * value, 0),
  };
}
