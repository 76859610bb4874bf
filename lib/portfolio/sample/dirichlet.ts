/** The Dirichlet distribution over portfolio weights: long-only, summing to one. */
import digamma from "@stdlib/math-base-special-digamma";
import gammaln from "@stdlib/math-base-special-gammaln";
import {
  checkCount,
  checkLength,
  checkPositive,
  fold,
  gammas,
  type Key,
  logSumExp,
  Matrix,
  uniforms,
} from "../../core/index.js";

/** Moments of Dirichlet(alpha); arrays are [K]. */
export interface DirichletMoments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
  readonly variance: Float64Array;
  readonly entropy: number;
  /** E log w */
  readonly meanLog: Float64Array;
  /** E Σ w², the expected Herfindahl concentration. */
  readonly meanHerfindahl: number;
  /** Null where an alpha is 1 or less. */
  readonly mode: Float64Array | null;
}

/**
 * Moments of Dirichlet(alpha) with alpha [K]; the entropy in nats.
 * @throws RangeError when an alpha is not positive.
 */
export function dirichletMoments(alpha: ArrayLike<number>): DirichletMoments {
  const { values, total, size } = checkAlpha(alpha);
  const mean = values.map((a) => a / total);
  const covariance = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      covariance.set(i, j, ((i === j ? mean[i]! : 0) - mean[i]! * mean[j]!) / (total + 1));
    }
  }
  const variance = Float64Array.from(covariance.diagonal());
  return {
    mean,
    covariance,
    variance,
    entropy:
      logBeta(values) +
      (total - size) * digamma(total) -
      values.reduce((sum, a) => sum + (a - 1) * digamma(a), 0),
    meanLog: values.map((a) => digamma(a) - digamma(total)),
    meanHerfindahl: variance.reduce((sum, v, i) => sum + v + mean[i]! ** 2, 0),
    mode: values.every((a) => a > 1) ? values.map((a) => (a - 1) / (total - size)) : null,
  };
}

/** log density at weights w, which must be positive; their sum is taken to be one. */
export function dirichletLogDensity(w: ArrayLike<number>, alpha: ArrayLike<number>): number {
  const { values, size } = checkAlpha(alpha);
  checkLength("w", w, size);
  return values.reduce((total, a, k) => total + (a - 1) * Math.log(w[k]!), -logBeta(values));
}

/** KL(Dirichlet(alpha) ‖ Dirichlet(beta)) in nats. */
export function klDirichlet(alpha: ArrayLike<number>, beta: ArrayLike<number>): number {
  const { values, total, size } = checkAlpha(alpha);
  checkLength("beta", beta, size);
  const other = checkAlpha(beta).values;
  return values.reduce(
    (sum, a, k) => sum + (a - other[k]!) * (digamma(a) - digamma(total)),
    logBeta(other) - logBeta(values),
  );
}

/**
 * Portfolios drawn from Dirichlet(alpha), [count · K] row-major, each summing to one.
 * @throws RangeError when an alpha or the count is not positive.
 */
export function sampleDirichlet(key: Key, count: number, alpha: ArrayLike<number>): Float64Array {
  const { values, size } = checkAlpha(alpha);
  checkCount("count", count);
  const columns = Array.from(values, (a, k) => logGammas(fold(key, k), count, a));
  const out = new Float64Array(count * size);
  for (let n = 0; n < count; n++) {
    const logTotal = logSumExp(columns.map((column) => column[n]!));
    columns.forEach((column, k) => {
      out[n * size + k] = Math.exp(column[n]! - logTotal);
    });
  }
  return out;
}

/** Logarithms of draws of Gamma(shape): at a small shape the draws themselves underflow to zero. */
function logGammas(key: Key, count: number, shape: number): Float64Array {
  if (shape >= 1) return gammas(key, count, shape).map(Math.log);
  const power = uniforms(fold(key, "power"), count);
  return gammas(key, count, shape + 1).map((value, n) => Math.log(value) + Math.log(power[n]!) / shape);
}

function logBeta(alpha: Float64Array): number {
  return alpha.reduce((sum, a) => sum + gammaln(a), -gammaln(alpha.reduce((a, b) => a + b, 0)));
}

function checkAlpha(alpha: ArrayLike<number>) {
  const values = Float64Array.from(alpha);
  values.forEach((a, k) => {
    checkPositive(`alpha[${k}]`, a);
  });
  return { values, total: values.reduce((a, b) => a + b, 0), size: values.length };
}
