/** The way from forecasts to positions: the same rules in a backtest, live and in the demo. */
import { type Costs, roundTripBps } from "../../trading/backtest/index.js";
import type { SizingRules } from "../../trading/decisions/index.js";

export interface TradingRule {
  /** "edge": where the expected gain exceeds the cost of a round trip; "sign": always, on the side of the mean. */
  readonly kind: "edge" | "sign";
  /** Of the edge rule: expected gain needed, in multiples of the cost of a round trip. */
  readonly minEdgeMultiple: number;
  /** Of the edge rule: standard deviations of model uncertainty, latent + epistemic, taken off the expected gain, for side and size. */
  readonly epistemicPenalty: number;
  /** Of the edge rule: fraction of the Kelly weight. */
  readonly kelly: number;
  /** Largest |weight| of an asset; that of the sign rule always. One over the number of the model's symbols by default. */
  readonly cap?: number | undefined;
  /** Path of the module of an own strategy, in place of the kind and its numbers; the cap stands. */
  readonly own?: string | undefined;
}

/** A rule whose cap is settled. */
export type SettledRule = TradingRule & { readonly cap: number };

/** The rule with its cap for so many assets. */
export function settledRule(rule: TradingRule, assets: number): SettledRule {
  return { ...rule, cap: rule.cap ?? 1 / assets };
}

/** The rules of `size` for a rule and what trading costs; all weights together never exceed the equity. */
export function sizingRules(rule: SettledRule, costs: Costs): SizingRules {
  const { kind, minEdgeMultiple, epistemicPenalty, kelly, cap } = rule;
  const limits = { maxWeight: cap, maxGross: 1 };
  if (kind === "sign")
    return { signal: { kind: "sign" }, position: { kind: "fixed", weight: cap }, ...limits };
  return {
    signal: { kind: "edge", costBps: roundTripBps(costs), minEdgeMultiple, epistemicPenalty },
    position: { kind: "kelly", fraction: kelly, epistemicPenalty },
    ...limits,
  };
}

/** The rule in words. */
export function ruleWords({ kind, minEdgeMultiple, epistemicPenalty, kelly, cap, own }: SettledRule): string {
  const most = `at most ${(100 * cap).toFixed(1)} % of equity a symbol`;
  if (own !== undefined) return `own strategy of ${own}, ${most}`;
  if (kind === "sign") return `sign: always on the side of the mean, ${most}`;
  return (
    `edge: gain above ${minEdgeMultiple} × costs after ${epistemicPenalty} sd of model uncertainty, ` +
    `${kelly} of Kelly, ${most}`
  );
}
