import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { mean, variance } from "../../lib/core/stats.js";
import { startBackend } from "../../lib/nn/backend.js";
import { type BayesDenseOptions, bayesDense, SOURCE_INITIAL_SD } from "../../lib/nn/layers/bayes.js";
import { dense } from "../../lib/nn/layers/dense.js";
import { drawNoise, feedOf, initialWeights, layoutsOf } from "../../lib/nn/layers/model.js";
import { scaledNormal } from "../../lib/nn/layers/parameters.js";
import type { WeightPrior } from "../../lib/nn/layers/weightPrior.js";
import { klNormal } from "../../lib/prob/distributions/gaussian.js";
import { localReparameterisation, softplus } from "../../lib/prob/distributions/priors.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("bayes layer");
const normal: WeightPrior = { kind: "normal", sd: 0.7 };
const options: BayesDenseOptions = {
  ...{ inputs: 4, outputs: 3, prior: normal, biasPriorSd: 0.9, sampling: "local" as const },
  initialSd: 0.3,
};
const bothWays = ["local", "weights"] as const;

/** A layer with jittered parameters of R replicas, and what it gives for x. */
function setting(changes: Partial<BayesDenseOptions>, replicas = 2) {
  const layer = bayesDense("b", { ...options, ...changes });
  const keys = Array.from({ length: replicas }, (_, r) => fold(root, r));
  const layouts = layoutsOf(layer);
  const weights = initialWeights(layer, keys);
  const jitter = normals32(fold(root, "jitter"), weights.parameters.length);
  const start = weights.parameters.map((w, i) => w + 0.2 * jitter[i]!);
  const feed = (flat: tf.Tensor, drawn: boolean, step = 0, rows = 5) =>
    feedOf(
      layouts,
      { parameters: flat, buffers: tf.zeros([flat.shape[0]!, 0]) },
      drawn
        ? drawNoise(layer.noise, flat.shape[0] === replicas ? keys : manyKeys(flat.shape[0]!), rows, [
            "t",
            step,
          ])
        : {},
      true,
    );
  return { layer, keys, layouts, start, feed, replicas, total: layouts.parameters.total };
}
const manyKeys = (count: number) => Array.from({ length: count }, (_, i) => fold(root, "many", i));
const x5 = normals32(fold(root, "x"), 20);

test("BN-39 BN-17 BN-18: without its noise the layer is the dense layer of its means, and deterministic", () => {
  for (const sampling of bothWays) {
    const { layer, start, feed, total, replicas } = setting({ sampling });
    const flat = tf.tensor2d(start, [replicas, total]);
    const x = tf.tensor3d(x5, [1, 5, 4]);
    const at = feed(flat, false);
    const got = layer.apply(at, x).dataSync();
    expect(layer.apply(at, x).dataSync()).toEqual(got);
    const plain = dense("d", { inputs: 4, outputs: 3 });
    const want = plain
      .apply(
        {
          ...at,
          parameters: {
            "d/weight": at.parameters["b/weight mean"]!,
            "d/bias": at.parameters["b/bias mean"]!,
          },
        },
        x,
      )
      .dataSync();
    expect(got).toEqual(want);
    expect(layer.apply(feed(flat, true), x).dataSync()).not.toEqual(got);
  }
});

const priors: [string, WeightPrior][] = [
  ["normal", normal],
  [
    "mixture",
    { kind: "mixture", mixture: { weight: [0.5, 0.3, 0.2], mean: [0, 0.4, -1], sd: [0.3, 1, 0.5] } },
  ],
  ["hierarchical", { kind: "hierarchical", shape: 1.5, rate: 0.4, group: "layer" }],
  ["relevance", { kind: "hierarchical", shape: 1.5, rate: 0.4, group: "input" }],
];

