/**
 * Inference on a Sharpe ratio: its probability, the luck of the best of many trials, and the difference of two.
 *
 * Everything here is per bar. A Sharpe ratio that was annualised must be divided by √(bars per year) first.
 */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import {
  checkCount,
  checkFinite,
  checkLength,
  correlation,
  mean,
  powerOfTwo,
  standardDeviation,
  standardNormalQuantile,
} from "../../core/index.js";
import { kurtosis, sharpePerBar, sharpeVariance, skewness } from "../performance/returns.js";
import { isRuined } from "../performance/ruin.js";
import { type BootstrapOptions, resampledSums, sharpeOfSums } from "./bootstrap.js";

/** A Sharpe ratio and what its standard error depends on. */
export interface SharpeMoments {
  /** Mean over standard deviation (divisor T − 1), per bar; −∞ after ruin. */
  readonly sharpe: number;
  /** Number of bars T. */
  readonly count: number;
  /** Third standardised moment; 0 for a normal distribution. */
  readonly skew: number;
  /** Fourth standardised moment, raw: 3 for a normal distribution. */
  readonly kurtosis: number;
}

/**
 * The Sharpe ratio of returns, −∞ after ruin, with their skew and raw kurtosis, all per bar.
 * @param returns  [T]
 * @throws RangeError when a return is not finite, there are fewer than 3, or they do not vary.
 */
export function sharpeMoments(returns: Float64Array): SharpeMoments {
  checkCount("number of returns", returns.length, 3);
  const sharpe = sharpePerBar(returns);
  if (Number.isNaN(sharpe))
    throw new RangeError(`returns: expected values that vary, got ${returns[0]} throughout`);
  return { sharpe, count: returns.length, skew: skewness(returns), kurtosis: kurtosis(returns) };
}

/**
 * The probability that the true Sharpe ratio exceeds `benchmark`, both per bar; 0 after ruin.
 *
 * It takes the returns as independent of one another: positive autocorrelation makes it too sure.
 * @throws RangeError when the kurtosis is below 1 + skew², as an excess kurtosis would be, or there are fewer than 2 bars.
 * @see Bailey & López de Prado 2012 (the probabilistic Sharpe ratio)
 */
export function probabilisticSharpe(moments: SharpeMoments, benchmark: number): number {
  checkCount("count", moments.count, 2);
  checkFinite("benchmark", [benchmark]);
  if (moments.sharpe === Number.NEGATIVE_INFINITY) return 0;
  const spread = Math.sqrt(varianceFactor(moments));
  return normalCdf(((moments.sharpe - benchmark) * Math.sqrt(moments.count - 1)) / spread, 0, 1);
}

/**
 * The number of bars at which `probabilisticSharpe` reaches `confidence`; infinite when the ratio is not above the benchmark, and after ruin.
 * @throws RangeError when the kurtosis is below 1 + skew², or `confidence` is not in (0.5, 1).
 * @see Bailey & López de Prado 2012 (the minimum track record length)
 */
