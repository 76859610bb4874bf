/** Several rules on the same bars at the same costs. */
import type { Bars, Panel } from "../../core/index.js";
import { backtest } from "../backtest/backtest.js";
import type { BacktestOptions } from "../backtest/backtestInput.js";
import type { BacktestLedger } from "../backtest/ledger.js";
import { summarise } from "./summary.js";

/** Performance of one rule, a row of a table. */
export type RuleRow = {
  readonly rule: string;
  /** Annual Sharpe ratio and its standard error. */
  readonly sharpe: number;
  readonly error: number;
  /** Percent of the capital over the whole span, and of the peak. */
  readonly totalReturn: number;
  readonly largestDrawdown: number;
  /** Equity traded in a day, in multiples of equity. */
  readonly turnover: number;
};

/** Rules compared on the same bars: a row of a table each, and their ledgers. */
export interface RuleComparison {
  readonly rows: readonly RuleRow[];
  /** Of each rule, by name. */
  readonly ledgers: Readonly<Record<string, BacktestLedger>>;
}

/**
 * The backtest of every rule with what a table of them shows.
 *
 * The best of several rules is not what it seems: state their number beside it, or deflate its Sharpe ratio.
 * @param rules  weights by name, as `size` returns them
 * @throws RangeError as `backtest`.
 */
export function ruleTable(
  rules: Readonly<Record<string, Panel>>,
  market: readonly Bars[] | { readonly bars: readonly Bars[] },
  options: BacktestOptions,
): RuleComparison {
  const all = Object.entries(rules).map(
    ([rule, weights]) => [rule, backtest(weights, market, options)] as const,
  );
  const rows = all.map(([rule, ledger]) => {
    const { sharpe, sharpeError, totalReturn, maxDrawdown, annualTurnover } = summarise(ledger);
    return {
      ...{ rule, sharpe, error: sharpeError, totalReturn: 100 * totalReturn },
      ...{ largestDrawdown: 100 * maxDrawdown, turnover: annualTurnover / 365 },
    };
  });
  return { rows, ledgers: Object.fromEntries(all) };
}
