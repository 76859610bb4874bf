import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals, normals32 } from "../../../lib/core/random.js";
import { mean, variance } from "../../../lib/core/stats.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { klToStandardNormal } from "../../../lib/prob/distributions/gaussian.js";
import {
  gaussianLogLikelihoodTensor,
  klToStandardNormalTensor,
  reparameterise,
} from "../../../lib/prob/distributions/tensorGaussian.js";
import { gaussianLogLikelihood } from "../../../lib/prob/divergences/elbo.js";

const root = key("tensor Gaussian");
const shape: [number, number, number] = [2, 3, 4];
const draw = (name: string) => normals32(fold(root, name), 24);

beforeAll(async () => {
  await startBackend("wasm");
});

test("VI-09: the tensor form is the float64 one, row by row, and leaks nothing", () => {
  const before = tf.memory().numTensors;
  const [m, l] = [draw("mean"), draw("logVar")];
  const kl = tf.tidy(() => klToStandardNormalTensor(tf.tensor(m, shape), tf.tensor(l, shape)).dataSync());
  kl.forEach((value, row) => {
    const part = (x: Float32Array) => x.subarray(4 * row, 4 * row + 4);
    expect(value).toBeCloseTo(
      klToStandardNormal(part(m), part(l)).reduce((a, b) => a + b, 0),
      4,
    );
  });
  expect(tf.memory().numTensors).toBe(before);
});

test("VI-12: draws have the mean and the variance asked for", () => {
  const count = 100_000;
  const z = tf.tidy(() =>
    reparameterise(
      tf.fill([count], 0.4),
      tf.fill([count], Math.log(0.09)),
      tf.tensor1d(Float32Array.from(normals(fold(root, "noise"), count))),
    ).dataSync(),
  );
  expect(Math.abs(mean(z) - 0.4)).toBeLessThan((4 * 0.3) / Math.sqrt(count));
  expect(Math.abs(variance(z) - 0.09)).toBeLessThan(4 * 0.09 * Math.sqrt(2 / count));
});

test("VI-12: gradients through the draw and the KL agree with finite differences", () => {
  const [m, l, e] = [draw("mean"), draw("logVar"), tf.tensor(draw("noise"), shape)];
  const loss = (mean: tf.Tensor, logVar: tf.Tensor) =>
    reparameterise(mean, logVar, e)
      .sin()
      .sum()
      .add(klToStandardNormalTensor(mean, logVar).sum()) as tf.Scalar;
  const [slopeMean, slopeLogVar] = tf
    .grads(loss)([tf.tensor(m, shape), tf.tensor(l, shape)])
    .map((g) => g.dataSync()) as [Float32Array, Float32Array];
  const float64 = (at: Float64Array, logVar: Float64Array) => {
    const noise = e.dataSync();
    const draws = at.map((value, i) => Math.sin(value + Math.exp(0.5 * logVar[i]!) * noise[i]!));
    return draws.reduce((a, b) => a + b, 0) + klToStandardNormal(at, logVar).reduce((a, b) => a + b, 0);
  };
  const moved = (x: Float32Array, i: number, by: number) =>
    Float64Array.from(x, (v, j) => (i === j ? v + by : v));
  for (let i = 0; i < 24; i++) {
    const [logVar, at] = [Float64Array.from(l), Float64Array.from(m)];
    const byMean = (float64(moved(m, i, 1e-5), logVar) - float64(moved(m, i, -1e-5), logVar)) / 2e-5;
    const byLogVar = (float64(at, moved(l, i, 1e-5)) - float64(at, moved(l, i, -1e-5))) / 2e-5;
    expect(Math.abs(slopeMean[i]! - byMean)).toBeLessThan(1e-4);
    expect(Math.abs(slopeLogVar[i]! - byLogVar)).toBeLessThan(1e-4);
  }
  e.dispose();
});

test("VI-21: the log likelihood is normalised, as in float64", () => {
  const [x, m] = [draw("x"), draw("mean")];
  const got = tf.tidy(() =>
    gaussianLogLikelihoodTensor(tf.tensor(x, shape), tf.tensor(m, shape), 0.3).dataSync(),
  );
  expect(got[1]).toBeCloseTo(gaussianLogLikelihood(x.subarray(4, 8), m.subarray(4, 8), 0.3), 3);
});

test("shapes that disagree are refused with both", () => {
  const [a, b] = [tf.zeros([2, 3]), tf.zeros([2, 4])];
  expect(() => klToStandardNormalTensor(a, b)).toThrow("logVar: expected shape [2, 3], got [2, 4]");
  expect(() => reparameterise(a, a, b)).toThrow("noise: expected shape [2, 3], got [2, 4]");
  tf.dispose([a, b]);
});
