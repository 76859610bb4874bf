import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { momentsOf, totalVariances } from "../../../lib/core/forecast.js";
import { fold, type Key, key, normals, uniforms } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import { averageDraws } from "../../../lib/models/bnn/averageDraws.js";
import { type BnnConfig, bnn, STANDARD_NORMAL } from "../../../lib/models/bnn/bnn.js";
import { drawForecasts } from "../../../lib/models/bnn/forecastDraws.js";
import { DIRECTIONS, rowNll, sourceNetwork } from "../../../lib/models/bnn/forecastNetwork.js";
import { plainNetwork } from "../../../lib/models/bnn/plainNetwork.js";
import { type WeightPosterior, weightPosteriors } from "../../../lib/models/bnn/weightPosterior.js";
import {
  bayesianLinearRegression,
  meanFieldOptimum,
  predictLinear,
} from "../../../lib/models/inference/exact/conjugate.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { drawNoise, feedOf, initialWeights, layoutsOf } from "../../../lib/nn/layers/model.js";
import type { Data } from "../../../lib/nn/training/batches.js";
import { evaluateModel } from "../../../lib/nn/training/evaluate.js";
import { predict } from "../../../lib/nn/training/predict.js";
import { train } from "../../../lib/nn/training/train.js";
import { constant } from "../../../lib/prob/divergences/schedule.js";
import { classUncertainty } from "../../../lib/prob/divergences/uncertainty.js";

beforeAll(async () => {
  await startBackend("wasm"); // small tensors: several times faster than the native one
});

const root = key("bnn");
const falling = (start: number, steps: number) => (step: number) =>
  start * 0.5 ** Math.max(0, (6 * step) / steps - 2);

/** y = 0.8 x₀ − 0.5 x₁ + 0 x₂ + 0.5 e, with x₀ and x₁ correlated. */
function lineData(rows: number, of: Key): Data & { x64: Float64Array; y64: Float64Array } {
  const e = normals(of, rows * 4);
  const x64 = new Float64Array(rows * 3);
  const y64 = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    const [a, b, c, noise] = [0, 1, 2, 3].map((i) => e[4 * n + i]!) as [number, number, number, number];
    x64.set([a, 0.6 * a + 0.8 * b, c], 3 * n);
    y64[n] = 0.8 * x64[3 * n]! - 0.5 * x64[3 * n + 1]! + 0.5 * noise;
  }
  return { x: Float32Array.from(x64), y: Float32Array.from(y64), rows, x64, y64 };
}

const line = (dataSize: number): BnnConfig => ({
  ...{ inputs: 3, hidden: [], activation: "tanh" as const, dropout: [], heads: ["return" as const] },
  ...{ noise: { variance: 0.25 }, dataSize, prior: STANDARD_NORMAL, sampling: "local" as const },
});

