import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { key, normals32 } from "../../../lib/core/random.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { initialWeights } from "../../../lib/nn/layers/model.js";
import { filled, scaledNormal } from "../../../lib/nn/layers/parameters.js";
import { type Predictor, predict } from "../../../lib/nn/training/predict.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("predict");

/** y = (w + 0.3 ε) · x with noise variance 0.5 + x²: mean, epistemic 0.09 x² and aleatoric are known. */
const noisyLine: Predictor = {
  parameters: [{ name: "w", shape: [1, 1], initial: filled(2) }],
  buffers: [],
  noise: [{ name: "w/noise", kind: "normal", shape: [1, 1], role: "draw" }],
  inputShape: [1],
  predict({ parameters, noise }, x) {
    const weight = parameters.w!.add(noise["w/noise"]!.mul(0.3));
    const replicas = weight.shape[0]!;
    return {
      mean: weight.mul(x).reshape([replicas, -1]),
      variance: x.square().add(0.5).mul(tf.onesLike(weight)).reshape([replicas, -1]),
    };
  },
};
const x = Float32Array.from({ length: 40 }, (_, n) => (n - 20) / 10);

test("the law of total variance: draws give the mean, the doubt and the noise that are known", () => {
  const draws = 4000;
  const said = predict(noisyLine, initialWeights(noisyLine, [root]), x, { draws, key: root });
  x.forEach((value, n) => {
    const doubt = 0.09 * value * value;
    expect(Math.abs(said.mean[n]! - 2 * value)).toBeLessThan(1e-6 + 4 * Math.sqrt(doubt / draws));
    expect(Math.abs(said.epistemic[n]! - doubt)).toBeLessThan(1e-6 + doubt * 4 * Math.sqrt(2 / draws));
    expect(said.aleatoric[n]!).toBeCloseTo(0.5 + value * value, 4);
  });
});

test("room changes memory and nothing else", () => {
  const weights = initialWeights(noisyLine, [root, key(2)]);
  const [wide, narrow] = [4e6, 1].map((room) =>
    predict(noisyLine, weights, x, { draws: 30, key: root, room }),
  );
  for (const part of ["mean", "epistemic", "aleatoric"] as const) {
    wide![part].forEach((value, n) => {
      expect(narrow![part][n]).toBeCloseTo(value, 5);
    });
  }
});

test("an ensemble without noise of its own doubts by the spread of its members", () => {
  const still: Predictor = {
    ...noisyLine,
    noise: [],
    parameters: [{ name: "w", shape: [1, 1], initial: scaledNormal(1, 1) }],
    predict: ({ parameters }, input) => ({
      mean: parameters.w!.mul(input).reshape([parameters.w!.shape[0]!, -1]),
      variance: tf.ones([parameters.w!.shape[0]!, input.shape[1]!]),
    }),
  };
  const keys = [0, 1, 2, 3].map((r) => key(r));
  const weights = initialWeights(still, keys);
  const said = predict(still, weights, x, { draws: 1, key: root });
  const w = Array.from(weights.parameters);
  const mean = w.reduce((a, b) => a + b, 0) / 4;
  const spread = w.reduce((a, b) => a + (b - mean) ** 2, 0) / 4;
  x.forEach((value, n) => {
    expect(said.epistemic[n]).toBeCloseTo(spread * value * value, 5);
  });
});

test("a row's prediction does not depend on the rows beside it, and nothing leaks", () => {
  const before = tf.memory().numTensors;
  const still: Predictor = { ...noisyLine, noise: [] };
  const rows = normals32(root, 3000);
  const weights = initialWeights({ ...still, parameters: noisyLine.parameters }, [root]);
  const model: Predictor = {
    ...still,
    predict: ({ parameters }, input) => ({
      mean: parameters.w!.mul(input).reshape([1, -1]),
      variance: tf.ones([1, input.shape[1]!]),
    }),
  };
  const all = predict(model, weights, rows, { draws: 1, key: root });
  const one = predict(model, weights, rows.subarray(2000, 2001), { draws: 1, key: root });
  expect(one.mean[0]).toBeCloseTo(all.mean[2000]!, 6);
  expect(tf.memory().numTensors).toBe(before);
});

test("noise of rows and noise of weights, fed the same numbers, predict the same: draws may lie on either axis", () => {
  const specs = [{ name: "n", kind: "normal", shape: ["batch", 1], role: "draw" }] as const;
  const ofRows: Predictor = {
    ...noisyLine,
    noise: specs,
    predict({ parameters, noise }, input) {
      const [replicas] = parameters.w!.shape as [number];
      const mean = parameters.w!.mul(input).add(noise.n!).reshape([replicas, -1]);
      return { mean, variance: tf.ones(mean.shape) };
    },
  };
  /** A weight that is drawn and not used keeps the draws on the axis of the replicas. */
  const idle = { name: "idle", kind: "normal", shape: [1], role: "draw" } as const;
  const ofReplicas: Predictor = { ...ofRows, noise: [...specs, idle] };
  const weights = initialWeights(ofRows, [root, key(2)]);
  const options = { draws: 7, key: root };
  const [a, b] = [ofRows, ofReplicas].map((model) => predict(model, weights, x, options));
  for (const part of ["mean", "epistemic", "aleatoric"] as const)
    a![part].forEach((value, n) => {
      expect(b![part][n]).toBeCloseTo(value, 5);
    });
});