test.each(priors.flatMap(([name, prior]) => bothWays.map((sampling) => [name, sampling, prior] as const)))(
  "BN-12: gradients of μ and ρ are finite differences: %s, %s",
  (_, sampling, prior) => {
    const { layer, start, feed, total, replicas } = setting({ sampling, prior });
    const x = tf.tensor3d(x5, [1, 5, 4]);
    const loss = (flat: tf.Tensor) => {
      const at = feed(flat, true);
      return layer.apply(at, x).square().mean().add(layer.kl(at).mean()).asScalar();
    };
    const gradient = tf
      .grad(loss)(tf.tensor2d(start, [replicas, total]))
      .dataSync();
    for (let p = 0; p < total; p += 3) {
      const moved = (by: number) =>
        loss(
          tf.tensor2d(
            start.map((w, i) => w + (i === p ? by : 0)),
            [replicas, total],
          ),
        ).dataSync()[0]!;
      const slope = (moved(0.02) - moved(-0.02)) / 0.04;
      expect(Math.abs(gradient[p]! - slope)).toBeLessThan(2e-3 + 0.02 * Math.abs(slope));
    }
  },
);

test("BN-19: drawing activations or weights gives the same distribution, the one in closed form", () => {
  const { layer, start, total } = setting({});
  const own = start.slice(0, total);
  const [mu, rho] = [own.subarray(0, 12), own.subarray(12, 24)];
  const [bias, biasRho] = [own.subarray(24, 27), own.subarray(27, 30)];
  const column = (of: Float32Array, o: number) => [0, 1, 2, 3].map((i) => of[i * 3 + o]!);
  const row = Array.from(x5.subarray(0, 4));
  const closed = localReparameterisation(
    [row],
    [0, 1, 2].map((o) => column(mu, o)),
    [0, 1, 2].map((o) => column(rho, o)),
  );
  const draws = 4000;
  for (const sampling of bothWays) {
    const way = setting({ sampling });
    const flat = tf.tensor2d(own, [1, total]).tile([draws, 1]);
    const out = way.layer.apply(way.feed(flat, true, 0, 1), tf.tensor3d(row, [1, 1, 4])).dataSync();
    for (let o = 0; o < 3; o++) {
      const values = Array.from({ length: draws }, (_, i) => out[i * 3 + o]!);
      const wanted = closed.variance[0]![o]! + softplus(biasRho[o]!) ** 2;
      const centre = closed.mean[0]![o]! + bias[o]!;
      expect(Math.abs(mean(values) - centre)).toBeLessThan(4 * Math.sqrt(wanted / draws));
      expect(Math.abs(variance(values) / wanted - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));
    }
  }
  expect(layer.noise.map((spec) => spec.name)).toEqual(["b/noise"]);
});

test("BN-19: drawing activations needs fewer draws and has a gradient of lower variance", () => {
  const rows = 64;
  const x = tf.tensor3d(normals32(fold(root, "rows"), rows * 4), [1, rows, 4]);
  const target = tf.tensor3d(normals32(fold(root, "target"), rows * 3), [1, rows, 3]);
  const draws = 400;
  const [local, weights] = bothWays.map((sampling) => {
    const { layer, start, total, feed } = setting({ sampling });
    const flat = tf.tensor2d(start.slice(0, total), [1, total]).tile([draws, 1]);
    const gradient = tf.grad((p: tf.Tensor) =>
      layer
        .apply(feed(p, true, 1, rows), x)
        .sub(target)
        .square()
        .mean([1, 2])
        .sum(),
    )(flat);
    return mean(tf.moments(gradient, 0).variance.dataSync());
  }) as [number, number];
  expect(local).toBeLessThan(0.25 * weights); // [64 rows] one set of weights for all rows moves them all together
});

test("BN-40: the divergence is the sum over weights and biases in closed form, and agrees with draws", () => {
  const { layer, start, feed, total, replicas } = setting({});
  const flat = tf.tensor2d(start, [replicas, total]);
  const got = layer.kl(feed(flat, false)).dataSync();
  for (let r = 0; r < replicas; r++) {
    const own = start.subarray(r * total, (r + 1) * total);
    let wanted = 0;
    for (let i = 0; i < 12; i++) wanted += klNormal(own[i]!, softplus(own[12 + i]!), 0, 0.7);
    for (let o = 0; o < 3; o++) wanted += klNormal(own[24 + o]!, softplus(own[27 + o]!), 0, 0.9);
    expect(got[r]).toBeCloseTo(wanted, 3);
  }
});