test("BN-05 BN-11: one layer recovers the exact posterior of linear regression, as mean-field does", async () => {
  const data = lineData(60, fold(root, "line"));
  const model = bnn(line(60));
  const fit = await train(model, data, {
    ...{ keys: [fold(root, "fit")], batchSize: 60, epochs: 900, beta: constant(1) },
    learningRate: falling(0.05, 900),
  });
  const withBias = Float64Array.from({ length: 60 * 4 }, (_, i) =>
    i % 4 < 3 ? data.x64[Math.floor(i / 4) * 3 + (i % 4)]! : 1,
  );
  const exact = bayesianLinearRegression({ x: withBias, columns: 4, y: data.y64 }, 0.25, 1);
  const optimum = meanFieldOptimum(exact.precision);
  const [posterior] = weightPosteriors(model, fit.weights);
  for (let i = 0; i < 3; i++) {
    expect(Math.abs(posterior!.mean[i]! - exact.mean[i]!)).toBeLessThan(
      0.15 * Math.sqrt(exact.covariance.get(i, i)),
    );
    expect(Math.abs(posterior!.sd[i]! / Math.sqrt(optimum.variance[i]!) - 1)).toBeLessThan(0.06);
  }
  const layouts = layoutsOf(model);
  const state = {
    parameters: tf.tensor2d(fit.weights.parameters, [1, layouts.parameters.total]),
    buffers: tf.zeros([1, 0]),
  };
  const elbos = Array.from(
    { length: 200 },
    (_, i) =>
      evaluateModel(model, layouts, state, data, { keys: [fold(root, "elbo", i)], chunk: 60 }).elbo[0]!,
  );
  expect(Math.abs(60 * mean(elbos) - (exact.logEvidence - optimum.kl))).toBeLessThan(0.4);
  // far from the data, where the rows agree, the spread is that of the mean-field distribution
  const far = Float32Array.from([3, -2, 1]);
  const said = predict(model, fit.weights, far, { draws: 4000, key: root });
  const wanted =
    [3, -2, 1].reduce((sum, v, i) => sum + v ** 2 * posterior!.sd[i]! ** 2, 0) + optimum.variance[3]!;
  expect(Math.abs(said.epistemic[0]! / wanted - 1)).toBeLessThan(0.12);
  expect(said.aleatoric[0]).toBeCloseTo(0.25, 4);
  const truth = predictLinear(exact, Float64Array.from([3, -2, 1, 1]));
  expect(said.epistemic[0]).toBeLessThan(truth.epistemic[0]!);
});

test("BN-42: the mini-batch objective is an unbiased part of the whole, M/N of the divergence", () => {
  const data = lineData(40, fold(root, "batches"));
  const model = bnn(line(40));
  const layouts = layoutsOf(model);
  const weights = initialWeights(model, [root]);
  const feed = feedOf(
    layouts,
    { parameters: tf.tensor2d(weights.parameters, [1, layouts.parameters.total]), buffers: tf.zeros([1, 0]) },
    {},
    true,
  );
  const total = (from: number, to: number) => {
    const { nll, kl } = model.terms(
      feed,
      tf.tensor3d(data.x.slice(3 * from, 3 * to), [1, to - from, 3]),
      tf.tensor3d(data.y.slice(from, to), [1, to - from, 1]),
    );
    return { nll: nll.sum().dataSync()[0]!, kl: kl.sum().dataSync()[0]! };
  };
  const whole = total(0, 40);
  expect(whole.kl).toBeCloseTo(model.kl(feed).dataSync()[0]!, 3);
  const parts = [0, 10, 20, 30].map((from) => total(from, from + 10));
  expect(parts.reduce((sum, p) => sum + p.kl, 0)).toBeCloseTo(whole.kl, 3);
  expect(parts.reduce((sum, p) => sum + p.nll, 0)).toBeCloseTo(whole.nll, 3);
});

test("BN-41 BN-57: the mean over four draws has the same expectation and a quarter of the gradient's variance", () => {
  const data = lineData(40, fold(root, "draws"));
  const model = bnn({ ...line(40), initialSd: 0.5 });
  const { total } = layoutsOf(model).parameters;
  const weights = initialWeights(model, [root]);
  const repeats = 600;
  const flat = tf.tensor2d(weights.parameters, [1, total]).tile([repeats, 1]);
  const keys = Array.from({ length: repeats }, (_, i) => fold(root, "repeat", i));
  const [x, y] = [tf.tensor3d(data.x, [1, 40, 3]), tf.tensor3d(data.y, [1, 40, 1])];
  const [one, four] = [1, 4].map((draws) => {
    const averaged = averageDraws(model, draws);
    const noise = drawNoise(averaged.noise, keys, 40, ["t"]);
    const terms = (parameters: tf.Tensor) =>
      averaged.terms(
        feedOf(layoutsOf(averaged), { parameters, buffers: tf.zeros([repeats, 0]) }, noise, true),
        x,
        y,
      );
    const gradient = tf.grad((p: tf.Tensor) => terms(p).nll.mean(1).add(terms(p).kl.mean(1)).sum())(flat);
    const moments = tf.moments(gradient, 0);
    return {
      mean: Float64Array.from(moments.mean.dataSync()),
      variance: Float64Array.from(moments.variance.dataSync()),
      kl: terms(flat).kl.dataSync()[0]!,
    };
  }) as [Moments, Moments];
  expect(four.kl).toBeCloseTo(one.kl, 5);
  expect(Math.abs((4 * mean(four.variance)) / mean(one.variance) - 1)).toBeLessThan(0.25);
  one.mean.forEach((m, p) => {
    const error = Math.sqrt((one.variance[p]! + four.variance[p]!) / repeats);
    expect(Math.abs(m - four.mean[p]!)).toBeLessThan(4.5 * error + 1e-5);
  });
});
type Moments = { mean: Float64Array; variance: Float64Array; kl: number };

