/** The decision maker of a trained market model: what `vitrade live` puts behind a stream of candles. */
import { key } from "../../../core/index.js";
import { FEATURE_LIMIT, marketInputStream } from "../../../features/windows/index.js";
import type { DecisionMaker } from "../../../live/index.js";
import {
  bnnForecaster,
  type LiveForecaster,
  livePipeline,
  vaeForecaster,
} from "../../../live/pipeline/index.js";
import type { Costs } from "../../../trading/backtest/index.js";
import { type SettledRule, sizingRules } from "../rule.js";
import { targetScaleOf } from "../sources/windows.js";
import { type MarketModel, readsFlow } from "./modelFile.js";

export interface MakerOptions {
  readonly rule: SettledRule;
  readonly costs: Costs;
  /** Draws of the latents, a window and replica. */
  readonly draws: number;
  readonly seed: number | string;
  /** Bars that there are before the run begins. */
  readonly past: number;
  /** Milliseconds, fractional: of the readings alone. */
  readonly elapsed: () => number;
}

/**
 * Bars of history that a run asks for, where there are as many. The index of relative strength averages all that came, each bar a
 * fourteenth less: after so many it depends in no bit on where it began, and features are those of a longer past.
 */
const HISTORY = 700;

/** Features, windows, forecast, signal and size as in training and backtest, bar by bar; the caller disposes it. */
export function makerOf(own: MarketModel, options: MakerOptions): DecisionMaker {
  checkColumns(own);
  const { symbols, stepMs, config, scaler } = own;
  const { rule, costs, draws, seed } = options;
  const pipeline = livePipeline({
    ...{ symbols, stepMs, scaler: scaler.x, clip: FEATURE_LIMIT, length: config.data.sequenceLength },
    input: (step) => marketInputStream(step, { flow: readsFlow(own) }),
    every: config.data.predictionHorizon,
    forecaster: forecasterOf(own, { draws, seed }),
    target: targetScaleOf(own),
    rules: sizingRules(rule, costs),
    key: key(seed),
    now: options.elapsed,
  });
  return { ...pipeline, warmUp: Math.max(pipeline.warmUp, Math.min(HISTORY, options.past)) };
}

/** The model standing ready; a Bayesian network draws its weights anew for each decision, as vitrade predict does. */
function forecasterOf(
  own: MarketModel,
  { draws, seed }: Pick<MakerOptions, "draws" | "seed">,
): LiveForecaster {
  const { weights } = own.fit;
  const rows = own.symbols.length;
  if (own.family === "vae") return vaeForecaster(own.model, weights, { draws, rows });
  return bnnForecaster(own.model, weights, { draws, rows, key: key(seed), posterior: "fresh" });
}

/** Throws an Error where the model reads what is not computed bar by bar. */
function checkColumns(own: MarketModel): void {
  const { columns, stepMs } = own;
  if (readsFlow(own) || columns.join() === marketInputStream(stepMs, { flow: false }).names.join()) return;
  throw new Error(
    `expected a model of the library's own features, got one of ${columns.join(", ")}: own features are made of whole arrays, and a live run has bar after bar`,
  );
}
