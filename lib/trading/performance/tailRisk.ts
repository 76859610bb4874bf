/**
 * Value at risk and expected shortfall per bar, as losses: 0.02 is a loss of two per cent, a gain is negative.
 *
 * `tail` is the probability of the bad end: 0.05 for a 95 % value at risk. The bars are taken as they are, a ruinous one as one of
 * them: `performance` and `summarise` say 1 after ruin.
 */
import { mean, quantile, standardDeviation, standardNormalQuantile } from "../../core/index.js";
import { checkReturns, kurtosis, skewness } from "./returns.js";

/**
 * ⌈tail · T⌉ where a product that is an integer but for rounding counts as that integer: (1 − 0.95) · 600 is 30, not 31.
 */
export function tailCount(tail: number, bars: number): number {
  const product = tail * bars;
  const nearest = Math.round(product);
  return Math.abs(product - nearest) <= 1e-9 * Math.max(1, nearest) ? nearest : Math.ceil(product);
}

/**
 * Empirical value at risk of returns [T]: the ⌈tail · T⌉-th largest loss.
 * @throws RangeError when there is no bar, one is not finite, or `tail` is not in (0, 1).
 */
export function valueAtRisk(returns: ArrayLike<number>, tail: number): number {
  return -sortedReturns(returns, tail)[orderOf(tail, returns.length)]!;
}

/**
 * Expected shortfall of returns [T]: the mean of the worst `tail` of the bars, the boundary bar counted by the share that falls inside.
 * @throws RangeError when there is no bar, one is not finite, or `tail` is not in (0, 1).
 * @see Rockafellar & Uryasev 2000
 */
export function expectedShortfall(returns: ArrayLike<number>, tail: number): number {
  const sorted = sortedReturns(returns, tail);
  const boundary = orderOf(tail, returns.length);
  let total = (tail * returns.length - boundary) * sorted[boundary]!;
  for (let i = 0; i < boundary; i++) total += sorted[i]!;
  return -total / (tail * returns.length);
}

/** A value at risk and the expected shortfall that goes with it. */
export interface TailRisk {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/**
 * Value at risk by the interpolated quantile, and the mean loss of the bars at or below it.
 * @throws RangeError when there is no bar, one is not finite, or `tail` is not in (0, 1).
 */
export function interpolatedTailRisk(returns: ArrayLike<number>, tail: number): TailRisk {
  const sorted = sortedReturns(returns, tail);
  const level = quantile(sorted, tail);
  return { valueAtRisk: -level, expectedShortfall: -mean(sorted.filter((r) => r <= level)) };
}

/**
 * Value at risk and expected shortfall under a normal with the mean and deviation of returns [T]: too small where tails are fat.
 * @throws RangeError when there are fewer than two bars, one is not finite, or `tail` is not in (0, 1).
 */
export function gaussianTailRisk(returns: ArrayLike<number>, tail: number): TailRisk {
  checkTail(tail);
  checkReturns(returns);
  const centre = mean(returns);
  const sd = standardDeviation(returns);
  const z = standardNormalQuantile(tail);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return { valueAtRisk: -(centre + z * sd), expectedShortfall: -centre + (sd * density) / tail };
}

/**
 * Value at risk with the normal quantile bent by skewness and kurtosis; valid only while both are moderate.
 *
 * Constant returns give NaN.
 * @throws RangeError when there are fewer than two bars, one is not finite, or `tail` is not in (0, 1).
 * @see Cornish & Fisher 1938
 */
export function cornishFisherValueAtRisk(returns: ArrayLike<number>, tail: number): number {
  checkTail(tail);
  const skew = skewness(returns);
  const excess = kurtosis(returns) - 3;
  const z = standardNormalQuantile(tail);
  const bent =
    z +
    ((z ** 2 - 1) * skew) / 6 +
    ((z ** 3 - 3 * z) * excess) / 24 -
    ((2 * z ** 3 - 5 * z) * skew ** 2) / 36;
  return -(mean(returns) + bent * standardDeviation(returns));
}

function sortedReturns(returns: ArrayLike<number>, tail: number): Float64Array {
  checkTail(tail);
  checkReturns(returns, 1);
  return Float64Array.from(returns).sort();
}

/** Index of the boundary bar among ascending returns. */
function orderOf(tail: number, bars: number): number {
  return Math.max(tailCount(tail, bars), 1) - 1;
}

function checkTail(tail: number): void {
  if (!(tail > 0 && tail < 1)) throw new RangeError(`tail: expected a probability in (0, 1), got ${tail}`);
}
