import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32, uniforms } from "../../lib/core/random.js";
import { startBackend } from "../../lib/nn/backend.js";
import { positions, transformerBlock } from "../../lib/nn/layers/attention.js";
import { dense } from "../../lib/nn/layers/dense.js";
import { dropout } from "../../lib/nn/layers/dropout.js";
import { type Layer, sequence } from "../../lib/nn/layers/layer.js";
import { lstm } from "../../lib/nn/layers/lstm.js";
import { drawNoise, feedOf, initialWeights, layoutsOf } from "../../lib/nn/layers/model.js";
import { batchNormalisation, layerNormalisation } from "../../lib/nn/layers/normalise.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("layers");
const keys = [fold(root, 0), fold(root, 1), fold(root, 2)];
const wide = dense("wide", { inputs: 4, outputs: 6 });

/** Everything of a layer at a point, and the loss Σ out · probe of each replica. */
function setting(layer: Layer, shape: readonly number[], training = true) {
  const layouts = layoutsOf(layer);
  const weights = initialWeights(layer, keys);
  // away from the special values 0 and 1 of first scales and biases
  const jitter = normals32(fold(root, "jitter"), weights.parameters.length);
  const start = weights.parameters.map((w, i) => w + 0.1 * jitter[i]!);
  const x = normals32(
    fold(root, "x"),
    shape.reduce((a, b) => a * b, 1),
  );
  const losses = (flat: tf.Tensor, input: tf.Tensor): tf.Tensor => {
    const noise = drawNoise(layer.noise, keys, shape[1]!, ["step"]);
    const buffers = tf.tensor2d(weights.buffers, [3, layouts.buffers.total]);
    const out = layer.apply(feedOf(layouts, { parameters: flat, buffers }, noise, training), input);
    const probe = tf.tensor(normals32(fold(root, "probe"), out.size), out.shape);
    return out.mul(probe).reshape([3, -1]).sum(1);
  };
  return { layouts, start, x, losses, total: layouts.parameters.total };
}

const cases: [string, Layer, number[]][] = [
  ["dense", wide, [3, 5, 4]],
  ["dense of shared rows", wide, [1, 5, 4]],
  ["dense of data", dense("d", { inputs: 4, outputs: 6, ofData: true }), [1, 5, 4]],
  ["dense on every step of a window", wide, [3, 5, 2, 4]],
  ["batch normalisation", sequence([wide, batchNormalisation("n", 6)]), [3, 7, 4]],
  ["layer normalisation", sequence([wide, layerNormalisation("n", 6)]), [3, 5, 4]],
  ["dropout", sequence([wide, dropout("o", 0.4, [6])]), [3, 5, 4]],
  ["LSTM", lstm("l", { inputs: 4, units: 3 }), [3, 5, 6, 4]],
  [
    "LSTM of data, all states",
    lstm("l", { inputs: 4, units: 3, ofData: true, sequence: true }),
    [1, 5, 6, 4],
  ],
  ["Transformer block", transformerBlock("t", { width: 4, heads: 2, inner: 5 }), [3, 2, 6, 4]],
];

test.each(cases)("%s: gradients of the parameters are finite differences", (_, layer, shape) => {
  const { start, x, losses, total } = setting(layer, shape);
  const at = (values: Float32Array) =>
    Float64Array.from(tf.tidy(() => losses(tf.tensor2d(values, [3, total]), tf.tensor(x, shape))).dataSync());
  const gradient = tf.tidy(() =>
    tf.grad((flat) => losses(flat, tf.tensor(x, shape)).sum())(tf.tensor2d(start, [3, total])),
  );
  const slopes = gradient.dataSync();
  gradient.dispose();
  for (const direction of [0, 1, 2]) {
    const d = normals32(fold(root, "direction", direction), start.length);
    const step = 2e-3;
    const [up, down] = [1, -1].map((sign) => at(start.map((p, i) => p + sign * step * d[i]!)));
    [0, 1, 2].forEach((r) => {
      const own = (i: number) => r * total + i;
      let expected = 0;
      for (let i = 0; i < total; i++) expected += slopes[own(i)]! * d[own(i)]!;
      const difference = (up![r]! - down![r]!) / (2 * step);
      expect(Math.abs(difference - expected)).toBeLessThan(0.01 * (1 + Math.abs(expected)));
    });
  }
});

test.each(cases.filter(([name]) => !name.includes("data")))(
  "%s: gradients of the input are finite differences",
  (_, layer, shape) => {
    const { start, x, losses, total } = setting(layer, shape);
    const at = (values: Float32Array) =>
      tf.tidy(() => losses(tf.tensor2d(start, [3, total]), tf.tensor(values, shape)).sum()).dataSync()[0]!;
    const gradient = tf.tidy(() =>
      tf.grad((input) => losses(tf.tensor2d(start, [3, total]), input).sum())(tf.tensor(x, shape)),
    );
    const slopes = gradient.dataSync() as Float32Array;
    gradient.dispose();
    const d = normals32(fold(root, "direction of x"), x.length);
    const expected = slopes.reduce((sum, g, i) => sum + g * d[i]!, 0);
    const [up, down] = [1, -1].map((sign) => at(x.map((v, i) => v + sign * 2e-3 * d[i]!)));
    expect(Math.abs((up! - down!) / 4e-3 - expected)).toBeLessThan(0.01 * (1 + Math.abs(expected)));
  },
);

test("replicas never touch: changing one replica's weights moves its own output alone", () => {
  for (const [, layer, shape] of cases) {
    const { start, x, losses, total } = setting(layer, shape);
    const at = (values: Float32Array) =>
      Array.from(tf.tidy(() => losses(tf.tensor2d(values, [3, total]), tf.tensor(x, shape))).dataSync());
    const [before, after] = [
      at(start),
      at(start.map((p, i) => (i >= total && i < 2 * total ? p + 0.05 : p))),
    ];
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
    expect(after[1]).not.toBe(before[1]);
  }
});

