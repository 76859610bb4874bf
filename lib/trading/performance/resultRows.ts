/** The results of compared rules as rows of a table. */
import { barsPerYear, mean } from "../../core/index.js";
import { expectedGain, type RuleResult } from "./compareRules.js";

/** One rule, before costs and after. */
export type ResultRow = {
  readonly rule: string;
  /** Mean |weight|. */
  readonly size: number;
  /** Equities traded a day. */
  readonly turnover: number;
  /** Annual Sharpe ratios, and the standard error of the one after costs. */
  readonly "Sharpe before": number;
  readonly "Sharpe after": number;
  readonly "± se": number;
  /** Compounded after costs, per cent a year; NaN under a month. */
  readonly growth: number;
  /** `expectedGain` in per cent a year, and that over the mean |weight| decided; NaN where the true means are not known or nothing is held. */
  readonly "known gain": number;
  readonly "gain per unit": number;
};

/**
 * A row a rule.
 * @param trueMean  [N] of the bar after each decision, where it is known
 * @throws RangeError as `expectedGain`.
 */
export function resultRows(results: readonly RuleResult[], trueMean?: ArrayLike<number>): ResultRow[] {
  return results.map(({ rule, weights, before, after, ledger }) => {
    const gain = 100 * (expectedGain(weights.values, trueMean, barsPerYear(ledger.stepMs)) ?? Number.NaN);
    const held = mean(weights.values.map(Math.abs));
    return {
      ...{ rule, size: after.meanLeverage, turnover: after.annualTurnover / 365 },
      ...{ "Sharpe before": before.sharpe, "Sharpe after": after.sharpe, "± se": after.sharpeError },
      growth: 100 * (after.annualGrowth ?? Number.NaN),
      ...{ "known gain": gain, "gain per unit": held > 0 ? gain / held : Number.NaN },
    };
  });
}
