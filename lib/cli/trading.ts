/** Options that a backtest and a paper run share: the rule, and what trading costs. */
import { type Command, Option } from "commander";
import { BYBIT_FEES, type Costs } from "../trading/backtest/index.js";
import type { TradingRule } from "./tasks/rule.js";
import { amountOf, latencyOf, positiveOf } from "./values.js";

export interface TradingOptions {
  readonly rule: TradingRule["kind"];
  readonly edge: number;
  readonly epistemicPenalty: number;
  readonly kelly: number;
  readonly cap?: number;
  readonly takerBps: number;
  readonly halfSpreadBps: number;
  readonly latency: number;
}

export function withTrading(command: Command): Command {
  const { takerBps } = BYBIT_FEES.linearPerpetual;
  return command
    .addOption(
      new Option("--rule <kind>", "edge: where the expected gain exceeds the costs; sign: always")
        .choices(["edge", "sign"])
        .default("edge"),
    )
    .option("--edge <costs>", "expected gain that a trade needs, in costs of a round trip", amountOf, 1)
    .option(
      "--epistemic-penalty <deviations>",
      "of model uncertainty (latent and epistemic), taken off the expected gain",
      amountOf,
      1,
    )
    .option("--kelly <fraction>", "of the Kelly weight for the gain less the penalty", amountOf, 0.25)
    .option(
      "--cap <share>",
      "of equity, largest position in a symbol (default: one over the number of the model's symbols)",
      positiveOf,
    )
    .option("--taker-bps <fee>", "basis points of what is traded", amountOf, takerBps)
    .option("--half-spread-bps <cost>", "basis points of what is traded", amountOf, 0.5)
    .option("--latency <bars>", "beyond the next open", latencyOf, 0);
}

export function ruleOf({ rule, edge, epistemicPenalty, kelly, cap }: TradingOptions): TradingRule {
  return { kind: rule, minEdgeMultiple: edge, epistemicPenalty, kelly, cap };
}

export function costsOf({ takerBps, halfSpreadBps, latency }: TradingOptions): Costs {
  const { makerBps } = BYBIT_FEES.linearPerpetual;
  return { makerBps, takerBps, halfSpreadBps, latencyBars: latency };
}