test("a dense layer is x · W + b", () => {
  const { start, x, layouts } = setting(wide, [1, 2, 4]);
  const out = tf.tidy(() => {
    const feed = feedOf(
      layouts,
      { parameters: tf.tensor2d(start, [3, 30]), buffers: tf.zeros([3, 0]) },
      {},
      true,
    );
    return wide.apply(feed, tf.tensor(x, [1, 2, 4])).dataSync();
  });
  for (const [r, b, o] of [
    [0, 0, 0],
    [2, 1, 5],
  ] as const) {
    let expected = start[30 * r + 24 + o]!;
    for (let i = 0; i < 4; i++) expected += x[b * 4 + i]! * start[30 * r + i * 6 + o]!;
    expect(out[(r * 2 + b) * 6 + o]).toBeCloseTo(expected, 5);
  }
});

test("an LSTM is its equations, step by step", () => {
  const layer = lstm("l", { inputs: 2, units: 2 });
  const { start, x, layouts, total } = setting(layer, [1, 1, 3, 2]);
  const got = tf.tidy(() => {
    const feed = feedOf(
      layouts,
      { parameters: tf.tensor2d(start, [3, total]), buffers: tf.zeros([3, 0]) },
      {},
      true,
    );
    return layer.apply(feed, tf.tensor(x, [1, 1, 3, 2])).dataSync();
  });
  const p = start.subarray(total);
  const [read, recall, bias] = [p.subarray(0, 16), p.subarray(16, 32), p.subarray(32, 40)];
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  let [h, c] = [
    [0, 0],
    [0, 0],
  ];
  for (let t = 0; t < 3; t++) {
    const gate = (g: number) =>
      [0, 1].reduce(
        (sum, i) => sum + x[2 * t + i]! * read[8 * i + g]! + h![i]! * recall[8 * i + g]!,
        bias[g]!,
      );
    c = [0, 1].map((u) => sigmoid(gate(2 + u)) * c![u]! + sigmoid(gate(u)) * Math.tanh(gate(4 + u)));
    h = [0, 1].map((u) => sigmoid(gate(6 + u)) * Math.tanh(c![u]!));
  }
  expect(got[2]).toBeCloseTo(h![0]!, 5);
  expect(got[3]).toBeCloseTo(h![1]!, 5);
});

test("attention sees the whole window, and positions tell its steps apart", () => {
  const layer = transformerBlock("t", { width: 4, heads: 2, inner: 5 });
  const { start, x, layouts, total } = setting(layer, [1, 1, 6, 4]);
  const run = (input: Float32Array) =>
    tf.tidy(() => {
      const state = { parameters: tf.tensor2d(start, [3, total]), buffers: tf.zeros([3, 0]) };
      return layer.apply(feedOf(layouts, state, {}, true), tf.tensor(input, [1, 1, 6, 4])).dataSync();
    });
  const poked = x.map((v, i) => (i === 23 ? v + 1 : v));
  const [before, after] = [run(x), run(poked)];
  expect(after[0]).not.toBe(before[0]);
  const codes = tf.tidy(() => positions(6, 4).dataSync());
  expect(new Set(Array.from({ length: 6 }, (_, t) => codes.slice(4 * t, 4 * t + 4).join())).size).toBe(6);
});

test("batch normalisation: zero mean and unit variance in training, the running values afterwards", () => {
  const layer = batchNormalisation("n", 2);
  const layouts = layoutsOf(layer);
  const weights = initialWeights(layer, keys);
  const x = normals32(fold(root, "bn"), 3 * 50 * 2).map((v, i) => 3 * v + (i % 2) * 5);
  tf.tidy(() => {
    const state = {
      parameters: tf.tensor2d(weights.parameters, [3, 4]),
      buffers: tf.tensor2d(weights.buffers, [3, 4]),
    };
    const input = tf.tensor(x, [3, 50, 2]);
    const feed = feedOf(layouts, state, {}, true);
    const out = layer.apply(feed, input);
    expect(Math.max(...out.mean(1).abs().dataSync())).toBeLessThan(1e-5);
    expect(Math.max(...out.square().mean(1).sub(1).abs().dataSync())).toBeLessThan(1e-4);
    const running = feed.updates.get("n/running mean")!.sub(input.mean(1, true).mul(0.1)).abs();
    expect(Math.max(...running.dataSync())).toBeLessThan(1e-6);
    const later = layer.apply(feedOf(layouts, state, {}, false), input);
    expect(later.dataSync()[0]).toBeCloseTo(x[0]!, 4); // fresh running values are 0 and 1
  });
});

test("dropout keeps the mean, drops the share asked for, and is silent without noise", () => {
  const layer = dropout("o", 0.3, [1000]);
  const layouts = layoutsOf(layer);
  tf.tidy(() => {
    const state = { parameters: tf.zeros([3, 0]), buffers: tf.zeros([3, 0]) };
    const ones = tf.ones([3, 10, 1000]);
    const noise = { "o/uniform": tf.tensor(Float32Array.from(uniforms(root, 30_000)), [3, 10, 1000]) };
    const feed = {
      ...feedOf({ ...layouts, parameters: { specs: [], sizes: [], total: 0 } }, state, noise, true),
    };
    const out = layer.apply(feed, ones);
    const dropped = out.equal(0).cast("float32").mean().dataSync()[0]!;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.012);
    expect(Math.abs(out.mean().dataSync()[0]! - 1)).toBeLessThan(0.02);
    expect(layer.apply({ ...feed, noise: {} }, ones)).toBe(ones);
  });
});
