/** Several rules on one market: the backtest of each, with costs and without, and a table of them. */
import { type Bars, checkLength, type Panel } from "../../core/index.js";
import {
  type BacktestLedger,
  type BacktestOptions,
  backtest,
  type Costs,
  NO_COSTS,
} from "../backtest/index.js";
import { type Summary, summarise } from "./summary.js";

/** Weights by the name of the rule that decided them, as `size` returns them. */
type Rules = Readonly<Record<string, Panel>>;
type BarsOfMarket = readonly Bars[] | { readonly bars: readonly Bars[] };

function ledgersOf(rules: Rules, market: BarsOfMarket, options: BacktestOptions) {
  return Object.entries(rules).map(([rule, weights]) => {
    return { rule, weights, ledger: backtest(weights, market, options) };
  });
}

/** One rule's result; `compareLedgers` makes rows of a table of them. */
export interface RuleResult {
  readonly rule: string;
  readonly weights: Panel;
  /** After costs. */
  readonly ledger: BacktestLedger;
  readonly after: Summary;
  /** Without costs. */
  readonly before: Summary;
}

/**
 * The backtests of weights by name, with `costs` and without.
 * @throws RangeError as `backtest` and `summarise`.
 */
export function compareRules(rules: Rules, of: BarsOfMarket, costs: Costs): RuleResult[] {
  const free = ledgersOf(rules, of, { costs: NO_COSTS });
  return ledgersOf(rules, of, { costs }).map((result, i) => {
    return { ...result, before: summarise(free[i]!.ledger), after: summarise(result.ledger) };
  });
}

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
 * The backtest of every rule, with any options, and what a table of them shows.
 *
 * The best of several rules is not what it seems: state their number beside it, or deflate its Sharpe ratio.
 * @throws RangeError as `backtest`.
 */
export function ruleTable(rules: Rules, market: BarsOfMarket, options: BacktestOptions): RuleComparison {
  const all = ledgersOf(rules, market, options);
  const rows = all.map(({ rule, ledger }) => {
    const { sharpe, sharpeError, totalReturn, maxDrawdown, annualTurnover } = summarise(ledger);
    return {
      ...{ rule, sharpe, error: sharpeError, totalReturn: 100 * totalReturn },
      ...{ largestDrawdown: 100 * maxDrawdown, turnover: annualTurnover / 365 },
    };
  });
  return { rows, ledgers: Object.fromEntries(all.map(({ rule, ledger }) => [rule, ledger])) };
}

/**
 * Expected gain a year of weights had each bar brought its true mean, as a fraction of the capital, before costs: no luck in it.
 * @param weights   [N] decided before each mean's bar
 * @param trueMean  [N] of the bar that follows; undefined where nobody knows it, as is the result then
 * @throws RangeError when lengths differ.
 */
export function expectedGain(
  weights: ArrayLike<number>,
  trueMean: ArrayLike<number> | undefined,
  barsPerYear: number,
): number | undefined {
  if (!trueMean) return undefined;
  checkLength("trueMean", trueMean, weights.length);
  let total = 0;
  for (let n = 0; n < weights.length; n++) total += weights[n]! * trueMean[n]!;
  return (total / weights.length) * barsPerYear;
}
