/** A backtest in one record: what it earned, with what error, at what risk, and what it cost. */
import { barsPerYear, checkCount, mean, sum } from "../../core/index.js";
import { type BacktestLedger, ledgerReturns } from "../backtest/ledger.js";
import { type Drawdown, MONTH_IN_YEARS } from "./drawdown.js";
import { keptWins, performance } from "./metrics.js";
import { untilRuin } from "./ruin.js";

/**
 * Statistics of a ledger. A ratio that does not exist is NaN; what a short span does not tell is null.
 *
 * An account without equity ends the series: all is taken over the bars up to and including the ruinous one. Total, annual and
 * compounded return are then −1, the Calmar ratio too, drawdown and tail losses 1, win rates 0, and Sharpe and Sortino ratios −∞
 * without an error. `ruin.ts` gives the reasons.
 */
export type Summary = {
  bars: number;
  years: number;
  /** UTC milliseconds: the close at which nothing was left; null where the account lives. */
  ruinedAt: number | null;
  /** Equity after the last bar over the capital, minus one. */
  totalReturn: number;
  /** Arithmetic: mean return of a bar times the bars of a year. It does not compound, and may be positive where money was lost. */
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
  /** Sums over all bars as shares of the capital: price moves before costs, what went to each, and what the exchange bore. */
  gross: number;
  fees: number;
  spread: number;
  impact: number;
  funding: number;
  shortfall: number;
};

/**
 * Every statistic of a ledger, annualised by the length of its bars.
 * @param stated  bars of a year, for a caller who wants his number checked
 * @throws RangeError when there are fewer than 3 bars, the times are not those of bars of `stepMs`, or `stated` is another number.
 */
export function summarise(ledger: BacktestLedger, stated?: number): Summary {
  const year = yearOf(ledger, stated);
  const returns = ledgerReturns(ledger);
  const day = Math.max(1, Math.round(year / 365));
  const all = performance(returns, { barsPerYear: year, horizon: Math.min(day, returns.length - 1) });
  const { ruinBar } = all;
  const isShort = ruinBar === null && all.years < MONTH_IN_YEARS;
  return {
    bars: all.bars,
    years: all.years,
    ruinedAt: ruinBar === null ? null : ledger.time[ruinBar]!,
    totalReturn: all.totalReturn,
    annualReturn: ruinBar === null ? mean(returns) * year : -1,
    annualGrowth: isShort ? null : all.annualGrowth,
    annualVolatility: all.annualVolatility,
    sharpe: all.sharpe.annual,
    sharpeError: all.sharpe.standardError,
    sharpeCorrected: all.sharpe.annualCorrected,
    sortino: all.sortino,
    calmar: all.calmar,
    ...drawdownOf(ledger, all.drawdown),
    valueAtRisk95: all.valueAtRisk95,
    expectedShortfall95: all.expectedShortfall95,
    ...activityOf(ledger, returns, year),
    ...costsOf(ledger),
  };
}

/** The bars of a year of the ledger, whose times and whose caller must agree with its step. */
function yearOf({ stepMs, time }: BacktestLedger, stated: number | undefined): number {
  const year = barsPerYear(stepMs);
  checkCount("bars of the ledger", time.length, 3);
  const least = time
    .subarray(1)
    .reduce((step, at, t) => Math.min(step, at - time[t]!), Number.POSITIVE_INFINITY);
  if (least !== stepMs)
    throw new RangeError(
      `ledger: expected times ${stepMs} ms apart at the least, as its bars, got ${least} ms`,
    );
  if (stated !== undefined && !(Math.abs(stated / year - 1) < 1e-9))
    throw new RangeError(`barsPerYear: expected ${year} for bars of ${stepMs} ms, got ${stated}`);
  return year;
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
  ...{ bars: "bars", years: "years", ruinedAt: "UTC", totalReturn: "share of capital" },
  ...{ annualReturn: "a year, arithmetic", annualGrowth: "a year, compounded", annualVolatility: "√year" },
  ...{ sharpe: "√year", sharpeError: "√year", sharpeCorrected: "√year", sortino: "√year", calmar: "ratio" },
  ...{ maxDrawdown: "share of peak", drawdownFrom: "UTC", drawdownBottom: "UTC", drawdownTo: "UTC" },
  ...{ valueAtRisk95: "a bar", expectedShortfall95: "a bar", annualTurnover: "equities a year" },
  ...{ exposure: "share of bars", meanLeverage: "equities", trades: "trades" },
  ...{ winRatePerTrade: "share", winRatePerBar: "share", gross: "capitals" },
  ...{ fees: "capitals", spread: "capitals", impact: "capitals", funding: "capitals" },
  shortfall: "capitals",
};

/** Times of the drawdown: the capital before the first bar counts as of that bar. */
function drawdownOf({ time }: BacktestLedger, { depth, start, trough, end }: Drawdown) {
  const timeOf = (index: number): number => time[Math.max(0, index - 1)]!;
  return {
    maxDrawdown: depth,
    drawdownFrom: timeOf(start),
    drawdownBottom: timeOf(trough),
    drawdownTo: end === null ? null : timeOf(end),
  };
}

function activityOf(ledger: BacktestLedger, returns: Float64Array, year: number) {
  const assets = ledger.weights.names.length;
  const leverage = untilRuin(returns).map((_, t) => {
    let gross = 0;
    for (let a = 0; a < assets; a++) gross += Math.abs(ledger.weights.values[t * assets + a]!);
    return gross;
  });
  const held = returns.filter((_, t) => t < leverage.length && leverage[t] !== 0);
  const profits = ledger.trades.profit;
  return {
    annualTurnover: mean(untilRuin(returns, ledger.turnover)) * year,
    exposure: held.length / leverage.length,
    meanLeverage: mean(leverage),
    trades: profits.length,
    winRatePerTrade: keptWins(profits, returns),
    winRatePerBar: keptWins(held, returns),
  };
}

function costsOf({ capital, profit, fees, spread, impact, funding, liquidation }: BacktestLedger) {
  const share = (column: Float64Array): number => sum(column) / capital;
  return {
    gross: share(profit),
    fees: share(fees),
    spread: share(spread),
    impact: share(impact),
    funding: share(funding),
    shortfall: (liquidation?.shortfall ?? 0) / capital,
  };
}
