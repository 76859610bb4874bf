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
import { ownInputs } from "../own/liveFeatures.js";
import { HISTORY } from "../own/memory.js";
import type { FeatureModule } from "../own/ownFeatures.js";
import { type SettledRule, sizingRules } from "../rule.js";
import { targetScaleOf } from "../sources/windows.js";
import { type MarketModel, readsFlow } from "./modelFile.js";

export interface MakerOptions {
  readonly rule: SettledRule;
  readonly costs: Costs;
  /** Draws of the latents, a window and replica. */
  readonly draws: number;
  readonly seed: number | string;
  /** Of a model of own features: the module that made them. */
  readonly features: FeatureModule | undefined;
  /** Bars that there are before the run begins. */
  readonly past: number;
  /** Milliseconds, fractional: of the readings alone. */
  readonly elapsed: () => number;
}

/** Features, windows, forecast, signal and size as in training and backtest, bar by bar; the caller disposes it. */
export function makerOf(own: MarketModel, options: MakerOptions): DecisionMaker {
  const { symbols, stepMs, config, scaler } = own;
  const { rule, costs, draws, seed, past, features } = options;
  const mine = features && ownInputs(own, features);
  const pipeline = livePipeline({
    ...{ symbols, stepMs, scaler: scaler.x, clip: FEATURE_LIMIT, length: config.data.sequenceLength },
    input: mine?.input ?? ((step) => marketInputStream(step, { flow: readsFlow(own) })),
    every: config.data.predictionHorizon,
    forecaster: forecasterOf(own, { draws, seed }),
    target: targetScaleOf(own),
    rules: sizingRules(rule, costs),
    key: key(seed),
    now: options.elapsed,
  });
  if (mine) return mine.tried(pipeline, past);
  return { ...pipeline, warmUp: Math.max(pipeline.warmUp, Math.min(HISTORY, past)) };
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
