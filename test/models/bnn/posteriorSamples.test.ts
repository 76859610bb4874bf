import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { momentsOf } from "../../../lib/core/forecast.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import {
  type BnnConfig,
  bnn,
  type LayerPrior,
  STANDARD_NORMAL,
  widthScaledPrior,
} from "../../../lib/models/bnn/bnn.js";
import { drawForecasts } from "../../../lib/models/bnn/forecastDraws.js";
import { sourceNetwork } from "../../../lib/models/bnn/forecastNetwork.js";
import { posteriorSamples } from "../../../lib/models/bnn/posteriorSamples.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { initialWeights } from "../../../lib/nn/layers/model.js";
import { classUncertainty } from "../../../lib/prob/divergences/uncertainty.js";

beforeAll(async () => {
  await startBackend("wasm"); // small tensors: several times faster than the native one
});

const root = key("posterior samples");
const config = (changes: Partial<BnnConfig>): BnnConfig => ({
  ...sourceNetwork(3),
  ...{
    hidden: [10, 6],
    dropout: [],
    dataSize: 50,
    prior: STANDARD_NORMAL,
    sampling: "weights" as const,
    initialSd: 0.3,
  },
  ...changes,
});
const x = Float32Array.from(normals(fold(root, "x"), 12));
const gated: LayerPrior = {
  weights: { kind: "spike and slab", spikeProbability: 0.5, slabSd: 1, group: "input" },
  biasSd: 1,
};

test("BN-78: kept weights say what drawing anew with the same key says, gates and two replicas included", () => {
  for (const prior of [STANDARD_NORMAL, gated, widthScaledPrior]) {
    const model = bnn(config({ prior }));
    const weights = initialWeights(model, [root, fold(root, "other")]);
    const anew = drawForecasts(model, weights, x, { draws: 20, key: root });
    const kept = posteriorSamples(model, weights, { draws: 20, key: root });
    const said = drawForecasts(kept.network, kept.weights, x, { draws: 1, key: root });
    expect(said.draws).toBe(40);
    Array.from(anew.returns!.mean).forEach((value, i) => {
      expect(said.returns!.mean[i]).toBeCloseTo(value, 4);
    });
    Array.from(anew.direction!.probability).forEach((value, i) => {
      expect(said.direction!.probability[i]).toBeCloseTo(value, 4);
    });
  }
});

test("BN-19: draws along rows have the distribution of draws along replicas", () => {
  const draws = 4000;
  const [local, whole] = (["local", "weights"] as const).map((sampling) => {
    const model = bnn(config({ sampling }));
    const said = drawForecasts(model, initialWeights(model, [root]), x, { draws, key: root });
    return { ...momentsOf(said.returns!), ...{ classes: classUncertainty(said.direction!) } };
  });
  for (let n = 0; n < 4; n++) {
    const error = Math.sqrt((2 * whole!.epistemic[n]!) / draws);
    expect(Math.abs(local!.mean[n]! - whole!.mean[n]!)).toBeLessThan(4.5 * error);
    expect(Math.abs(local!.epistemic[n]! / whole!.epistemic[n]! - 1)).toBeLessThan(0.2);
    expect(Math.abs(local!.classes.epistemic[n]! - whole!.classes.epistemic[n]!)).toBeLessThan(0.03);
  }
});

test("BN-77: a row's forecast does not depend on the rows beside it, and nothing leaks", () => {
  for (const sampling of ["local", "weights"] as const) {
    const model = bnn(config({ sampling }));
    const weights = initialWeights(model, [root]);
    const before = tf.memory().numTensors;
    const all = drawForecasts(model, weights, x, { draws: 7, key: root });
    const first = drawForecasts(model, weights, x.slice(0, 6), { draws: 7, key: root });
    expect(tf.memory().numTensors).toBe(before);
    for (let s = 0; s < 7; s++)
      for (let n = 0; n < 2; n++)
        expect(first.returns!.mean[s * 2 + n]).toBeCloseTo(all.returns!.mean[s * 4 + n]!, 5);
  }
});

test("BN-76: more draws bring the mean nearer to that of very many", () => {
  const model = bnn(config({ sampling: "local" }));
  const weights = initialWeights(model, [root]);
  const centre = momentsOf(drawForecasts(model, weights, x, { draws: 20_000, key: root }).returns!).mean;
  const error = (draws: number) =>
    mean(
      Array.from({ length: 30 }, (_, i) =>
        mean(
          momentsOf(
            drawForecasts(model, weights, x, { draws, key: fold(root, "again", i) }).returns!,
          ).mean.map((m, n) => (m - centre[n]!) ** 2),
        ),
      ),
    );
  const ratio = error(50) / error(200);
  expect(ratio).toBeGreaterThan(2);
  expect(ratio).toBeLessThan(8); // four in the mean
});
