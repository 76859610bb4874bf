/** Several rules on one market: what each earned, with costs and without. */
import { type Bars, checkLength, type Panel } from "../../core/index.js";
import { type BacktestLedger, backtest, type Costs, NO_COSTS } from "../backtest/index.js";
import { type Summary, summarise } from "./summary.js";

/** One rule's result. */
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
export function compareRules(
  rules: Readonly<Record<string, Panel>>,
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  costs: Costs,
): RuleResult[] {
  return Object.entries(rules).map(([rule, weights]) => {
    const ledger = backtest(weights, of, { costs });
    const before = summarise(backtest(weights, of, { costs: NO_COSTS }));
    return { rule, weights, ledger, before, after: summarise(ledger) };
  });
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