export function minimumTrackRecord(
  moments: Omit<SharpeMoments, "count">,
  benchmark: number,
  confidence: number,
): number {
  checkFinite("benchmark", [benchmark]);
  if (!(confidence > 0.5 && confidence < 1)) {
    throw new RangeError(`confidence: expected a number in (0.5, 1), got ${confidence}`);
  }
  if (moments.sharpe === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const factor = varianceFactor(moments);
  const edge = moments.sharpe - benchmark;
  if (edge <= 0) return Number.POSITIVE_INFINITY;
  return 1 + factor * (standardNormalQuantile(confidence) / edge) ** 2;
}

/** The trials before a strategy was chosen. */
export interface Trials {
  /** Variance of the Sharpe ratios per bar over the trials. */
  readonly variance: number;
  /** How many independent trials; correlated ones count for less, and the number need not be whole. */
  readonly count: number;
}

/** Trials with where their count is from. */
export interface CountedTrials extends Trials {
  /**
   * "independent": as many as were tried, taken to share nothing, which charges too much where they do; "effective": `effectiveTrials`
   * of their returns.
   */
  readonly source: "independent" | "effective";
}

/**
 * The Sharpe ratio that the best of `count` trials without skill is expected to show; never below 0.
 *
 * An approximation of the maximum of normals by extreme-value theory: within 0.05 standard deviations from 2 trials up.
 * @throws RangeError when the variance is negative or `count` is below 1.
 * @see Bailey & López de Prado 2014 (the deflated Sharpe ratio)
 */
export function expectedMaxSharpe({ variance, count }: Trials): number {
  if (!(variance >= 0 && Number.isFinite(variance)))
    throw new RangeError(`trials: expected a variance of 0 or more, got ${variance}`);
  if (!(count >= 1 && Number.isFinite(count)))
    throw new RangeError(`trials: expected a count of 1 or more, got ${count}`);
  if (count === 1) return 0;
  const euler = 0.5772156649015329;
  const high = -standardNormalQuantile(1 / count); // 1 − 1 / count is 1 for very many trials
  const higher = -standardNormalQuantile(1 / (count * Math.E));
  return Math.sqrt(variance) * Math.max(0, (1 - euler) * high + euler * higher);
}

/** A Sharpe ratio judged against the luck of the best trial. */
export interface DeflatedSharpe {
  /** What the best of the trials would show without skill, per bar. */
  readonly benchmark: number;
  /** Probability that the true Sharpe ratio exceeds the benchmark. */
  readonly probability: number;
  /** What was charged for. */
  readonly trials: CountedTrials;
}

/**
 * The probabilistic Sharpe ratio against the expected maximum of everything that was tried, by how many trials and counted how.
 * @throws RangeError as `probabilisticSharpe` and `expectedMaxSharpe` do.
 * @see Bailey & López de Prado 2014 (the deflated Sharpe ratio)
 */
export function deflatedSharpe(moments: SharpeMoments, trials: CountedTrials): DeflatedSharpe {
  if (trials.source !== "independent" && trials.source !== "effective")
    throw new RangeError(`trials: expected a source "independent" or "effective", got ${trials.source}`);
  const benchmark = expectedMaxSharpe(trials);
  return { benchmark, probability: probabilisticSharpe(moments, benchmark), trials };
}

/**
 * A test of whether two Sharpe ratios of the same bars differ.
 *
 * Where one account is ruined the difference is infinite, where both are it is NaN; there is no test then, and variance and p-value
 * are NaN.
 */
export interface SharpeDifference {
  /** Sharpe ratio of x less that of y, per bar. */
  readonly difference: number;
  /** Variance of the difference. */
  readonly variance: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * Test of equal Sharpe ratios for returns that are normal and independent over time; x and y may be correlated.
 *
 * Fat tails and autocorrelation make it reject too often: `bootstrapSharpeDifference` does without both assumptions.
 * @param x  [T]
 * @param y  [T] over the same bars
 * @throws RangeError when lengths differ, a value is not finite, a series does not vary, or the two move as one.
 * @see Jobson & Korkie 1981, with the correction of Memmel 2003
 */
export function sharpeDifferenceTest(
  x: Float64Array,
  y: Float64Array,
): SharpeDifference & { readonly z: number } {
  checkLength("y", y, x.length);
  const a = sharpeMoments(x).sharpe;
  const b = sharpeMoments(y).sharpe;
  if (isRuined(x) || isRuined(y)) return { ...untested(a - b), z: Number.NaN };
  const rho = correlation(x, y);
  const spread = 2 - 2 * rho + 0.5 * (a * a + b * b - 2 * a * b * rho * rho);
  if (!(spread > 1e-12 * (1 + a * a + b * b)))
    throw new RangeError(`x and y: expected series that differ, got correlation ${rho}`);
  const variance = spread / x.length;
  const z = (a - b) / Math.sqrt(variance);
  return { difference: a - b, variance, z, pValue: 2 * normalCdf(-Math.abs(z), 0, 1) };
}

/**
 * Test of equal Sharpe ratios by the stationary bootstrap of the pair: how often a resample lies further from the observed
 * difference than that lies from zero, counting the sample itself.
 * @param x  [T]
 * @param y  [T] over the same bars
 * @throws RangeError when lengths differ, a value is not finite, a series does not vary, or an option is out of range.
 * @see Ledoit & Wolf 2008, here without their studentisation
 */
export function bootstrapSharpeDifference(
  x: Float64Array,
  y: Float64Array,
  options: BootstrapOptions,
): SharpeDifference & { readonly replicates: Float64Array } {
  checkLength("y", y, x.length);
  const [a, b] = [sharpeMoments(x).sharpe, sharpeMoments(y).sharpe];
  const difference = a - b;
  if (isRuined(x) || isRuined(y))
    return { ...untested(difference), replicates: new Float64Array(options.replicates).fill(Number.NaN) };
  const [xUnit, yUnit] = [powerOfTwo(x), powerOfTwo(y)];
  const [xMean, yMean] = [mean(x) / xUnit, mean(y) / yUnit];
  const dx = x.map((v) => v / xUnit - xMean);
  const dy = y.map((v) => v / yUnit - yMean);
  const columns = [dx, dx.map((d) => d * d), dy, dy.map((d) => d * d)];
  const [sx, sxx, sy, syy] = resampledSums(columns, options) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const replicates = sx.map(
    (_, r) => sharpeOfSums(xMean, sx[r]!, sxx[r]!, x.length) - sharpeOfSums(yMean, sy[r]!, syy[r]!, y.length),
  );
  const least = Math.abs(difference) - 1e-12 * (1 + Math.abs(a) + Math.abs(b)); // equal but for rounding is as far
  let further = 0;
  for (const d of replicates) if (Math.abs(d - difference) >= least) further++;
  return {
    difference,
    variance: standardDeviation(replicates) ** 2,
    pValue: (further + 1) / (replicates.length + 1),
    replicates,
  };
}

function untested(difference: number): SharpeDifference {
  return { difference, variance: Number.NaN, pValue: Number.NaN };
}

/** `sharpeVariance` of moments that can exist. */
function varianceFactor(moments: Omit<SharpeMoments, "count">): number {
  const { sharpe, skew, kurtosis } = moments;
  checkFinite("sharpe, skew, kurtosis", [sharpe, skew, kurtosis]);
  if (kurtosis < 1 + skew * skew - 1e-9) {
    throw new RangeError(
      `kurtosis: expected the raw one, at least 1 + skew² = ${1 + skew * skew}, got ${kurtosis}; add 3 to an excess kurtosis`,
    );
  }
  return sharpeVariance(moments);
}
