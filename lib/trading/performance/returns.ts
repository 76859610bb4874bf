/**
 * Statistics of simple returns per bar: the Sharpe ratio with its error, the Sortino ratio and the shape of the distribution.
 *
 * Arrays are [T]; a return of 0.01 is one per cent of the equity before the bar. Nothing here subtracts a riskless rate.
 * A ratio whose denominator vanishes is NaN: constant returns have no Sharpe ratio, not one of 10¹⁵.
 * A return of −1 is ruin: every ratio is then −∞, without a standard error. `ruin.ts` gives the reasons.
 */
import {
  checkCount,
  checkFinite,
  checkPositive,
  correlation,
  mean,
  rootMeanSquare,
  standardDeviation,
} from "../../core/index.js";
import { isRuined, ruinIndex } from "./ruin.js";

/** Float noise in a deviation of constant returns, relative to their size. */
const NOISE = 1e-12;

/**
 * Throws a RangeError unless `returns` holds at least `least` finite numbers.
 *
 * It does not refuse a return below −1: a leveraged loss may exceed the capital, and is ruin.
 */
export function checkReturns(returns: ArrayLike<number>, least = 2): void {
  if (returns.length < least)
    throw new RangeError(`returns: expected at least ${least} bars, got ${returns.length}`);
  checkFinite("returns", returns);
}

/**
 * Mean over sample deviation (divisor T − 1) per bar; −∞ after ruin, NaN when the returns do not vary.
 * @throws RangeError when there are fewer than two bars, or one is not finite.
 * @see Sharpe 1994
 */
export function sharpePerBar(returns: ArrayLike<number>): number {
  const ratio = meanOverDeviation(returns);
  return isRuined(returns) ? Number.NEGATIVE_INFINITY : ratio;
}

/**
 * Mean over sample deviation (divisor T − 1) of any numbers; NaN when they do not vary.
 *
 * The Sharpe ratio of what is no return on an account and knows no ruin, such as profits on a fixed notional.
 * @throws RangeError when there are fewer than two numbers, or one is not finite.
 */
export function meanOverDeviation(values: ArrayLike<number>): number {
  checkReturns(values);
  const sd = standardDeviation(values);
  return sd > NOISE * largest(values) ? mean(values) / sd : Number.NaN;
}

/**
 * Sharpe ratio of a year: √barsPerYear times that of a bar, which is right for uncorrelated returns only; −∞ after a return
 * of −1 or less.
 * @throws RangeError when there are fewer than two bars, one is not finite, or `barsPerYear` is not positive.
 */
export function sharpeRatio(returns: ArrayLike<number>, barsPerYear: number): number {
  checkPositive("barsPerYear", barsPerYear);
  const perBar = sharpePerBar(returns);
  return ruinIndex(returns) < 0 ? perBar * Math.sqrt(barsPerYear) : Number.NEGATIVE_INFINITY;
}

/** A Sharpe ratio with what is known of its error. After ruin the ratios are −∞, and the errors and η NaN. */
export interface SharpeEstimate {
  readonly perBar: number;
  /** perBar · √barsPerYear */
  readonly annual: number;
  /** Mertens, of `perBar`, with divisor T − 1. */
  readonly standardErrorPerBar: number;
  /** Mertens, of `annual`: the same times √barsPerYear. */
  readonly standardError: number;
  /** Of `annual` were the returns normal: √((1 + ½ SR²) / T), annualised. */
  readonly normalStandardError: number;
  /** η(horizon): the factor from a bar to `horizon` bars; √horizon when nothing is correlated. */
  readonly eta: number;
  /** η(horizon) · perBar · √(barsPerYear / horizon): annualised when bars are correlated within the horizon, not beyond. */
  readonly annualCorrected: number;
}

/**
 * The Sharpe ratio of a year with Mertens' standard error and Lo's correction over `horizon` bars.
 *
 * The standard error allows for skewness and fat tails, not for autocorrelation: for that, bootstrap blocks.
 * @throws RangeError when there are not more bars than `horizon`, one is not finite, or `barsPerYear` is not positive.
 * @see Mertens 2002; Lo 2002, equation 20
 */
export function sharpeEstimate(
  returns: ArrayLike<number>,
  options: { readonly barsPerYear: number; readonly horizon: number },
): SharpeEstimate {
  const { barsPerYear, horizon } = options;
  const annual = sharpeRatio(returns, barsPerYear);
  const perBar = sharpePerBar(returns);
  if (isRuined(returns)) return RUINED_SHARPE;
  const standardErrorPerBar = Math.sqrt(mertensVariance(returns) / (returns.length - 1));
  const eta = loEta(returns, horizon);
  return {
    perBar,
    annual,
    standardErrorPerBar,
    standardError: standardErrorPerBar * Math.sqrt(barsPerYear),
    normalStandardError: Math.sqrt(((1 + perBar ** 2 / 2) / returns.length) * barsPerYear),
    eta,
    annualCorrected: Number.isFinite(annual) ? eta * perBar * Math.sqrt(barsPerYear / horizon) : annual,
  };
}

