/** Rules over many test parts, compared with one another part by part, and on average. */
import { mean } from "../../core/index.js";
import { significance } from "../../trading/index.js";
import type { PartResults } from "./manyParts.js";

/** A Sharpe ratio of `PartResults`: after costs, before costs by the simulation's own means, or in the windows of the decisions. */
export type PartSharpe = "sharpe" | "trueSharpe" | "windowSharpe";

/** One row a rule but the baseline: its Sharpe ratio less the baseline's, part by part, with the 95 % interval of the mean. */
export type DifferenceRow = {
  readonly rule: string;
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  readonly wins: number;
  readonly volatility: number;
  readonly turnover: number;
};

/**
 * Paired differences of the rules from the first one.
 * @throws RangeError when there are fewer than two parts, or a ratio does not exist.
 */
export function differencesFromFirst(results: readonly PartResults[], of: PartSharpe): DifferenceRow[] {
  const [baseline, ...others] = results;
  return others.map((one) => {
    const { estimate, lower, upper, wins } = significance.pairedDifference(one[of], baseline![of]);
    return {
      ...{ rule: one.rule, difference: estimate, lower, upper, wins },
      ...{ volatility: mean(one.volatility), turnover: mean(one.turnover) },
    };
  });
}

/**
 * Paired differences of named rules, the first of a pair less the second, by "first less second".
 * @throws RangeError when a rule is unknown, or as `differencesFromFirst`.
 */
export function differencesOfPairs(
  results: readonly PartResults[],
  pairs: readonly (readonly [string, string])[],
  of: PartSharpe,
): Record<string, significance.PairedDifference> {
  return Object.fromEntries(
    pairs.map(([one, other]) => [`${one} less ${other}`, differenceOfPair(results, [one, other], of)]),
  );
}

/** The paired difference of two named rules, the first less the second. @throws RangeError as `differencesOfPairs`. */
export function differenceOfPair(
  results: readonly PartResults[],
  [one, other]: readonly [string, string],
  of: PartSharpe,
): significance.PairedDifference {
  return significance.pairedDifference(ruleOf(results, one)[of], ruleOf(results, other)[of]);
}

/** One row a rule: means over the parts. */
export type AverageRow = {
  readonly rule: string;
  /** Annual Sharpe ratio of the weights in the windows they were decided on. */
  readonly inWindow: number;
  /** Annual Sharpe ratio after costs in what followed. */
  readonly afterCosts: number;
  /** Annual Sharpe ratio before costs by the simulation's own means. */
  readonly trueMeans: number;
  /** Percent a year. */
  readonly volatility: number;
  /** Multiples of equity a year. */
  readonly turnover: number;
};

/** Means over the parts, one row a rule, the baseline included. */
export function averagesOfParts(results: readonly PartResults[]): AverageRow[] {
  return results.map((one) => ({
    rule: one.rule,
    inWindow: mean(one.windowSharpe),
    afterCosts: mean(one.sharpe),
    trueMeans: mean(one.trueSharpe),
    volatility: mean(one.volatility),
    turnover: mean(one.turnover),
  }));
}

/** The results of one rule. @throws RangeError when there is none of that name. */
export function ruleOf(results: readonly PartResults[], rule: string): PartResults {
  const own = results.find((one) => one.rule === rule);
  if (own) return own;
  throw new RangeError(`rule: expected one of ${results.map((one) => one.rule).join(", ")}, got ${rule}`);
}
