import { fold, key } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { marketInput, marketInputStream } from "../../../lib/features/windows/inputs/marketInput.js";
import { fitWindowScaler } from "../../../lib/features/windows/windowScaler.js";
import { windows } from "../../../lib/features/windows/windows.js";
import { bnnForecaster, type LiveForecaster, vaeForecaster } from "../../../lib/live/pipeline/forecaster.js";
import type { PipelineOptions } from "../../../lib/live/pipeline/pipeline.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { bnn, widthScaledPrior } from "../../../lib/models/bnn/bnn.js";
import { marketVae } from "../../../lib/models/marketVae/marketVae.js";
import { initialWeights } from "../../../lib/nn/layers/model.js";
import { edgeScreen, type SizingRules } from "../../../lib/trading/decisions/rules.js";

export const root = key("live pipeline");
export const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
export const [LENGTH, FEATURES, CLIP] = [5, 11, 5];
export const market: readonly Bars[] = simulate({ symbols, bars: 260, key: root }).bars.map((bars) => {
  const { flow: _, ...candles } = bars;
  return candles;
});
export const [first] = market as [Bars, ...Bars[]];
export const sources = market.map((bars) => ({ bars, panel: marketInput(bars) }));
export const allWindows = windows(sources, { length: LENGTH, horizon: 1 });
/** Of the first hundred windows of the first symbol. */
export const scaler = fitWindowScaler(
  allWindows,
  Array.from({ length: 100 }, (_, n) => n),
  FEATURES,
);

export const network = bnn({
  ...{ inputs: LENGTH * FEATURES, hidden: [12, 8], activation: "leakyRelu", dropout: [] },
  ...{ heads: ["direction", "return"], noise: "each", dataSize: 1000 },
  ...{ prior: widthScaledPrior, sampling: "local", initialSd: 0.05 },
});
/** Two replicas, so that the mean weights too disagree. */
export const networkWeights = initialWeights(network, [root, fold(root, "other")]);
export const autoencoder = marketVae({
  inputShape: [LENGTH, FEATURES],
  latents: 3,
  encoder: { kind: "mlp", hidden: [16, 8] },
  noise: "learned",
});
export const vaeWeights = initialWeights(autoencoder, [root, fold(root, "other")]);

export function networkForecaster(
  posterior: "kept" | "fresh" | { everyMs: number } = "kept",
): LiveForecaster {
  const options = { draws: 20, key: fold(root, "posterior"), posterior, rows: symbols.length };
  return bnnForecaster(network, networkWeights, options);
}

export function codeForecaster(): LiveForecaster {
  return vaeForecaster(autoencoder, vaeWeights, { draws: 20, rows: symbols.length });
}

const COSTS = { costBps: 4, minEdgeMultiple: 1 };
/** A thousandth of Kelly on the side of the mean where it pays its costs. */
export const rules: SizingRules = {
  signal: { kind: "edge", ...COSTS, epistemicPenalty: 0 },
  position: { kind: "kelly", fraction: 1e-3, epistemicPenalty: 0 },
  ...{ maxWeight: 1, maxGross: 10 },
};
export const screened: SizingRules = { ...rules, screenAbove: edgeScreen(COSTS, 0.8) };

/** Returns of about a thousandth, traded where they pay four basis points. */
export function pipelineOptions(
  forecaster: LiveForecaster,
  changes: Partial<PipelineOptions> = {},
): PipelineOptions {
  return {
    ...{ symbols, stepMs: first.stepMs, length: LENGTH, scaler: scaler.x, clip: CLIP, forecaster },
    input: (stepMs) => marketInputStream(stepMs, { flow: false }),
    target: { centre: 0, deviation: 0.001 },
    rules,
    ...{ key: fold(root, "pipeline"), now: () => 0 },
    ...changes,
  };
}
