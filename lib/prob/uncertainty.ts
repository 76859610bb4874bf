/** Where the doubt of a prediction by draws comes from: the parameters (epistemic) or the data themselves (aleatoric). */
import { checkCount, checkFinite, checkLength } from "../core/axes.js";
import { logSumExp } from "../core/stats.js";
import { normalLogDensity, normalProbability } from "./gaussian.js";

/** S draws of a normal forecast of N rows: [S,N] each, row-major. */
export interface NormalDraws {
  /** S */
  readonly draws: number;
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
}

/** The law of total variance, [N] each. */
export interface VarianceParts {
  readonly mean: Float64Array;
  /** Variance of the draws' means, divisor S: with the aleatoric it is the variance of the mixture. */
  readonly epistemic: Float64Array;
  /** Mean of the draws' variances. */
  readonly aleatoric: Float64Array;
  readonly total: Float64Array;
}

/** @see Kendall & Gal 2017, equation 9 */
export function varianceParts(of: NormalDraws): VarianceParts {
  const { draws, mean, variance } = of;
  const rows = rowsOfDraws(of);
  const [centre, epistemic, aleatoric] = [0, 1, 2].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < draws * rows; i++) {
    centre[i % rows]! += mean[i]! / draws;
    aleatoric[i % rows]! += variance[i]! / draws;
  }
  for (let i = 0; i < draws * rows; i++) epistemic[i % rows]! += (mean[i]! - centre[i % rows]!) ** 2 / draws;
  return { mean: centre, epistemic, aleatoric, total: epistemic.map((e, n) => e + aleatoric[n]!) };
}

/** P(value ≤ level) of each row under the mixture of its draws, [N]. */
export function mixtureProbability(of: NormalDraws, level: number): Float64Array {
  const rows = rowsOfDraws(of);
  const out = new Float64Array(rows);
  for (let i = 0; i < of.draws * rows; i++)
    out[i % rows]! += normalProbability(level, of.mean[i]!, Math.sqrt(of.variance[i]!)) / of.draws;
  return out;
}

/** The quantile of each row's mixture, [N], by bisection. */
export function mixtureQuantile(of: NormalDraws, probability: number): Float64Array {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`probability: expected a number in (0, 1), got ${probability}`);
  const rows = rowsOfDraws(of);
  return Float64Array.from({ length: rows }, (_, n) => {
    const [means, sds] = rowOf(of, rows, n);
    let low = Math.min(...means.map((m, s) => m - 40 * sds[s]!));
    let high = Math.max(...means.map((m, s) => m + 40 * sds[s]!));
    for (let i = 0; i < 100; i++) {
      const middle = 0.5 * (low + high);
      const below = means.reduce((sum, m, s) => sum + normalProbability(middle, m, sds[s]!), 0);
      if (below < probability * means.length) low = middle;
      else high = middle;
    }
    return 0.5 * (low + high);
  });
}

/**
 * −log mean_s N(value | mean_s, variance_s) of each row, nats: the score of the mixture itself, neither the mean of the draws' scores nor
 * that of a normal with the mixture's moments.
 */
export function mixtureNll(of: NormalDraws, value: ArrayLike<number>): Float64Array {
  const rows = rowsOfDraws(of);
  checkLength("value", value, rows);
  return Float64Array.from({ length: rows }, (_, n) => {
    const [means, sds] = rowOf(of, rows, n);
    return Math.log(of.draws) - logSumExp(means.map((m, s) => normalLogDensity(value[n]!, m, sds[s]!)));
  });
}

/** S draws of the class probabilities of N rows: [S,N,C] row-major. */
export interface ProbabilityDraws {
  /** S */
  readonly draws: number;
  /** C */
  readonly classes: number;
  readonly probability: ArrayLike<number>;
}

/** [N] each unless said; entropies in nats. */
export interface ClassUncertainty {
  /** [N,C] mean over the draws. */
  readonly probability: Float64Array;
  /** Entropy of the mean: all the doubt there is. */
  readonly total: Float64Array;
  /** Mean of the entropies: what stays when the parameters are known. */
  readonly aleatoric: Float64Array;
  /** Their difference, the mutual information of class and parameters. */
  readonly epistemic: Float64Array;
  /** Σ_c Var(p_c), divisor S − 1 (0 with one draw): at most 1. */
  readonly variance: Float64Array;
}

/**
 * Entropy taken apart.
 * @throws RangeError when lengths disagree or a probability is not in [0, 1].
 * @see Houlsby, Huszár, Ghahramani & Lengyel 2011; Depeweg et al. 2018
 */
export function classUncertainty(of: ProbabilityDraws): ClassUncertainty {
  const { draws, classes, probability } = of;
  checkCount("draws", draws);
  checkCount("classes", classes, 2);
  const rows = probability.length / (draws * classes);
  checkCount("rows", rows);
  const mean = new Float64Array(rows * classes);
  const [total, aleatoric, variance] = [0, 1, 2].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < probability.length; i++) {
    const p = probability[i]!;
    if (!(p >= 0 && p <= 1 + 1e-6))
      throw new RangeError(`probability[${i}]: expected a number in [0, 1], got ${p}`);
    mean[i % mean.length]! += p / draws;
    aleatoric[Math.floor((i % mean.length) / classes)]! += surprise(p) / draws;
  }
  for (let i = 0; i < probability.length; i++)
    variance[Math.floor((i % mean.length) / classes)]! +=
      (probability[i]! - mean[i % mean.length]!) ** 2 / Math.max(1, draws - 1);
  mean.forEach((p, i) => {
    total[Math.floor(i / classes)]! += surprise(p);
  });
  const epistemic = total.map((h, n) => Math.max(0, h - aleatoric[n]!));
  return { probability: mean, total, aleatoric, epistemic, variance };
}

/** 1 / (1 + Σ_c Var(p_c)): as the variance is at most 1, it never falls below one half, and hardly ranks anything. */
export function varianceConfidence(variance: ArrayLike<number>): Float64Array {
  return Float64Array.from(variance, (v) => 1 / (1 + v));
}

/** −p log p */
function surprise(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0;
}

function rowsOfDraws({ draws, mean, variance }: NormalDraws): number {
  checkCount("draws", draws);
  checkLength("variance", variance, mean.length);
  checkFinite("mean", mean);
  checkFinite("variance", variance);
  const rows = mean.length / draws;
  checkCount("rows", rows);
  return rows;
}

function rowOf(of: NormalDraws, rows: number, n: number): [number[], number[]] {
  const at = Array.from({ length: of.draws }, (_, s) => s * rows + n);
  return [at.map((i) => of.mean[i]!), at.map((i) => Math.sqrt(of.variance[i]!))];
}
