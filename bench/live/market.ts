/** Ten simulated symbols with tape and quotes, and sixty-four features of each bar. */
import { key } from "../../lib/core/random.js";
import { featureStream, features } from "../../lib/features/engine/featureStream.js";
import { rsi, sma, zScore } from "../../lib/features/indicators/indicators.js";
import { meanReturn, momentum } from "../../lib/features/indicators/momentum.js";
import { standardFeatures } from "../../lib/features/indicators/standardFeatures.js";
import { historicalVolatility } from "../../lib/features/indicators/volatility.js";
import { fitScaler, type Scaler } from "../../lib/features/windows/scaler.js";
import { barSteps } from "../../lib/live/pipeline/history.js";
import type { LiveInput } from "../../lib/live/pipeline/stages.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

export const symbols: readonly string[] = Array.from({ length: 10 }, (_, a) => `COIN${a}USDT`);
export const FEATURES = 64;

const { bars } = simulate({ symbols, bars: 5200, key: key("pipeline benchmark market") });
const [first] = bars;
export const stepMs = first!.stepMs;
export const steps = barSteps(bars);

const specs = [
  ...standardFeatures(stepMs, { flow: true }),
  ...[10, 40, 120].flatMap((window) => [meanReturn(window), historicalVolatility(window), momentum(window)]),
  ...[rsi(7), rsi(28), sma(50), zScore(50)],
];
const names = specs.flatMap((spec) => spec.names);

export function inputOf(step: number): LiveInput {
  const stream = featureStream(specs, step);
  return {
    names: names.slice(0, FEATURES),
    warmUp: Math.max(...specs.map((spec) => spec.warmUp)),
    push: (row) => stream.push(row).subarray(0, FEATURES),
  };
}

/** Of the first symbol's bars from 200 to 700. */
export const scaler: Scaler = (() => {
  const panel = features(first!, specs);
  const all = fitScaler(
    { x: panel.values, shape: [panel.time.length, names.length] },
    Array.from({ length: 500 }, (_, i) => i + 200),
  );
  return {
    mean: all.mean.slice(0, FEATURES),
    standardDeviation: all.standardDeviation.slice(0, FEATURES),
  };
})();