/** What is known of the Sharpe ratio of a ruined account. */
export const RUINED_SHARPE: SharpeEstimate = {
  ...{ perBar: Number.NEGATIVE_INFINITY, annual: Number.NEGATIVE_INFINITY },
  ...{ standardErrorPerBar: Number.NaN, standardError: Number.NaN, normalStandardError: Number.NaN },
  ...{ eta: Number.NaN, annualCorrected: Number.NEGATIVE_INFINITY },
};

/** T times the asymptotic variance of the Sharpe ratio of a bar, from the returns; NaN after ruin. */
export function mertensVariance(returns: ArrayLike<number>): number {
  if (isRuined(returns)) return Number.NaN;
  return sharpeVariance({
    sharpe: sharpePerBar(returns),
    skew: skewness(returns),
    kurtosis: kurtosis(returns),
  });
}

/**
 * The same from its moments, raw kurtosis: 1 − skew·SR + ¼ (kurtosis − 1)·SR². NaN where one is.
 * @see Mertens 2002
 */
export function sharpeVariance(moments: {
  readonly sharpe: number;
  readonly skew: number;
  readonly kurtosis: number;
}): number {
  const { sharpe, skew, kurtosis } = moments;
  return 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
}

/**
 * η(q) = q / √(q + 2 Σ_{k<q} (q − k) ρ_k): the Sharpe ratio of q bars over that of one.
 *
 * NaN when the estimated autocorrelations leave no variance of q bars.
 * @throws RangeError when `horizon` is not an integer in 1 … T − 1.
 * @see Lo 2002, equation 20
 */
export function loEta(returns: ArrayLike<number>, horizon: number): number {
  checkReturns(returns);
  checkCount("horizon", horizon);
  if (horizon >= returns.length)
    throw new RangeError(`horizon: expected fewer than the ${returns.length} bars, got ${horizon}`);
  let spread = horizon;
  for (let lag = 1; lag < horizon; lag++) spread += 2 * (horizon - lag) * lagCorrelation(returns, lag);
  return spread > 0 ? horizon / Math.sqrt(spread) : Number.NaN;
}

/**
 * Pearson's correlation of the returns with themselves `lag` bars earlier, each part with its own mean and variance.
 *
 * It differs from `autocorrelation`, which uses those of the whole sample, by terms of order lag / T.
 */
export function lagCorrelation(returns: ArrayLike<number>, lag: number): number {
  const all = Float64Array.from(returns);
  return correlation(all.subarray(lag), all.subarray(0, all.length - lag));
}

/** √ mean(min(r, 0)²) over all bars, gains counting as zero. */
export function downsideDeviation(returns: ArrayLike<number>): number {
  checkReturns(returns, 1);
  return rootMeanSquare(Float64Array.from(returns, (r) => Math.min(r, 0)));
}

/**
 * Mean over downside deviation, annualised by √barsPerYear; −∞ after a return of −1 or less, NaN when no bar lost.
 * @throws RangeError when there is no bar, one is not finite, or `barsPerYear` is not positive.
 * @see Sortino & van der Meer 1991
 */
export function sortinoRatio(returns: ArrayLike<number>, barsPerYear: number): number {
  checkPositive("barsPerYear", barsPerYear);
  const downside = downsideDeviation(returns);
  if (ruinIndex(returns) >= 0) return Number.NEGATIVE_INFINITY;
  return downside > 0 ? (mean(returns) / downside) * Math.sqrt(barsPerYear) : Number.NaN;
}

/** Third standardised moment, population divisors; NaN when the returns do not vary. */
export function skewness(returns: ArrayLike<number>): number {
  return standardisedMoment(returns, 3);
}

/** Fourth standardised moment, population divisors: 3 for a normal, not 0. */
export function kurtosis(returns: ArrayLike<number>): number {
  return standardisedMoment(returns, 4);
}

function standardisedMoment(returns: ArrayLike<number>, power: number): number {
  checkReturns(returns);
  const centre = mean(returns);
  const sd = standardDeviation(returns, 0);
  if (!(sd > NOISE * largest(returns))) return Number.NaN;
  let total = 0;
  for (let t = 0; t < returns.length; t++) total += ((returns[t]! - centre) / sd) ** power;
  return total / returns.length;
}

function largest(returns: ArrayLike<number>): number {
  let top = 0;
  for (let t = 0; t < returns.length; t++) top = Math.max(top, Math.abs(returns[t]!));
  return top;
}
