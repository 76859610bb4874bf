/** A backtest in one record: what it earned, with what error, at what risk, and what it cost. */
import { checkPositive } from "../core/axes.js";
import { mean, sum } from "../core/stats.js";
import { MONTH_IN_YEARS } from "./drawdown.js";
import { type BacktestLedger, ledgerReturns } from "./ledger.js";
import { gainLoss, performance } from "./metrics.js";

/** Statistics of a ledger. A ratio that does not exist is NaN; what a short span does not tell is null. */
export type Summary = {
  bars: number;
  years: number;
  /** Mean return of a bar times the bars of a year: it does not compound. */
  annualReturn: number;
  /** Compound annual growth rate; null under a month. */
  annualGrowth: number | null;
  annualVolatility: number;
  sharpe: number;
  /** Mertens: for skewness and fat tails, not for autocorrelation. */
  sharpeError: number;
  /** Lo: annualised when bars are correlated within a day, not beyond. */
  sharpeCorrected: number;
  sortino: number;
  /** Null under a month, or without a loss. */
  calmar: number | null;
  maxDrawdown: number;
  /** UTC milliseconds: the last time at the peak, the bottom, and the first time back (null when not yet). */
  drawdownFrom: number;
  drawdownBottom: number;
  drawdownTo: number | null;
  /** Per bar, 5 % tail, as losses. */
  valueAtRisk95: number;
  expectedShortfall95: number;
  /** Equity traded in a year, in multiples of equity. */
  annualTurnover: number;
  /** Share of bars with a position, and the mean of Σ|weight| over all bars. */
  exposure: number;
  meanLeverage: number;
  trades: number;
  /** Over trades, and over bars with a position, whose result is not zero; costs included. */
  winRatePerTrade: number;
  winRatePerBar: number;
  /** Sums over all bars as shares of the capital: price moves before costs, and what went to each. */
  gross: number;
  fees: number;
  spread: number;
  impact: number;
  funding: number;
};

/**
 * Every statistic of a ledger; `barsPerYear` is 365 · 24 for hourly bars of a market that never closes.
 * @throws RangeError when there are fewer than 3 bars, or `barsPerYear` is not positive.
 */
export function summarise(ledger: BacktestLedger, barsPerYear: number): Summary {
  checkPositive("barsPerYear", barsPerYear);
  const returns = ledgerReturns(ledger);
  const day = Math.max(1, Math.round(barsPerYear / 365));
  const all = performance(returns, { barsPerYear, horizon: Math.min(day, returns.length - 1) });
  const { depth, start, trough, end } = all.drawdown;
  const timeOf = (index: number): number => ledger.time[Math.max(0, index - 1)]!;
  return {
    bars: all.bars,
    years: all.years,
    annualReturn: mean(returns) * barsPerYear,
    annualGrowth: all.years < MONTH_IN_YEARS ? null : all.annualGrowth,
    annualVolatility: all.annualVolatility,
    sharpe: all.sharpe.annual,
    sharpeError: all.sharpe.standardError,
    sharpeCorrected: all.sharpe.annualCorrected,
    sortino: all.sortino,
    calmar: all.calmar,
    maxDrawdown: depth,
    drawdownFrom: timeOf(start),
    drawdownBottom: timeOf(trough),
    drawdownTo: end === null ? null : timeOf(end),
    valueAtRisk95: all.valueAtRisk95,
    expectedShortfall95: all.expectedShortfall95,
    ...activityOf(ledger, returns, barsPerYear),
    ...costsOf(ledger),
  };
}

/** One row of a table. */
export type SummaryRow = { statistic: string; value: number | string | null; unit: string };

/** The record as rows for a table, each with its unit; times as ISO text. */
export function summaryRows(summary: Summary): SummaryRow[] {
  return (Object.keys(UNITS) as (keyof Summary)[]).map((statistic) => {
    const [value, unit] = [summary[statistic], UNITS[statistic]];
    return {
      statistic,
      value: unit === "UTC" && value !== null ? new Date(value).toISOString() : value,
      unit,
    };
  });
}

const UNITS: Readonly<Record<keyof Summary, string>> = {
  ...{
    bars: "bars",
    years: "years",
    annualReturn: "a year",
    annualGrowth: "a year",
    annualVolatility: "√year",
  },
  ...{ sharpe: "√year", sharpeError: "√year", sharpeCorrected: "√year", sortino: "√year", calmar: "ratio" },
  ...{ maxDrawdown: "share of peak", drawdownFrom: "UTC", drawdownBottom: "UTC", drawdownTo: "UTC" },
  ...{ valueAtRisk95: "a bar", expectedShortfall95: "a bar", annualTurnover: "equities a year" },
  ...{ exposure: "share of bars", meanLeverage: "equities", trades: "trades" },
  ...{ winRatePerTrade: "share", winRatePerBar: "share", gross: "capitals" },
  ...{ fees: "capitals", spread: "capitals", impact: "capitals", funding: "capitals" },
};

function activityOf(ledger: BacktestLedger, returns: Float64Array, barsPerYear: number) {
  const assets = ledger.weights.names.length;
  const leverage = returns.map((_, t) => {
    let gross = 0;
    for (let a = 0; a < assets; a++) gross += Math.abs(ledger.weights.values[t * assets + a]!);
    return gross;
  });
  const held = returns.filter((_, t) => leverage[t] !== 0);
  const profits = ledger.trades.profit;
  return {
    annualTurnover: mean(ledger.turnover) * barsPerYear,
    exposure: held.length / returns.length,
    meanLeverage: mean(leverage),
    trades: profits.length,
    winRatePerTrade: profits.length === 0 ? Number.NaN : gainLoss(profits).winRate,
    winRatePerBar: held.length === 0 ? Number.NaN : gainLoss(held).winRate,
  };
}

function costsOf({ capital, profit, fees, spread, impact, funding }: BacktestLedger) {
  const share = (column: Float64Array): number => sum(column) / capital;
  return {
    gross: share(profit),
    fees: share(fees),
    spread: share(spread),
    impact: share(impact),
    funding: share(funding),
  };
}
