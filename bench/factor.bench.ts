/** The factor model of fifty assets over two years of hours: seconds to train, milliseconds of a risk report. */
import { beforeAll, bench, describe } from "vitest";
import { fromFlat } from "../lib/core/linalg.js";
import { fold, key, normals } from "../lib/core/random.js";
import { median } from "../lib/core/stats.js";
import { fitFactorModel } from "../lib/models/factor/factorModel.js";
import { simulateLinearFactors } from "../lib/models/factor/linear/factorAnalysis.js";
import { factorScenarios } from "../lib/models/factor/risk/factorScenarios.js";
import { factorVariance } from "../lib/models/factor/risk/factorVariance.js";
import { startBackend } from "../lib/nn/backend.js";
import { scenarioRisk } from "../lib/trading/performance/scenarioRisk.js";

const root = key("factor benchmark");
const [ASSETS, ROWS, FACTORS, EPOCHS, BATCH] = [50, 17_520, 5, 40, 128];
const [SCENARIOS, REPORTS] = [2000, 50];

/** Fifty assets of five factors, of about unit variance. */
function assets(): Float64Array {
  const loadings = fromFlat(
    normals(fold(root, "loadings"), ASSETS * FACTORS).map((v) => 0.35 * v),
    ASSETS,
    FACTORS,
  );
  const model = {
    loadings,
    ownVariance: new Float64Array(ASSETS).fill(0.4),
    centre: new Float64Array(ASSETS),
  };
  return simulateLinearFactors(model, ROWS, fold(root, "rows")).x;
}

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

describe("factor", () => {
  const work = async () => {
    const x = assets();
    const start = performance.now();
    const { replicas, fit } = await fitFactorModel(x, ASSETS, {
      ...{ factors: FACTORS, hidden: [64], keys: [fold(root, "seed")], epochs: EPOCHS },
      ...{ batchSize: BATCH, learningRate: 5e-3 },
    });
    const seconds = (performance.now() - start) / 1000;
    const [vae] = replicas;
    const scenarios = factorScenarios(vae!, { count: SCENARIOS, key: root });
    const weights = new Float64Array(ASSETS).fill(1 / ASSETS);
    const times = Array.from({ length: REPORTS }, () => {
      const from = performance.now();
      scenarioRisk(weights, scenarios.returns, 0.01);
      factorVariance(weights, scenarios, vae!.noiseVariance);
      return performance.now() - from;
    });
    const bound = fit.history[fit.history.length - 1]!.elbo[0]!;
    console.log(
      [
        `${ASSETS} assets, ${ROWS} rows, ${FACTORS} factors, hidden 64, ${EPOCHS} epochs of ${BATCH}: ${seconds.toFixed(1)} s, bound ${bound.toFixed(2)} nats`,
        `risk report over ${SCENARIOS} scenarios: median ${median(times).toFixed(2)} ms, worst ${Math.max(...times).toFixed(2)} ms`,
      ].join("\n"),
    );
  };
  const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };
  bench("50 assets × 17,520 bars, and a report", work, once);
});
