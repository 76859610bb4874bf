/** Intervals that hold whatever the model is, as long as rows can be exchanged; and what to do when they cannot. */

import { checkCount, checkFinite, checkLength, logChoose } from "../../core/index.js";

/** The width that held on rows the model has not seen. */
export type ConformalQuantile = {
  /** Rank of the score that is taken, ⌈(n + 1)(1 − alpha)⌉. */
  readonly rank: number;
  /** The score of that rank; infinite where there are too few scores for it, −∞ where alpha is 1 or more. */
  readonly quantile: number;
};

/**
 * The ⌈(n + 1)(1 − alpha)⌉-th smallest of scores [n]: a fresh score exceeds it with probability at most `alpha`, if it can be exchanged
 * with these.
 *
 * Market data cannot, strictly: show the coverage by regime, and `adaptiveConformal` beside it.
 * @throws RangeError when there is no score, or one is not finite.
 * @see Vovk, Gammerman & Shafer 2005; Lei et al. 2018
 */
export function conformalQuantile(scores: ArrayLike<number>, alpha: number): ConformalQuantile {
  checkCount("scores", scores.length);
  checkFinite("scores", scores);
  return quantileOfSorted(Float64Array.from(scores).sort(), alpha);
}

/** Coverage of a split-conformal interval over calibration sets: Beta(rank, n + 1 − rank) for continuous scores. */
export type CoverageDistribution = {
  readonly rank: number;
  readonly mean: number;
  readonly quantile: (probability: number) => number;
};

/**
 * The exact distribution of the coverage, given `n` calibration rows: its band is what a test must accept.
 * @throws RangeError when there are too few rows for a finite interval.
 * @see Vovk 2012; Angelopoulos & Bates 2021, section 3.2
 */
export function coverageDistribution(n: number, alpha: number): CoverageDistribution {
  checkCount("n", n);
  const rank = rankOf(n, alpha);
  if (rank > n || rank < 1)
    throw new RangeError(`coverageDistribution: expected at least 1 / alpha rows, got ${n} for ${alpha}`);
  return {
    rank,
    mean: rank / (n + 1),
    quantile: (probability) => bisect((x) => atLeast(n, rank, x), probability),
  };
}

/**
 * Scores of a conformalised quantile regression: how far a value lies outside its band [lower, upper], negative inside.
 *
 * Widen both sides by the `conformalQuantile` of these; it may be negative, and then the band shrinks.
 * @see Romano, Patterson & Candès 2019, equation 6
 */
export function quantileBandScores(
  value: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Float64Array {
  checkLength("lower", lower, value.length);
  checkLength("upper", upper, value.length);
  return Float64Array.from(value, (y, n) => Math.max(lower[n]! - y, y - upper[n]!));
}

/**
 * The scores |value − mean| / sd, [N], whose interval is mean ± quantile · sd.
 * @throws RangeError when lengths differ.
 */
export function absoluteScores(
  value: ArrayLike<number>,
  mean: ArrayLike<number>,
  sd: ArrayLike<number>,
): Float64Array {
  checkLength("mean", mean, value.length);
  checkLength("sd", sd, value.length);
  return Float64Array.from(value, (y, n) => Math.abs(y - mean[n]!) / sd[n]!);
}

/** Options of adaptive conformal intervals. */
export interface AdaptiveOptions {
  /** Share of misses that is wanted. */
  readonly alpha: number;
  /** Size of a correction. */
  readonly gamma: number;
  /** Calibration scores kept: the latest so many, each new score joining them; by default the first ones stay. */
  readonly window?: number;
}

/** One entry a row, in the order of time. */
export type AdaptiveConformal = {
  /** [N] the alpha a row's interval was made with, known before its score. */
  readonly alpha: Float64Array;
  /** [N] the width used: infinite where alpha had fallen to 0, −∞ (an empty interval) where it had risen to 1. */
  readonly quantile: Float64Array;
  /** [N] 1 where the score exceeded it. */
  readonly miss: Float64Array;
  readonly missRate: number;
};

/**
 * Conformal intervals whose alpha moves by gamma · (alpha wanted − miss) after each row, so that misses widen the next interval.
 *
 * The share of misses tends to alpha whatever the data do; no single interval is promised anything.
 * @param calibration  [M] scores before the first row
 * @param scores       [N] in the order of time
 * @throws RangeError when a score is not finite or the window not a positive integer.
 * @see Gibbs & Candès 2021, equation 2
 */
export function adaptiveConformal(
  calibration: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: AdaptiveOptions,
): AdaptiveConformal {
  checkFinite("calibration", calibration);
  checkFinite("scores", scores);
  const { alpha: wanted, gamma, window } = options;
  if (window !== undefined) checkCount("window", window);
  const kept = Array.from(calibration);
  let sorted = Float64Array.from(window === undefined ? kept : kept.slice(-window)).sort();
  let current = wanted;
  const [alpha, quantile, miss] = [0, 1, 2].map(() => new Float64Array(scores.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let t = 0; t < scores.length; t++) {
    alpha[t] = current;
    quantile[t] = quantileOfSorted(sorted, current).quantile;
    miss[t] = scores[t]! > quantile[t]! ? 1 : 0;
    current += gamma * (wanted - miss[t]!);
    if (window === undefined) continue;
    kept.push(scores[t]!);
    sorted = Float64Array.from(kept.slice(-window)).sort();
  }
  return { alpha, quantile, miss, missRate: miss.reduce((a, b) => a + b, 0) / scores.length };
}

function quantileOfSorted(sorted: Float64Array, alpha: number): ConformalQuantile {
  const rank = rankOf(sorted.length, alpha);
  if (rank > sorted.length) return { rank, quantile: Number.POSITIVE_INFINITY };
  return { rank, quantile: rank < 1 ? Number.NEGATIVE_INFINITY : sorted[rank - 1]! };
}

/** ⌈(n + 1)(1 − alpha)⌉, where a share of the scores that is whole but for rounding counts as whole, however many there are. */
function rankOf(n: number, alpha: number): number {
  const above = alpha * (n + 1);
  return n + 1 - Math.floor(above + 1e-12 * Math.abs(above));
}

/** P(Binomial(n, x) ≥ k), the distribution function of Beta(k, n + 1 − k) at x. */
function atLeast(n: number, k: number, x: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  let total = 0;
  for (let i = k; i <= n; i++) {
    total += Math.exp(logChoose(n, i) + i * Math.log(x) + (n - i) * Math.log1p(-x));
  }
  return total;
}

function bisect(f: (x: number) => number, wanted: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (f(middle) < wanted) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
