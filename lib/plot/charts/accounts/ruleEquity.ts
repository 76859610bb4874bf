/** Equities of several rules on the same bars. */
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { type EquityOptions, equityFigure } from "./equity.js";

/** A rule with its ledger, as `trading.compareRules` returns them. */
export interface RuleEquity {
  readonly rule: string;
  readonly ledger: { readonly time: ArrayLike<number>; readonly equity: ArrayLike<number> };
}

/** Options of `ruleEquity`. */
export interface RuleEquityOptions
  extends Pick<FigureOptions, "title" | "yType" | "width" | "height">,
    Pick<EquityOptions, "drawdown"> {
  readonly rules: readonly RuleEquity[];
  /** Name of the rule that is drawn as a benchmark, grey and dashed. */
  readonly benchmark?: string;
}

/**
 * The equity of each rule as `equity` draws it, all as main lines but the benchmark.
 * @throws RangeError when the benchmark is none of the rules, or as `equity`.
 */
export function ruleEquityFigure({ rules, benchmark, ...options }: RuleEquityOptions): Figure {
  const names = rules.map(({ rule }) => rule);
  if (benchmark !== undefined && !names.includes(benchmark))
    throw new RangeError(`benchmark: expected one of ${names.join(", ")}, got ${benchmark}`);
  const series = rules.map(({ rule, ledger }) => ({
    ...{ name: rule, time: ledger.time, equity: ledger.equity },
    role: rule === benchmark ? ("benchmark" as const) : ("main" as const),
  }));
  return equityFigure({ ...options, series });
}
