/**
 * Mean-field Bayesian mixture of normals: q(regime, mean, precision) = Π q(z_t) · Π q(μ_k) · Π q(τ_k) · q(π).
 *
 * The trading example of the mean-field assumption: which regime each return came from, what the regime earns and how
 * volatile it is are inferred as if independent a posteriori. Returns are treated as exchangeable: no memory of time.
 * @see Bishop 2006, section 10.2, with separate factors for μ and τ
 */
import digamma from "@stdlib/math-base-special-digamma";
import gammaln from "@stdlib/math-base-special-gammaln";
import { checkCount, checkFinite, logSumExp, quantile, variance } from "../../../core/index.js";

const LOG_2PI = Math.log(2 * Math.PI);

/** A fit of a Bayesian mixture by coordinate ascent. */
export interface MixtureFit {
  /** [T,K] row-major: q(z_t = k). Regimes are ordered from calm to volatile. */
  readonly responsibility: Float64Array;
  /** [K] mean and variance of q(μ_k). */
  readonly mean: Float64Array;
  readonly meanVariance: Float64Array;
  /** [K] E[τ_k]^-½, the regime's standard deviation. */
  readonly sd: Float64Array;
  /** [K] posterior mean of the regime's share. */
  readonly weight: Float64Array;
  /** ELBO after each sweep, nats; never falls. */
  readonly history: readonly number[];
}

interface Factors {
  /** Dirichlet counts. */
  count: Float64Array;
  mean: Float64Array;
  meanVariance: Float64Array;
  shape: Float64Array;
  rate: Float64Array;
}

/** Weak priors in the unit of the data: π ~ Dir(1), μ_k ~ N(0, v), τ_k ~ Gamma(1, v/2), v the sample variance. */
interface Prior {
  readonly count: number;
  readonly meanVariance: number;
  readonly shape: number;
  readonly rate: number;
}

/**
 * Fits K regimes to `x` [T] by coordinate ascent, from regimes set apart by the size of |x|.
 * @throws RangeError when a value is not finite or a count is not positive.
 */
export function caviMixture(
  x: ArrayLike<number>,
  options: { readonly regimes: number; readonly sweeps: number },
): MixtureFit {
  checkFinite("x", x);
  checkCount("regimes", options.regimes);
  checkCount("sweeps", options.sweeps);
  const spread = variance(x);
  const prior: Prior = { count: 1, meanVariance: spread, shape: 1, rate: spread / 2 };
  const responsibility = startBySize(x, options.regimes);
  const q = emptyFactors(options.regimes, prior);
  const history: number[] = [];
  for (let sweep = 0; sweep < options.sweeps; sweep++) {
    updateFactors(x, responsibility, q, prior);
    const logNormaliser = updateResponsibility(x, responsibility, q);
    history.push(logNormaliser - divergenceFromPrior(q, prior));
    if (sweep > 0 && history[sweep]! - history[sweep - 1]! < 1e-9 * Math.abs(history[sweep]!)) break;
  }
  return ordered(responsibility, q, history);
}

function startBySize(x: ArrayLike<number>, regimes: number): Float64Array {
  const size = Float64Array.from(x, Math.abs);
  const edges = Array.from({ length: regimes - 1 }, (_, k) => quantile(size, 1 - 0.5 ** (k + 1)));
  const responsibility = new Float64Array(x.length * regimes);
  size.forEach((value, t) => {
    responsibility[t * regimes + edges.filter((edge) => value > edge).length] = 1;
  });
  return responsibility;
}

function emptyFactors(regimes: number, prior: Prior): Factors {
  return {
    count: new Float64Array(regimes),
    mean: new Float64Array(regimes),
    meanVariance: new Float64Array(regimes),
    shape: new Float64Array(regimes).fill(prior.shape),
    rate: new Float64Array(regimes).fill(prior.rate),
  };
}

