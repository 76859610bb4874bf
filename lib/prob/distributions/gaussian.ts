/** The Gaussian: densities, summaries, and Kullback–Leibler divergences in float64. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import {
  checkCount,
  checkLength,
  checkPositive,
  cholesky,
  columnVector,
  type Key,
  logDeterminant,
  type Matrix,
  mean,
  normals,
  solveLower,
  standardDeviation,
  standardNormalQuantile,
} from "../../core/index.js";
import { expectNormal } from "./quadrature.js";

const LOG_2PI = Math.log(2 * Math.PI);

/** A one-dimensional normal. */
export interface Normal {
  readonly mean: number;
  readonly sd: number;
}

/** log N(x | mean, sd²) */
export function normalLogDensity(x: number, mean: number, sd: number): number {
  return -0.5 * (LOG_2PI + ((x - mean) / sd) ** 2) - Math.log(sd);
}

/** The density N(x | mean, sd²). */
export function normalDensity(x: number, mean: number, sd: number): number {
  return Math.exp(normalLogDensity(x, mean, sd));
}

/** A normal forecast in words: the probability of a rise, and two intervals. */
export interface NormalSummary {
  readonly probabilityPositive: number;
  /** mean ± sd */
  readonly interval68: readonly [number, number];
  /** mean ± 1.96 sd */
  readonly interval95: readonly [number, number];
}

/**
 * The probability above zero and the central intervals of N(mean, sd²), in the unit of the mean.
 * @throws RangeError when `sd` is not positive.
 */
export function normalSummary(mean: number, sd: number): NormalSummary {
  checkPositive("sd", sd);
  const wide = standardNormalQuantile(0.975) * sd;
  return {
    probabilityPositive: normalCdf(mean / sd, 0, 1),
    interval68: [mean - sd, mean + sd],
    interval95: [mean - wide, mean + wide],
  };
}

/** P(X ≤ x) of N(mean, sd²). */
export function normalProbability(x: number, mean: number, sd: number): number {
  return normalCdf(x, mean, sd);
}

/**
 * The x with P(X ≤ x) = probability under N(mean, sd²).
 * @throws RangeError when the probability is not in [0, 1] or `sd` is not positive.
 */
export function normalQuantile(probability: number, mean: number, sd: number): number {
  checkPositive("sd", sd);
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`probability: expected a number in [0, 1], got ${probability}`);
  return mean + sd * standardNormalQuantile(probability);
}

/**
 * Differential entropy of N(·, sd²) in nats; negative where the density exceeds one on average.
 * @throws RangeError when `sd` is not positive.
 */
export function normalEntropy(sd: number): number {
  checkPositive("sd", sd);
  return 0.5 * (1 + LOG_2PI) + Math.log(sd);
}

/**
 * Differential entropy of N(·, covariance [K,K]) in nats, by its Cholesky factor.
 * @throws RangeError when the covariance is not positive definite.
 */
export function gaussianEntropy(covariance: Matrix): number {
  const lower = cholesky(covariance, "covariance");
  return 0.5 * (covariance.rows * (1 + LOG_2PI) + logDeterminant(lower));
}

/**
 * KL(N(mean1, sd1²) ‖ N(mean2, sd2²)) in nats.
 * @throws RangeError when a standard deviation is not positive.
 */
export function klNormal(mean1: number, sd1: number, mean2: number, sd2: number): number {
  checkPositive("sd1", sd1);
  checkPositive("sd2", sd2);
  const ratio = sd1 / sd2;
  const normal = ratio > 1e-300 && Number.isFinite(ratio); // else the quotient has lost digits, or all of them
  const logRatio = 2 * (normal ? Math.log(ratio) : Math.log(sd1) - Math.log(sd2));
  return 0.5 * (expm1Less(logRatio) + ((mean1 - mean2) / sd2) ** 2);
}

/** exp(x) − 1 − x: the difference loses all digits near 0, where the series has them. */
function expm1Less(x: number): number {
  if (Math.abs(x) > 0.01) return Math.expm1(x) - x;
  return ((x * x) / 2) * (1 + (x / 3) * (1 + (x / 4) * (1 + (x / 5) * (1 + (x / 6) * (1 + x / 7)))));
}

/**
 * KL(N(mean, diag exp logVar) ‖ N(0, I)) of each dimension, [K] nats.
 * @throws RangeError when lengths differ.
 * @see Kingma & Welling 2014, appendix B
 */
export function klToStandardNormal(mean: ArrayLike<number>, logVar: ArrayLike<number>): Float64Array {
  checkLength("logVar", logVar, mean.length);
  return Float64Array.from({ length: mean.length }, (_, k) => 0.5 * (expm1Less(logVar[k]!) + mean[k]! ** 2));
}

/**
 * KL(N(mean1, cov1) ‖ N(mean2, cov2)) in nats, by Cholesky factors.
 * @param mean1  [K]
 * @param cov1   [K,K]
 * @param mean2  [K]
 * @param cov2   [K,K]
 * @throws RangeError when shapes disagree or a covariance is not positive definite.
 */
export function klGaussian(
  mean1: ArrayLike<number>,
  cov1: Matrix,
  mean2: ArrayLike<number>,
  cov2: Matrix,
): number {
  const size = mean1.length;
  checkLength("mean2", mean2, size);
  const [lower1, lower2] = [cholesky(cov1, "cov1"), cholesky(cov2, "cov2")];
  const spread = solveLower(lower2, lower1).norm() ** 2;
  const difference = Array.from({ length: size }, (_, i) => mean1[i]! - mean2[i]!);
  const shift = solveLower(lower2, columnVector(difference)).norm() ** 2;
  return 0.5 * (spread + shift - size + logDeterminant(lower2) - logDeterminant(lower1));
}

/** An average over draws with its standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * KL(q ‖ p) in nats as the average of log q − log p over draws of q.
 * @throws RangeError when there are fewer than two draws.
 */
export function klMonteCarlo(
  q: Normal,
  logP: (x: number) => number,
  options: { readonly draws: number; readonly key: Key },
): Estimate {
  checkCount("draws", options.draws, 2);
  const values = normals(options.key, options.draws).map((e) => {
    const x = q.mean + q.sd * e;
    return normalLogDensity(x, q.mean, q.sd) - logP(x);
  });
  return { value: mean(values), standardError: standardDeviation(values) / Math.sqrt(values.length) };
}

/** KL(q ‖ p) in nats as an integral, by Gauss–Hermite nodes: exact where log p is a polynomial. */
export function klQuadrature(q: Normal, logP: (x: number) => number, points = 60): number {
  return expectNormal((x) => normalLogDensity(x, q.mean, q.sd) - logP(x), q.mean, q.sd, points);
}