/** Two inputs: the first decides direction and mean, the second the noise. */
function marketLike(rows: number, of: Key): Data & { sd: Float64Array } {
  const e = normals(of, rows * 3);
  const sd = new Float64Array(rows);
  const [x, y] = [new Float32Array(rows * 2), new Float32Array(rows * 2)];
  for (let n = 0; n < rows; n++) {
    const [signal, level, noise] = [e[3 * n]!, e[3 * n + 1]!, e[3 * n + 2]!];
    sd[n] = Math.exp(-0.5 + 0.6 * level);
    const value = signal + sd[n]! * noise;
    x.set([signal, level], 2 * n);
    y.set([value < -0.5 ? 0 : value > 0.5 ? 2 : 1, value], 2 * n);
  }
  return { x, y, rows, sd };
}

const both = (dataSize: number, changes: Partial<BnnConfig> = {}): BnnConfig => ({
  ...sourceNetwork(2),
  ...{ hidden: [24, 12], dropout: [], dataSize, prior: STANDARD_NORMAL, sampling: "local" as const },
  ...changes,
});

test("BN-23 BN-25 BN-26 BN-43: both heads are trained, in the named order, and the noise follows its input", async () => {
  expect(DIRECTIONS).toEqual(["down", "neutral", "up"]);
  const data = marketLike(1500, fold(root, "market"));
  const model = bnn(both(1500));
  const fit = await train(model, data, {
    ...{
      keys: [fold(root, "both")],
      batchSize: 250,
      epochs: 120,
      beta: constant(1),
      learningRate: constant(0.01),
    },
  });
  const x = Float32Array.from([-2, -1, 0, -1, 2, -1, 0, 1.5]);
  const said = drawForecasts(model, fit.weights, x, { draws: 100, key: root });
  const { probability, total, aleatoric, epistemic } = classUncertainty(said.direction!);
  [0, 1, 2].forEach((c) => {
    expect(probability[3 * c + c], DIRECTIONS[c]).toBeGreaterThan(0.6); // x₀ = −2, 0, 2
  });
  total.forEach((h, n) => {
    expect(h).toBeCloseTo(aleatoric[n]! + epistemic[n]!, 10);
  });
  const parts = momentsOf(said.returns!);
  expect(parts.mean[0]).toBeLessThan(-1.2);
  expect(parts.mean[2]).toBeGreaterThan(1.2);
  expect(Math.sqrt(parts.aleatoric[1]!)).toBeLessThan(0.55); // truth 0.33
  expect(Math.sqrt(parts.aleatoric[3]!)).toBeGreaterThan(1.1); // truth 1.49
});

test("BN-24: the probabilities are one softmax of the logits, and the loss is the cross-entropy of the logits", () => {
  const logits = tf.tensor3d([2, -1, 0.5], [1, 1, 3]);
  const weights = [2, -1, 0.5].map(Math.exp);
  const want = weights[2]! / weights.reduce((a, b) => a + b);
  const nll = rowNll({ logits }, ["direction"], tf.tensor3d([2], [1, 1, 1])).dataSync()[0]!;
  expect(nll).toBeCloseTo(-Math.log(want), 5);
});

