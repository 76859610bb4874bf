/** Results of several accounts with their intervals. */
import { sum } from "../../core/index.js";
import { type BacktestLedger, ledgerReturns } from "../backtest/ledger.js";
import { totalReturn } from "../performance/drawdown.js";
import type { BootstrapOptions } from "./bootstrap.js";
import { statisticInterval } from "./intervals.js";

/** Result of an account over all bars, percent of the capital, with its interval and what it traded. */
export type ResultRow = {
  readonly account: string;
  readonly result: number;
  /** Ends of the interval of the result. */
  readonly lower: number;
  readonly upper: number;
  /** Σ of what was traded over the equity at the time. */
  readonly turnover: number;
  /** Fees, spread and impact, percent of the capital. */
  readonly costs: number;
};

/**
 * The compounded result of each ledger after costs, with its percentile interval over resampled blocks of bars.
 * @param ledgers  by name
 * @throws RangeError as `statisticInterval`.
 */
export function resultTable(
  ledgers: Readonly<Record<string, BacktestLedger>>,
  options: BootstrapOptions & { readonly level: number },
): ResultRow[] {
  return Object.entries(ledgers).map(([account, ledger]) => {
    const returns = ledgerReturns(ledger);
    const { lower, upper } = statisticInterval(returns, totalPercent, { ...options, method: "percentile" });
    return {
      ...{ account, result: totalPercent(returns), lower, upper },
      ...{ turnover: sum(ledger.turnover), costs: (100 * sum(ledger.cost)) / ledger.capital },
    };
  });
}

const totalPercent = (returns: Float64Array): number => 100 * totalReturn(returns);
