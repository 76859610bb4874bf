/** The Sharpe ratio of a backtest by year, with its interval. */
import { barsPerYear, type Key } from "../../core/index.js";
import { type BacktestLedger, ledgerReturns } from "../backtest/ledger.js";
import { totalReturn } from "../performance/drawdown.js";
import { studentisedSharpeInterval } from "./intervals.js";

/** A row of a table: total return over the bars, and the annual Sharpe ratio with the ends of its interval. */
export type AnnualSharpe = {
  /** Equity after the last bar over the capital, minus one. */
  readonly totalReturn: number;
  readonly sharpe: number;
  readonly lower: number;
  readonly upper: number;
};

/**
 * The annual Sharpe ratio of a ledger with a studentised interval over blocks of a day of hourly bars.
 * @param options  default 499 replicates, blocks of 24 bars and a level of 90 %
 */
export function annualSharpe(
  ledger: BacktestLedger,
  options: {
    readonly key: Key;
    readonly level?: number;
    readonly replicates?: number;
    readonly meanBlock?: number;
  },
): AnnualSharpe {
  const returns = ledgerReturns(ledger);
  const year = Math.sqrt(barsPerYear(ledger.stepMs));
  const { estimate, lower, upper } = studentisedSharpeInterval(returns, {
    ...{ replicates: 499, meanBlock: 24, level: 0.9 },
    ...options,
  });
  return {
    totalReturn: totalReturn(returns),
    sharpe: year * estimate,
    lower: year * lower,
    upper: year * upper,
  };
}
