/** Metrics of a strategy: its returns in one record, its gains, and three Sharpe ratios that know of uncertainty. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkLength, checkPositive, mean, standardDeviation, sum } from "../../core/index.js";
import { annualGrowth, calmarRatio, type Drawdown, maximumDrawdown, totalReturn } from "./drawdown.js";
import {
  checkReturns,
  mertensVariance,
  RUINED_SHARPE,
  type SharpeEstimate,
  sharpeEstimate,
  sharpePerBar,
  sharpeRatio,
  sortinoRatio,
} from "./returns.js";
import { ruinIndex, untilRuin } from "./ruin.js";
import { expectedShortfall, valueAtRisk } from "./tailRisk.js";

/**
 * The statistics of simple returns per bar. A ratio that does not exist is NaN; a Calmar ratio is then null.
 *
 * Ruin ends the series: bars, years and volatility are those up to and including the ruinous bar, ratios are −∞, and the rest says
 * that all was lost.
 */
export interface Performance {
  readonly bars: number;
  /** Index of the ruinous bar, whose return is −1 or less; null where there is none. */
  readonly ruinBar: number | null;
  readonly years: number;
  readonly totalReturn: number;
  /** Compound growth of a year. */
  readonly annualGrowth: number;
  /** √barsPerYear times the deviation of a bar. */
  readonly annualVolatility: number;
  readonly sharpe: SharpeEstimate;
  readonly sortino: number;
  readonly calmar: number | null;
  readonly drawdown: Drawdown;
  /** Per bar, 5 % tail, as losses; 1 after ruin. */
  readonly valueAtRisk95: number;
  readonly expectedShortfall95: number;
}

/**
 * Every statistic of simple returns [T] in one record.
 * @param options `horizon`: the bars over which Lo's correction looks for autocorrelation.
 * @throws RangeError when there are not more bars than `horizon`, one is not finite, or `barsPerYear` is not positive.
 */
export function performance(
  returns: ArrayLike<number>,
  options: { readonly barsPerYear: number; readonly horizon: number },
): Performance {
  const { barsPerYear } = options;
  const ruin = ruinIndex(returns);
  const lived = untilRuin(returns);
  return {
    bars: lived.length,
    ruinBar: ruin < 0 ? null : ruin,
    sharpe: ruin < 0 ? sharpeEstimate(returns, options) : RUINED_SHARPE,
    years: lived.length / barsPerYear,
    totalReturn: totalReturn(returns),
    annualGrowth: annualGrowth(returns, barsPerYear),
    annualVolatility: standardDeviation(lived) * Math.sqrt(barsPerYear),
    sortino: sortinoRatio(returns, barsPerYear),
    calmar: calmarRatio(returns, barsPerYear),
    drawdown: maximumDrawdown(returns),
    valueAtRisk95: ruin < 0 ? valueAtRisk(returns, 0.05) : 1,
    expectedShortfall95: ruin < 0 ? expectedShortfall(returns, 0.05) : 1,
  };
}

/** Gains against losses. Bars or trades of exactly zero count on neither side. */
export interface GainLoss {
  /** Share of gains among those that are not zero; NaN when all are. */
  readonly winRate: number;
  /** Sum of gains over sum of losses; Infinity with gains and no loss, NaN with neither. */
  readonly profitFactor: number;
  /** Mean gain over mean loss; NaN where there is no gain or no loss, as nothing has no mean. */
  readonly payoff: number;
}

/** @throws RangeError when there is no result, or one is not finite. */
export function gainLoss(results: ArrayLike<number>): GainLoss {
  checkReturns(results, 1);
  const all = Array.from(results);
  const gains = all.filter((r) => r > 0);
  const losses = all.filter((r) => r < 0);
  return {
    winRate: gains.length / (gains.length + losses.length),
    profitFactor: sum(gains) / Math.abs(sum(losses)),
    payoff: mean(gains) / Math.abs(mean(losses)),
  };
}

/** Share of gains among results that are not zero; NaN without one, and 0 where the account's `returns` say that it was ruined. */
export function keptWins(results: ArrayLike<number>, returns: ArrayLike<number>): number {
  if (ruinIndex(returns) >= 0) return 0;
  return results.length === 0 ? Number.NaN : gainLoss(results).winRate;
}

/** Three ratios that go by the name of an uncertainty-adjusted Sharpe ratio. None is a standard: say which. */
export interface UncertaintyAdjustedSharpe {
  /** [T] 1 / (1 + u / mean u), the size that `sized` holds. */
  readonly confidence: Float64Array;
  /** Annual Sharpe ratio of the returns times `confidence`: an account of its own, which ruin may spare. */
  readonly sized: number;
  /** Annual Sharpe ratio with mean u² added to the variance of the returns; −∞ after ruin. */
  readonly inflated: number;
  /** Probability that the true Sharpe ratio is above zero, given skewness, kurtosis and T; 0 after ruin. It does not use u. */
  readonly probabilistic: number;
}

/**
 * Three definitions side by side; the first rewards an uncertainty only when it knows which bars are bad.
 *
 * No ratio of one strategy shows that uncertainty helped: test the difference against the raw Sharpe ratio.
 * @param returns     [T]
 * @param uncertainty [T] standard deviation of each forecast, in units of return
 * @throws RangeError when lengths differ, a number is not finite, an uncertainty is negative, or all are zero.
 * @see Bailey & López de Prado 2012 for the third
 */
export function uncertaintyAdjustedSharpe(
  returns: ArrayLike<number>,
  uncertainty: ArrayLike<number>,
  barsPerYear: number,
): UncertaintyAdjustedSharpe {
  checkPositive("barsPerYear", barsPerYear);
  checkReturns(returns);
  checkLength("uncertainty", uncertainty, returns.length);
  const sd = Float64Array.from(uncertainty);
  const bad = sd.findIndex((u) => !(u >= 0 && Number.isFinite(u)));
  if (bad >= 0) throw new RangeError(`uncertainty[${bad}]: expected zero or more, got ${sd[bad]}`);
  const typical = mean(sd);
  checkPositive("mean uncertainty", typical);
  const confidence = sd.map((u) => 1 / (1 + u / typical));
  const inflatedVar = standardDeviation(returns) ** 2 + mean(sd.map((u) => u * u));
  const ratio = sharpePerBar(returns);
  const z = ratio * Math.sqrt((returns.length - 1) / mertensVariance(returns));
  const ruined = ratio === Number.NEGATIVE_INFINITY;
  return {
    confidence,
    sized: sharpeRatio(
      confidence.map((weight, t) => weight * returns[t]!),
      barsPerYear,
    ),
    inflated: ruined ? ratio : (mean(returns) / Math.sqrt(inflatedVar)) * Math.sqrt(barsPerYear),
    probabilistic: ruined ? 0 : normalCdf(z, 0, 1),
  };
}
