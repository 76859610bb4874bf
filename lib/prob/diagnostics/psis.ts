/** Pareto-smoothed importance sampling: a verdict on an approximation from its own draws. */
import { checkCount, checkFinite, diagonal, logSumExp, Matrix, symmetricEigen } from "../../core/index.js";

/** Importance weights, smoothed, with the diagnostics of their tail. */
export interface Psis {
  /** Tail index; Infinity when fewer than five draws exceed the cut-off, as where ratios are constant. */
  readonly khat: number;
  /** Above this, do not trust averages from these draws: min(1 − 1/log₁₀ S, 0.7). */
  readonly threshold: number;
  /** Weights are constant when their logarithms differ by rounding alone: q is the target, and no index is needed. */
  readonly verdict: "trusted" | "not trusted" | "weights constant";
  /** [S] smoothed log weights, normalised to sum to one. */
  readonly logWeights: Float64Array;
  readonly tailLength: number;
  /** Effective sample size of the raw and the smoothed weights. */
  readonly essRaw: number;
  readonly essSmoothed: number;
  /** log of the mean ratio: an estimate of the log evidence. */
  readonly logMeanExp: number;
}

/**
 * Importance weights of log ratios [S], the largest smoothed by a fitted generalised Pareto distribution.
 * @throws RangeError when there is no log ratio, or one is not finite.
 * @see Vehtari, Simpson, Gelman, Yao & Gabry 2024, algorithm 1
 */
export function psis(logRatios: ArrayLike<number>): Psis {
  checkCount("logRatios", logRatios.length);
  checkFinite("logRatios", logRatios);
  const size = logRatios.length;
  const tailLength = Math.ceil(Math.min(0.2 * size, 3 * Math.sqrt(size)));
  const top = Float64Array.from(logRatios).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const shifted = Float64Array.from(logRatios, (value) => value - top);
  const { khat, smoothed } = smoothTail(shifted, tailLength);
  const norm = logSumExp(smoothed);
  const threshold = Math.min(1 - 1 / Math.log10(size), 0.7);
  return {
    khat,
    threshold,
    verdict: areConstant(shifted, top) ? "weights constant" : khat <= threshold ? "trusted" : "not trusted",
    logWeights: smoothed.map((value) => value - norm),
    tailLength,
    essRaw: effectiveSize(shifted),
    essSmoothed: effectiveSize(smoothed),
    logMeanExp: logSumExp(Float64Array.from(logRatios)) - Math.log(size),
  };
}

/** Replaces the tail by the quantiles of a fitted generalised Pareto, where at least five draws exceed the cut-off. */
function smoothTail(shifted: Float64Array, tailLength: number) {
  const order = Array.from(shifted.keys()).sort((a, b) => shifted[a]! - shifted[b]! || a - b);
  const last = shifted[order[shifted.length - tailLength - 1]!] ?? Number.NEGATIVE_INFINITY;
  const cutoff = Math.max(last, Math.log(Number.MIN_VALUE));
  const tail = order.filter((i) => shifted[i]! > cutoff);
  const smoothed = shifted.slice();
  if (tail.length <= 4) return { khat: Number.POSITIVE_INFINITY, smoothed };
  const fit = fitGeneralisedPareto(Float64Array.from(tail, (i) => Math.exp(shifted[i]!) - Math.exp(cutoff)));
  if (!Number.isFinite(fit.k)) return { khat: Number.POSITIVE_INFINITY, smoothed };
  tail.forEach((i, rank) => {
    const quantile = paretoQuantile((rank + 0.5) / tail.length, fit);
    smoothed[i] = Math.min(0, Math.log(quantile + Math.exp(cutoff)));
  });
  return { khat: fit.k, smoothed };
}

/** Whether all log ratios are `top`, but for the rounding of sums of that size. */
function areConstant(shifted: Float64Array, top: number): boolean {
  const rounding = 1e-10 * Math.max(1, Math.abs(top));
  return shifted.every((value) => value >= -rounding);
}

/**
 * The tail index of the best mean-field Gaussian for N(·, Λ⁻¹) with the precision Λ [K,K]: 1 − λ_min(D^-½ Λ D^-½), D the diagonal of Λ.
 *
 * Exact in the limit of many draws; with two parameters it is their correlation.
 */
export function khatOfMeanField(precision: Matrix): number {
  const scale = diagonal(precision).map((value) => 1 / Math.sqrt(value));
  const scaled = new Matrix(precision.rows, precision.columns);
  for (let i = 0; i < precision.rows; i++) {
    for (let j = 0; j < precision.columns; j++) scaled.set(i, j, scale[i]! * precision.get(i, j) * scale[j]!);
  }
  return 1 - symmetricEigen(scaled).values[precision.rows - 1]!;
}

interface GeneralisedPareto {
  readonly k: number;
  readonly sigma: number;
}

/** Zhang & Stephens 2009, with the weak prior of Vehtari et al. 2024 towards 0.5. */
function fitGeneralisedPareto(ascending: Float64Array): GeneralisedPareto {
  const n = ascending.length;
  const grid = 30 + Math.floor(Math.sqrt(n));
  const quartile = ascending[Math.floor(n / 4 + 0.5) - 1]!;
  const largest = ascending[n - 1]!;
  const theta = Float64Array.from(
    { length: grid },
    (_, j) => (1 - Math.sqrt(grid / (j + 0.5))) / (3 * quartile) + 1 / largest,
  );
  const shape = (b: number) => ascending.reduce((total, x) => total + Math.log1p(-b * x), 0) / n;
  const profile = theta.map((b) => {
    const k = shape(b);
    return n * (Math.log(-b / k) - k - 1);
  });
  const norm = logSumExp(profile);
  const weights = profile
    .map((value) => Math.exp(value - norm))
    .map((w) => (w >= 10 * Number.EPSILON ? w : 0));
  const total = weights.reduce((a, b) => a + b, 0);
  const b = theta.reduce((sum, value, j) => sum + (value * weights[j]!) / total, 0);
  const raw = shape(b);
  return { k: (raw * n + 5) / (n + 10), sigma: -raw / b };
}

function paretoQuantile(p: number, { k, sigma }: GeneralisedPareto): number {
  return Math.abs(k) < Number.EPSILON
    ? -sigma * Math.log1p(-p)
    : (sigma * Math.expm1(-k * Math.log1p(-p))) / k;
}

function effectiveSize(logWeights: Float64Array): number {
  return Math.exp(2 * logSumExp(logWeights) - logSumExp(logWeights.map((value) => 2 * value)));
}
