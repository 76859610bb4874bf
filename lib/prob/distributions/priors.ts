/** Priors of weights beyond the plain normal, and the map from a free parameter to a standard deviation. */
import gammaln from "@stdlib/math-base-special-gammaln";
import { checkPositive, logGammaRatio, powerOfTwo } from "../../core/index.js";

const LOG_2PI = Math.log(2 * Math.PI);

/** log(1 + exp x), exact at both ends. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/**
 * The x with softplus(x) = y.
 * @throws RangeError when y is not positive.
 */
export function inverseSoftplus(y: number): number {
  checkPositive("y", y);
  return y + Math.log(-Math.expm1(-y));
}

/** An inverse-gamma distribution with density ∝ s^(−shape−1) exp(−rate / s). */
export interface InverseGamma {
  readonly shape: number;
  readonly rate: number;
}

/**
 * log p(w, σ²) with w_i ~ N(0, σ²) and σ² ~ InverseGamma: the hierarchical prior on the *variance*.
 * @throws RangeError when a parameter is not positive.
 */
export function hierarchicalLogJoint(w: ArrayLike<number>, variance: number, prior: InverseGamma): number {
  checkPositive("variance", variance);
  const { shape, rate } = checkInverseGamma(prior);
  return (
    -0.5 * (w.length * (LOG_2PI + Math.log(variance)) + sumOfSquares(w) / variance) +
    shape * Math.log(rate) -
    gammaln(shape) -
    (shape + 1) * Math.log(variance) -
    rate / variance
  );
}

/** log p(w) with the variance integrated out: a multivariate Student-t with 2·shape degrees of freedom. */
export function hierarchicalLogMarginal(w: ArrayLike<number>, prior: InverseGamma): number {
  const { shape, rate } = checkInverseGamma(prior);
  const half = w.length / 2;
  if (half === 0) return 0;
  const unit = powerOfTwo(w); // squares of weights of any size
  const squares = 0.5 * sumOfSquares(Array.from(w, (value) => value / unit));
  const ratio = (squares * unit * unit) / rate;
  const raised = ratio < 1e16 ? Math.log1p(ratio) : Math.log(squares) + 2 * Math.log(unit) - Math.log(rate);
  return logGammaRatio(shape, half) - half * (LOG_2PI + Math.log(rate)) - (shape + half) * raised;
}

/** Mean and variance of the pre-activations of a layer with independent normal weights. */
export interface PreActivation {
  /** [B][O] */
  readonly mean: readonly Float64Array[];
  readonly variance: readonly Float64Array[];
}

/**
 * What the local reparameterisation samples from: pre-activation o of row b is N(Σ x μ, Σ x² σ²), independent over rows.
 * @param x   B rows of I inputs
 * @param mu  O rows of I weight means
 * @param rho O rows of I; a weight's standard deviation is softplus(rho)
 * @see Kingma, Salimans & Welling 2015, equation 6
 */
export function localReparameterisation(
  x: readonly ArrayLike<number>[],
  mu: readonly ArrayLike<number>[],
  rho: readonly ArrayLike<number>[],
): PreActivation {
  const product = (a: ArrayLike<number>, f: (i: number) => number) =>
    Array.from(a).reduce((total, value, i) => total + value * f(i), 0);
  return {
    mean: x.map((row) => Float64Array.from(mu, (weights) => product(row, (i) => weights[i]!))),
    variance: x.map((row) =>
      Float64Array.from(rho, (r) => product(row, (i) => row[i]! * softplus(r[i]!) ** 2)),
    ),
  };
}

function sumOfSquares(w: ArrayLike<number>): number {
  return Array.from(w).reduce((total, value) => total + value * value, 0);
}

function checkInverseGamma(prior: InverseGamma): InverseGamma {
  checkPositive("shape", prior.shape);
  checkPositive("rate", prior.rate);
  return prior;
}
