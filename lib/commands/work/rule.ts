/** How forecasts become positions: the same two rules in a backtest and live. */
import { capped, type Forecast, fractional, pessimisticSize } from "../../trading/size.js";

export interface TradingRule {
  /** "edge": where the expected gain exceeds the cost of a round trip; "sign": always, on the side of the mean. */
  readonly kind: "edge" | "sign";
  /** Of the edge rule: gain needed in costs, and epistemic deviations taken off the mean first. */
  readonly edgeInCosts: number;
  readonly caution: number;
  /** Of the edge rule: share of the pessimistic Kelly size. */
  readonly kelly: number;
  /** Largest share of equity an asset; that of the sign rule always. 1 / A unless given. */
  readonly cap?: number | undefined;
}

/** The largest share of equity in one of `count` assets. */
export function capOf({ cap }: TradingRule, count: number): number {
  return cap ?? 1 / count;
}

/** The signed share of equity that the edge rule holds of a forecast that is worth a trade. */
export function edgeSize(rule: TradingRule, count: number): (forecast: Forecast) => number {
  const cap = capOf(rule, count);
  return (forecast) => capped(fractional(pessimisticSize(forecast), rule.kelly), cap);
}
