/** The decision maker of a trained market model: what `vitrade live` puts behind a stream of candles. */
import { key } from "../../core/random.js";
import { marketInputStream } from "../../features/marketInput.js";
import { vaeForecaster } from "../../live/forecaster.js";
import { livePipeline } from "../../live/pipeline.js";
import { edgeRule, type SignalRule } from "../../live/rules.js";
import type { DecisionMaker } from "../../live/types.js";
import { type Costs, roundTripBps } from "../../trading/costs.js";
import type { MarketModel } from "./modelFile.js";
import { capOf, edgeSize, type TradingRule } from "./rule.js";
import { LIMIT } from "./windows.js";

export interface MakerOptions {
  readonly rule: TradingRule;
  readonly costs: Costs;
  /** Draws of the code, a window and replica. */
  readonly draws: number;
  readonly seed: number | string;
  /** Milliseconds, fractional: of the readings alone. */
  readonly elapsed: () => number;
}

/** Features, windows, forecast, signal and size as in training and backtest, bar by bar; the caller disposes it. */
export function makerOf(own: MarketModel, options: MakerOptions): DecisionMaker {
  const { symbols, stepMs, config, scaler, targetScaler } = own;
  const { rule, draws, seed } = options;
  const count = symbols.length;
  return livePipeline({
    ...{ symbols, stepMs, scaler: scaler.x, clip: LIMIT, length: config.data.sequenceLength },
    input: (step) => marketInputStream(step, { flow: false }),
    every: config.data.predictionHorizon,
    forecaster: vaeForecaster(own.model, own.fit.weights, { draws, rows: count }),
    target: { centre: targetScaler.mean[0], deviation: targetScaler.deviation[0] },
    rule: sideOf(options),
    risk: rule.kind === "sign" ? () => capOf(rule, count) : edgeSize(rule, count),
    limits: { perSymbol: capOf(rule, count), gross: 1 },
    level: 0.9,
    key: key(seed),
    now: options.elapsed,
  });
}

/** Which side a forecast is on. */
function sideOf({ rule, costs }: MakerOptions): SignalRule {
  const edge = { ...rule, costBps: roundTripBps(costs) };
  return edgeRule(rule.kind === "edge" ? edge : { costBps: 0, edgeInCosts: 0, caution: 0 });
}
