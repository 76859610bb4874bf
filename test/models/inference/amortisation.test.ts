import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { scoreEncoder, scoreOwnPosteriors } from "../../../lib/models/inference/comparison/amortisation.js";
import { linearLatentModel } from "../../../lib/models/inference/exact/linearLatent.js";
import { amortizedEncoder } from "../../../lib/models/vae/encoder.js";
import { startBackend } from "../../../lib/nn/backend.js";

const root = key("amortisation");
const model = linearLatentModel(
  [
    [1, 0.2],
    [0.8, 0.6],
    [0.5, -0.7],
  ],
  0.4,
);
const data = model.simulate(64, fold(root, "data"));
const options = { rows: 64, columns: 3, repeats: 20, key: root };

beforeAll(async () => {
  await startBackend("wasm");
});

test("VI-76: the KL of the latents adds up to the KL, and the ELBO to its parts", () => {
  const before = tf.memory().numTensors;
  const encoder = amortizedEncoder({ inputs: 3, latents: 2, hidden: [8], key: root });
  for (const score of [
    scoreEncoder(model, encoder, data, options),
    scoreOwnPosteriors(model, data, { ...options, steps: 300 }),
  ]) {
    expect(score.klPerLatent).toHaveLength(2);
    expect(score.klPerLatent[0]! + score.klPerLatent[1]!).toBeCloseTo(score.kl, 4);
    expect(score.reconstruction - score.kl).toBeCloseTo(score.elbo, 4);
  }
  encoder.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test("VI-46: codes fitted one by one beat an untrained encoder and stay below the bound", () => {
  const encoder = amortizedEncoder({ inputs: 3, latents: 2, hidden: [8], key: root });
  const own = scoreOwnPosteriors(model, data, { ...options, steps: 600, repeats: 200 });
  expect(own.elbo).toBeGreaterThan(scoreEncoder(model, encoder, data, options).elbo + 0.5);
  expect(own.elbo).toBeLessThan(model.logEvidence(data) - model.meanFieldGap + 0.03);
  encoder.dispose();
  expect(() => scoreEncoder(model, encoder, data, { ...options, rows: 65 })).toThrow("rows of x");
});