test("BN-20 BN-21 BN-22: 256, 128 and 64 units, a fifth dropped after the first two, none after the third", () => {
  const model = bnn({ ...sourceNetwork(7), dataSize: 10, prior: STANDARD_NORMAL, sampling: "local" });
  expect(model.layers.map(({ name, inputs, outputs }) => [name, inputs, outputs])).toEqual([
    ["hidden 0", 7, 256],
    ["hidden 1", 256, 128],
    ["hidden 2", 128, 64],
    ["direction head", 64, 3],
    ["return head", 64, 2],
  ]);
  const dropped = model.noise.filter((spec) => spec.role === "dropout");
  expect(dropped.map((spec) => spec.name)).toEqual(["dropout 0/uniform", "dropout 1/uniform"]);
  const plain = plainNetwork({ ...sourceNetwork(7), dataSize: 10 });
  expect(layoutsOf(model).parameters.total).toBe(2 * layoutsOf(plain).parameters.total); // BN-66
});

test("BN-27 to BN-30: the parts of 100 draws are the variance of the whole predictive, and agree with `predict`", () => {
  const model = bnn(both(100, { sampling: "weights", initialSd: 0.3 }));
  const weights = initialWeights(model, [root]);
  const x = Float32Array.from(normals(fold(root, "x"), 12));
  const said = drawForecasts(model, weights, x, { draws: 100, key: root });
  const parts = momentsOf(said.returns!);
  const { mean: means, variance: variances } = said.returns!;
  for (let n = 0; n < 6; n++) {
    const row = Array.from({ length: 100 }, (_, s) => s * 6 + n);
    const centre = mean(row.map((i) => means[i]!));
    const second = mean(row.map((i) => variances[i]! + means[i]! ** 2));
    expect(totalVariances(parts)[n]).toBeCloseTo(second - centre ** 2, 8);
  }
  const moments = predict(model, weights, x, { draws: 4000, key: root });
  const many = momentsOf(drawForecasts(model, weights, x, { draws: 4000, key: root }).returns!);
  many.mean.forEach((m, n) => {
    const error = Math.sqrt((2 * many.epistemic[n]!) / 4000);
    expect(Math.abs(moments.mean[n]! - m)).toBeLessThan(4.5 * error);
    expect(Math.abs(moments.epistemic[n]! / many.epistemic[n]! - 1)).toBeLessThan(0.35);
  });
});

test("BN-33: the wider the weights, the larger the epistemic part", () => {
  const x = Float32Array.from(normals(fold(root, "x"), 20));
  const widths = [0.01, 0.05, 0.1, 0.2, 0.4].map((initialSd) => {
    const model = bnn(both(100, { initialSd }));
    const weights = initialWeights(model, [root]);
    return mean(predict(model, weights, x, { draws: 300, key: root }).epistemic);
  });
  for (let i = 1; i < widths.length; i++) expect(widths[i]).toBeGreaterThan(widths[i - 1]!);
});

/** y depends on the first of five inputs alone. */
function planted(rows: number): Data {
  const [e, u] = [normals(fold(root, "planted"), rows * 6), uniforms(fold(root, "u"), rows)];
  const [x, y] = [new Float32Array(rows * 5), new Float32Array(rows)];
  for (let n = 0; n < rows; n++) {
    for (let i = 0; i < 5; i++) x[5 * n + i] = i === 0 ? 4 * u[n]! - 2 : e[6 * n + i]!;
    y[n] = Math.sin(1.5 * x[5 * n]!) + 0.2 * e[6 * n + 5]!;
  }
  return { x, y, rows };
}

