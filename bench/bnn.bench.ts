/** One decision, features to size: a new bar in, a share of equity out, with a hundred draws of the network of the texts; p50 and p99. */
import { beforeAll, bench, describe } from "vitest";
import { forecastOf, forecastRow } from "../lib/core/forecast.js";
import { fold, key } from "../lib/core/random.js";
import { quantile } from "../lib/core/stats.js";
import { emptyRow, featureStream, readRow } from "../lib/features/engine/featureStream.js";
import { standardFeatures } from "../lib/features/indicators/standardFeatures.js";
import { simulate } from "../lib/market/simulate/simulate.js";
import { bnn, STANDARD_NORMAL } from "../lib/models/bnn/bnn.js";
import { openForecaster } from "../lib/models/bnn/forecastDraws.js";
import { startBackend } from "../lib/nn/backend.js";
import { initialWeights } from "../lib/nn/layers/model.js";
import { gaussianKelly } from "../lib/trading/decisions/size.js";

const root = key("decision from features to size");
const [WARM, DECISIONS, DRAWS] = [400, 400, 100];

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

/** Milliseconds of each decision, after `WARM` bars of history. */
function decisions(): number[] {
  const { bars } = simulate({ symbols: ["BTCUSDT"], bars: WARM + DECISIONS, key: root });
  const [btc] = bars;
  const live = featureStream(standardFeatures(btc!.stepMs, { flow: true }), btc!.stepMs);
  const inputs = live.names.length;
  const network = bnn({
    ...{ inputs, hidden: [256, 128, 64], activation: "leakyRelu", dropout: [], heads: ["return"] },
    ...{ noise: "each", dataSize: 1000, prior: STANDARD_NORMAL, sampling: "local" },
  });
  const forecaster = openForecaster(network, initialWeights(network, [root]));
  const row = emptyRow();
  const times: number[] = [];
  for (let t = 0; t < WARM + DECISIONS; t++) {
    readRow(btc!, t, row);
    const from = performance.now();
    const values = live.push(row);
    if (t < WARM) continue;
    const x = Float32Array.from(values, (value) => Math.max(-5, Math.min(5, value)));
    const { returns } = forecaster.draw(x, { draws: DRAWS, key: fold(root, t) });
    const forecast = forecastOf(returns!, { asset: [0], decidedAt: [t] });
    gaussianKelly(forecastRow(forecast, 0));
    times.push(performance.now() - from);
  }
  forecaster.dispose();
  return times;
}

describe("bnn", () => {
  const work = () => {
    const times = decisions();
    const [half, most] = [0.5, 0.99].map((p) => quantile(times, p).toFixed(2));
    console.log(`features to size, ${DRAWS} draws: p50 ${half} ms, p99 ${most} ms of ${DECISIONS} decisions`);
  };
  const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };
  bench("one decision, features to size", work, once);
});