test("BN-40 BN-10: one component as a mixture costs on average what the normal costs in closed form", () => {
  const alone: WeightPrior = { kind: "mixture", mixture: { weight: [1], mean: [0], sd: [0.7] } };
  const { layer, start, feed, total } = setting({ prior: alone });
  const draws = 3000;
  const flat = tf.tensor2d(start.slice(0, total), [1, total]).tile([draws, 1]);
  const drawn = Array.from(layer.kl(feed(flat, true)).dataSync());
  const closed = setting({});
  const exact = closed.layer
    .kl(closed.feed(tf.tensor2d(start.slice(0, total), [1, total]), false))
    .dataSync()[0]!;
  const error = Math.sqrt(variance(drawn) / draws);
  expect(error).toBeGreaterThan(0.01); // it is an estimate
  expect(Math.abs(mean(drawn) - exact)).toBeLessThan(4 * error);
});

test("BN-66 BN-38: twice the parameters of the dense layer, and the first deviation that is asked for", () => {
  const plain = dense("d", { inputs: 4, outputs: 3 });
  const { layer, total } = setting({ initialSd: SOURCE_INITIAL_SD, initial: scaledNormal(4, Math.SQRT2) });
  expect(total).toBe(2 * layoutsOf(plain).parameters.total);
  expect(SOURCE_INITIAL_SD).toBeCloseTo(softplus(-3), 12);
  const first = initialWeights(layer, [root]).parameters;
  expect(first[12]).toBeCloseTo(-3, 5);
  expect(Array.from(first.subarray(24, 27))).toEqual([0, 0, 0]);
  expect(first[27]).toBeCloseTo(-3, 5);
  const wide = bayesDense("w", { ...options, inputs: 200, outputs: 50 });
  const spread = variance(initialWeights(wide, [root]).parameters.slice(0, 10_000));
  expect(Math.abs(spread / (2 / 200) - 1)).toBeLessThan(0.06); // Kaiming
});

test("BN-07: gates are exactly 0 or 1, and shut ones make weights that are exactly 0", () => {
  const prior: WeightPrior = { kind: "spike and slab", spikeProbability: 0.5, slabSd: 1, group: "weight" };
  const { layer, start, feed, total, layouts } = setting({ prior, sampling: "weights" });
  const at = layouts.parameters.sizes.slice(0, 4).reduce((a, b) => a + b, 0);
  const own = start
    .slice(0, total)
    .map((v, i) => (i >= at ? -30 : i >= 24 && i < 30 ? (i < 27 ? 0 : -30) : v));
  const flat = tf.tensor2d(own, [1, total]);
  const x = tf.tensor3d(x5, [1, 5, 4]);
  for (const drawn of [true, false]) {
    const out = layer.apply(feed(flat, drawn), x).abs().max().dataSync()[0]!;
    expect(out).toBeLessThan(1e-6); // what is left is the bias
  }
  const kl = layer.kl(feed(flat, false)).dataSync()[0]!;
  const biases = 3 * klNormal(0, softplus(-30), 0, 0.9);
  expect(Math.abs(kl - biases - 12 * Math.log(2))).toBeLessThan(1e-3); // a shut gate costs log 2 and its slab nothing
});

test("replicas do not touch, shared rows equal repeated rows, and nothing leaks", () => {
  const { layer, start, feed, total, replicas } = setting({});
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const flat = tf.tensor2d(start, [replicas, total]);
    const shared = tf.tensor3d(x5, [1, 5, 4]);
    const at = feed(flat, true);
    const a = layer.apply(at, shared).dataSync();
    const b = layer.apply(at, shared.tile([replicas, 1, 1])).dataSync();
    a.forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 5);
    });
    expect(layer.kl(at).shape).toEqual([replicas]);
  });
  expect(tf.memory().numTensors).toBe(before);
});

test("a nonsensical option is refused by name", () => {
  expect(() => bayesDense("b", { ...options, inputs: 0 })).toThrow("b: inputs");
  expect(() => bayesDense("b", { ...options, biasPriorSd: 0 })).toThrow("biasPriorSd");
  expect(() => bayesDense("b", { ...options, prior: { kind: "normal", sd: -1 } })).toThrow("prior sd");
  const gated: WeightPrior = { kind: "spike and slab", spikeProbability: 1, slabSd: 1, group: "input" };
  expect(() => bayesDense("b", { ...options, prior: gated })).toThrow("spike probability");
  const { layer, start, feed, total } = setting({});
  const flat = tf.tensor2d(start, [2, total]);
  expect(() => layer.apply(feed(flat, true), tf.zeros([1, 5, 3]))).toThrow("b: x");
});