const fiveInputs = (weights: BnnConfig["prior"]): BnnConfig => ({
  ...{ inputs: 5, hidden: [16], activation: "tanh" as const, dropout: [], heads: ["return" as const] },
  ...{ noise: { variance: 0.04 }, dataSize: 300, prior: weights, sampling: "local" as const },
});
const fitting = { batchSize: 300, epochs: 600, beta: constant(1), learningRate: falling(0.04, 600) };

test("BN-08 BN-09: relevance determination shrinks the scale of inputs that do not matter", async () => {
  const model = bnn(
    fiveInputs((layer) =>
      layer === 0
        ? { weights: { kind: "hierarchical", shape: 1, rate: 0.01, group: "input" }, biasSd: 1 }
        : STANDARD_NORMAL,
    ),
  );
  const fit = await train(model, planted(300), { ...fitting, keys: [fold(root, "ard")] });
  const scales = weightPosteriors(model, fit.weights)[0]!.scales!;
  for (let i = 1; i < 5; i++) expect(scales[0]! / scales[i]!, `input ${i}`).toBeGreaterThan(20);
});

test("BN-07: gates by input shut those that do not matter: weights exactly 0, inclusion probabilities reported", async () => {
  const model = bnn(
    fiveInputs((layer) =>
      layer === 0
        ? { weights: { kind: "spike and slab", spikeProbability: 0.5, slabSd: 1, group: "input" }, biasSd: 1 }
        : STANDARD_NORMAL,
    ),
  );
  const fit = await train(model, planted(300), { ...fitting, keys: [fold(root, "gates")] });
  const { inclusion, outputs } = weightPosteriors(model, fit.weights)[0]!;
  expect(inclusion[0]).toBeGreaterThan(0.95);
  for (let i = 1; i < 5; i++) expect(inclusion[i * outputs], `input ${i}`).toBeLessThan(0.4);
  // the network that speaks by its median does not see what was shut
  const at = (x: number[]) =>
    drawForecasts(model, fit.weights, Float32Array.from(x), { draws: 1, key: root, roles: [] }).returns!
      .mean[0];
  expect(at([1, 0, 0, 0, 0])).toBe(at([1, 2, -3, 1, 5]));
  expect(at([1, 0, 0, 0, 0])).not.toBe(at([-1, 0, 0, 0, 0]));
});

test("BN-10 BN-67: a tight component draws weights that do not matter to it, and leaves the others alone", async () => {
  const rows = 40;
  const e = normals(fold(root, "sparse"), rows * 13);
  const [x, y] = [new Float32Array(rows * 12), new Float32Array(rows)];
  for (let n = 0; n < rows; n++) {
    for (let i = 0; i < 12; i++) x[12 * n + i] = e[13 * n + i]!;
    y[n] = x[12 * n]! - 0.7 * x[12 * n + 1]! + 0.2 * e[13 * n + 12]!;
  }
  const mixture = { weight: [0.5, 0.5], mean: [0, 0], sd: [1, 0.02] };
  const posteriors = [];
  for (const weights of [{ kind: "mixture", mixture } as const, STANDARD_NORMAL.weights]) {
    const model = bnn({
      ...line(rows),
      inputs: 12,
      noise: { variance: 0.04 },
      prior: { weights, biasSd: 1 },
    });
    const fit = await train(
      model,
      { x, y, rows },
      { ...fitting, keys: [fold(root, "sparse")], batchSize: rows },
    );
    posteriors.push(weightPosteriors(model, fit.weights)[0]!);
  }
  const [tight, normal] = posteriors as [WeightPosterior, WeightPosterior];
  const energy = (posterior: WeightPosterior) =>
    posterior.mean.subarray(2).reduce((sum, m) => sum + m * m, 0);
  expect(energy(tight)).toBeLessThan(0.5 * energy(normal));
  for (const i of [0, 1]) {
    expect(Math.abs(tight.mean[i]! - normal.mean[i]!)).toBeLessThan(0.05);
    expect(tight.signalToNoise[i]).toBeGreaterThan(2 * Math.max(...tight.signalToNoise.subarray(2)));
  }
});
