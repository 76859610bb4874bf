/** Coordinate-ascent variational inference: each factor of a mean-field q is set to its optimum given the others. */
import digamma from "@stdlib/math-base-special-digamma";
import gammaln from "@stdlib/math-base-special-gammaln";
import { checkCount, checkFinite, checkLength, checkPositive, mean, sum } from "../../../core/index.js";

const LOG_2PI = Math.log(2 * Math.PI);

/** One sweep of coordinate ascent on a correlated Gaussian. */
export interface CaviSweep {
  /** [P] */
  readonly mean: Float64Array;
  /** [P] variances of the factors: 1/Λ_ii, known from the first sweep on. */
  readonly variance: Float64Array;
}

/**
 * Mean-field q(θ) = Π q(θ_i) for N(μ, Λ⁻¹), one entry a sweep, from `start`.
 *
 * The means converge to μ; the variances are 1/Λ_ii, never more than the true ones.
 * @param mean       [P] μ
 * @param precision  [P,P] Λ, row-major
 * @throws RangeError when sizes disagree or `sweeps` is not a positive integer.
 * @see Bishop 2006, section 10.1.2
 */
export function caviCorrelatedGaussian(
  mean: ArrayLike<number>,
  precision: ArrayLike<number>,
  options: { readonly start: ArrayLike<number>; readonly sweeps: number },
): CaviSweep[] {
  const size = mean.length;
  checkLength("precision", precision, size * size);
  checkLength("start", options.start, size);
  checkCount("sweeps", options.sweeps);
  const variance = Float64Array.from({ length: size }, (_, i) => 1 / precision[i * size + i]!);
  const current = Float64Array.from(options.start);
  return Array.from({ length: options.sweeps }, () => {
    for (let i = 0; i < size; i++) {
      let pull = 0;
      for (let j = 0; j < size; j++) if (j !== i) pull += precision[i * size + j]! * (current[j]! - mean[j]!);
      current[i] = mean[i]! - variance[i]! * pull;
    }
    return { mean: current.slice(), variance };
  });
}

/** Prior of a normal sample: μ | τ ~ N(mean, 1/(strength·τ)), τ ~ Gamma(shape, rate). */
export interface NormalGamma {
  readonly mean: number;
  readonly strength: number;
  readonly shape: number;
  readonly rate: number;
}

/** q(μ) q(τ) = N(mean, 1/precision) Gamma(shape, rate). */
export interface CaviGaussianFit {
  readonly mean: number;
  readonly precision: number;
  readonly shape: number;
  readonly rate: number;
  readonly elbo: number;
  /** ELBO after each sweep, nats; never falls. */
  readonly history: readonly number[];
}

/**
 * Mean-field posterior of the mean and the precision of a normal sample.
 * @throws RangeError when the data are not finite or the prior is improper.
 * @see Bishop 2006, equations 10.24 to 10.30
 */
export function caviGaussian(x: ArrayLike<number>, prior: NormalGamma, tolerance = 1e-14): CaviGaussianFit {
  checkSample(x, prior);
  const size = x.length;
  const centre = (prior.strength * prior.mean + sum(x)) / (prior.strength + size);
  const shape = prior.shape + (size + 1) / 2;
  const history: number[] = [];
  let rate = prior.rate;
  let precision = 0;
  for (let sweep = 0; sweep < 1000; sweep++) {
    const before = rate;
    precision = (prior.strength + size) * (shape / rate);
    rate = prior.rate + 0.5 * expectedSquares(x, prior, centre, 1 / precision);
    history.push(elboGaussian(x, prior, { mean: centre, precision, shape, rate }));
    if (Math.abs(rate - before) <= tolerance * rate) break;
  }
  return { mean: centre, precision, shape, rate, elbo: history[history.length - 1]!, history };
}

/** log p(x) under the normal-gamma prior, exactly (Murphy 2007, equation 99). */
export function normalGammaEvidence(x: ArrayLike<number>, prior: NormalGamma): number {
  checkSample(x, prior);
  const size = x.length;
  const average = mean(x);
  const strength = prior.strength + size;
  const shape = prior.shape + size / 2;
  let squares = 0;
  for (let i = 0; i < size; i++) squares += (x[i]! - average) ** 2;
  const shift = (prior.strength * size * (average - prior.mean) ** 2) / strength;
  const rate = prior.rate + 0.5 * (squares + shift);
  return (
    gammaln(shape) -
    gammaln(prior.shape) +
    prior.shape * Math.log(prior.rate) -
    shape * Math.log(rate) +
    0.5 * Math.log(prior.strength / strength) -
    (size / 2) * LOG_2PI
  );
}

function checkSample(x: ArrayLike<number>, prior: NormalGamma): void {
  checkFinite("x", x);
  checkPositive("strength", prior.strength);
  checkPositive("shape", prior.shape);
  checkPositive("rate", prior.rate);
}

/** E_q[Σ(x−μ)² + λ₀(μ−μ₀)²] */
function expectedSquares(x: ArrayLike<number>, prior: NormalGamma, centre: number, variance: number): number {
  let total = prior.strength * ((centre - prior.mean) ** 2 + variance);
  for (let i = 0; i < x.length; i++) total += (x[i]! - centre) ** 2 + variance;
  return total;
}

function elboGaussian(
  x: ArrayLike<number>,
  prior: NormalGamma,
  q: Omit<CaviGaussianFit, "elbo" | "history">,
): number {
  const tau = q.shape / q.rate;
  const logTau = digamma(q.shape) - Math.log(q.rate);
  const joint =
    0.5 * (x.length + 1) * (logTau - LOG_2PI) +
    0.5 * Math.log(prior.strength) -
    0.5 * tau * expectedSquares(x, prior, q.mean, 1 / q.precision) +
    prior.shape * Math.log(prior.rate) -
    gammaln(prior.shape) +
    (prior.shape - 1) * logTau -
    prior.rate * tau;
  const entropyMean = 0.5 * (1 + LOG_2PI - Math.log(q.precision));
  const entropyPrecision = q.shape - Math.log(q.rate) + gammaln(q.shape) + (1 - q.shape) * digamma(q.shape);
  return joint + entropyMean + entropyPrecision;
}