function updateFactors(x: ArrayLike<number>, responsibility: Float64Array, q: Factors, prior: Prior): void {
  const regimes = q.count.length;
  for (let k = 0; k < regimes; k++) {
    let n = 0;
    let total = 0;
    let squares = 0;
    for (let t = 0; t < x.length; t++) {
      const r = responsibility[t * regimes + k]!;
      n += r;
      total += r * x[t]!;
      squares += r * x[t]! ** 2;
    }
    const tau = q.shape[k]! / q.rate[k]!;
    q.count[k] = prior.count + n;
    q.meanVariance[k] = 1 / (1 / prior.meanVariance + tau * n);
    q.mean[k] = q.meanVariance[k]! * tau * total;
    q.shape[k] = prior.shape + n / 2;
    q.rate[k] =
      prior.rate + 0.5 * (squares - 2 * q.mean[k]! * total + n * (q.mean[k]! ** 2 + q.meanVariance[k]!));
  }
}

/** Sets q(z) to its optimum and returns Σ_t log Σ_k exp(E[log p(x_t, z_t = k)]). */
function updateResponsibility(x: ArrayLike<number>, responsibility: Float64Array, q: Factors): number {
  const regimes = q.count.length;
  const total = digamma(q.count.reduce((a, b) => a + b, 0));
  const scores = new Float64Array(regimes);
  let logNormaliser = 0;
  for (let t = 0; t < x.length; t++) {
    for (let k = 0; k < regimes; k++) {
      const tau = q.shape[k]! / q.rate[k]!;
      const logTau = digamma(q.shape[k]!) - Math.log(q.rate[k]!);
      const square = (x[t]! - q.mean[k]!) ** 2 + q.meanVariance[k]!;
      scores[k] = digamma(q.count[k]!) - total + 0.5 * (logTau - LOG_2PI - tau * square);
    }
    const norm = logSumExp(scores);
    logNormaliser += norm;
    for (let k = 0; k < regimes; k++) responsibility[t * regimes + k] = Math.exp(scores[k]! - norm);
  }
  return logNormaliser;
}

/** KL of q(π) q(μ) q(τ) from the prior. */
function divergenceFromPrior(q: Factors, prior: Prior): number {
  const regimes = q.count.length;
  const all = q.count.reduce((a, b) => a + b, 0);
  let kl = gammaln(all) - gammaln(regimes * prior.count);
  for (let k = 0; k < regimes; k++) {
    const [c, m, v, a, b] = [q.count[k]!, q.mean[k]!, q.meanVariance[k]!, q.shape[k]!, q.rate[k]!];
    kl += gammaln(prior.count) - gammaln(c) + (c - prior.count) * (digamma(c) - digamma(all));
    kl += 0.5 * (Math.log(prior.meanVariance / v) + (v + m * m) / prior.meanVariance - 1);
    kl +=
      (a - prior.shape) * digamma(a) -
      gammaln(a) +
      gammaln(prior.shape) +
      prior.shape * Math.log(b / prior.rate) +
      a * (prior.rate / b - 1);
  }
  return kl;
}

/** Regimes from calm to volatile. */
function ordered(responsibility: Float64Array, q: Factors, history: readonly number[]): MixtureFit {
  const regimes = q.count.length;
  const sd = Float64Array.from(q.rate, (rate, k) => Math.sqrt(rate / q.shape[k]!));
  const order = Array.from(sd.keys()).sort((a, b) => sd[a]! - sd[b]!);
  const pick = (values: Float64Array) => Float64Array.from(order, (k) => values[k]!);
  const all = q.count.reduce((a, b) => a + b, 0);
  return {
    responsibility: responsibility.map((_, i) => responsibility[i - (i % regimes) + order[i % regimes]!]!),
    mean: pick(q.mean),
    meanVariance: pick(q.meanVariance),
    sd: pick(sd),
    weight: pick(q.count).map((count) => count / all),
    history,
  };
}
