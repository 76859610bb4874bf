import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import { linearLatentModel } from "../../../lib/models/inference/exact/linearLatent.js";
import {
  evaluatePosteriors,
  perDatumVi,
  stochasticVi,
  trainEncoder,
} from "../../../lib/models/inference/variational/stochasticVi.js";
import { amortizedEncoder } from "../../../lib/models/vae/encoder.js";
import { startBackend } from "../../../lib/nn/backend.js";

const root = key("stochastic vi");
const model = linearLatentModel(
  [
    [1, 0.2],
    [0.8, 0.6],
    [0.5, -0.7],
    [1.1, 0.1],
  ],
  0.4,
);
const rows = 512;
const data = model.simulate(rows, fold(root, "data"));
const manyKeys = Array.from({ length: 40 }, (_, i) => fold(root, "evaluate", i));

beforeAll(async () => {
  await startBackend("wasm");
});

test("the exact evidence agrees with a Monte-Carlo estimate from the prior", () => {
  const x = data.subarray(0, 4);
  const draws = 200_000;
  const estimate = tf.tidy(() => {
    const z = tf.tensor2d(
      Array.from({ length: draws * 2 }, (_, i) => noise[i]!),
      [draws, 2],
    );
    const repeated = tf.tile(tf.tensor2d(x, [1, 4]), [draws, 1]) as tf.Tensor2D;
    return tf.logSumExp(model.logLikelihood(repeated, z)).dataSync()[0]! - Math.log(draws);
  });
  expect(Math.abs(estimate - model.logEvidence(x))).toBeLessThan(0.03);
});
const noise = linearLatentModel([[0], [0]], 1).simulate(200_000, fold(root, "prior"));

test("VI-46: a q of its own for every point reaches the evidence less the exact mean-field gap", () => {
  const x = tf.tensor2d(data, [rows, 4]);
  const codes = perDatumVi(model, x, { steps: 600, key: fold(root, "own") });
  const elbo = mean(manyKeys.map((k) => evaluatePosteriors(model, x, codes, k).elbo));
  expect(Math.abs(elbo - (model.logEvidence(data) - model.meanFieldGap))).toBeLessThan(0.02);
  const exact = model.posteriorMean(data.subarray(0, 4));
  const found = codes.mean.dataSync();
  expect(Math.abs(found[0]! - exact[0]!)).toBeLessThan(0.1);
  expect(Math.abs(found[1]! - exact[1]!)).toBeLessThan(0.1);
  const variance = codes.logVar.exp().mean(0).dataSync();
  expect(Math.abs(variance[0]! / model.meanFieldVariance[0]! - 1)).toBeLessThan(0.05);
  tf.dispose([x, codes.mean, codes.logVar]);
});

test("VI-42, VI-45: training moves the weights, lowers the loss, and comes near the mean-field bound", () => {
  const encoder = amortizedEncoder({ inputs: 4, latents: 2, hidden: [32, 16], key: fold(root, "encoder") });
  const vi = stochasticVi(model, encoder, 0.005);
  const x = tf.tensor2d(data, [rows, 4]);
  const before = encoder.variables.map((v) => Array.from(v.dataSync()));
  const losses = trainEncoder(vi, data, { columns: 4, steps: 800, batchSize: 128, key: fold(root, "train") });
  encoder.variables.forEach((v, i) => {
    expect(Array.from(v.dataSync())).not.toEqual(before[i]);
  });
  expect(mean(losses.slice(-50))).toBeLessThan(mean(losses.slice(0, 50)) - 0.5);
  const elbo = mean(manyKeys.map((k) => vi.elbo(x, k).elbo));
  const bound = model.logEvidence(data) - model.meanFieldGap;
  expect(elbo).toBeLessThan(bound + 0.02);
  expect(elbo).toBeGreaterThan(bound - 0.1);
  x.dispose();
  vi.dispose();
  encoder.dispose();
});

test("the ELBO is reconstruction less beta times KL, and its loss the negative", () => {
  const encoder = amortizedEncoder({ inputs: 4, latents: 2, hidden: [8], key: root });
  const vi = stochasticVi(model, encoder);
  const x = tf.tensor2d(data.subarray(0, 64), [16, 4]);
  const one = vi.elbo(x, root);
  const four = vi.elbo(x, root, 4);
  expect(one.elbo).toBeCloseTo(one.reconstruction - one.kl, 6);
  expect(four.elbo).toBeCloseTo(one.reconstruction - 4 * one.kl, 5);
  expect(one.kl).toBeGreaterThan(0);
  x.dispose();
  vi.dispose();
  encoder.dispose();
});

test("nothing leaks, and the same keys give the same bits", () => {
  const run = () => {
    const encoder = amortizedEncoder({ inputs: 4, latents: 2, hidden: [8], key: root });
    const vi = stochasticVi(model, encoder);
    const x = tf.tensor2d(data.subarray(0, 64), [16, 4]);
    vi.trainStep(x, root);
    const held = tf.memory().numTensors;
    const losses = Array.from({ length: 20 }, (_, i) => vi.trainStep(x, fold(root, i)));
    expect(tf.memory().numTensors).toBe(held);
    x.dispose();
    vi.dispose();
    encoder.dispose();
    return losses;
  };
  const before = tf.memory().numTensors;
  expect(run()).toEqual(run());
  expect(tf.memory().numTensors).toBe(before);
});
