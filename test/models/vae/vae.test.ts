import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fromRows, symmetricEigen } from "../../../lib/core/linalg.js";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { encodeRows } from "../../../lib/models/vae/latents.js";
import { type VaeConfig, vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { feedOf, initialWeights, layoutsOf, type Weights } from "../../../lib/nn/layers/model.js";
import { evaluateModel } from "../../../lib/nn/training/evaluate.js";
import { train } from "../../../lib/nn/training/train.js";
import { constant, type Schedule } from "../../../lib/prob/divergences/schedule.js";

beforeAll(async () => {
  await startBackend();
});

type Case = { id: string; input: { X: number[][] }; expect: Record<string, unknown> };
const vectors = JSON.parse(readFileSync("test/vectors/bayes.json", "utf8")) as { cases: Case[] };
const linearCase = vectors.cases.find((c) => c.id === "linear-vae")!;
const root = key("vae");

const X = linearCase.input.X;
/** Each row four times: the same optimum with less noise in its gradient. */
const data = { x: Float32Array.from(Array(4).fill(X).flat(2)), y: new Float32Array(0), rows: 4 * X.length };
const linearVae = (noise: VaeConfig["noise"]) =>
  vae({ inputShape: [6], latents: 3, encoder: { kind: "linear" }, noise });
/** Steady, then falling, so that the last noise of Adam dies out. */
const settling: Schedule = (step) => 0.03 * Math.min(1, 10 ** (1 - step / 2000));
const settings = { batchSize: 480, sharedBatches: root, learningRate: settling };

/** Columns [K] of the decoder's matrix of replica r, each [D]. */
function decoderColumns(weights: Weights, model: ReturnType<typeof vae>, r: number): number[][] {
  const { specs, sizes, total } = layoutsOf(model).parameters;
  const i = specs.findIndex((s) => s.name === "decoder/out/weight");
  const at = r * total + sizes.slice(0, i).reduce((a, b) => a + b, 0);
  return [0, 1, 2].map((k) => Array.from(weights.parameters.subarray(at + 6 * k, at + 6 * k + 6)));
}

/** Largest angle in degrees between the spans of two sets of columns. */
function largestAngle(a: readonly number[][], b: readonly number[][]): number {
  const [p, q] = [orthonormal(a), orthonormal(b)];
  const cross = fromRows(p.map((u) => q.map((v) => u.reduce((s, x, i) => s + x * v[i]!, 0))));
  const squares = symmetricEigen(cross.mmul(cross.transpose())).values;
  return (Math.acos(Math.sqrt(Math.min(1, Math.min(...squares)))) * 180) / Math.PI;
}

function orthonormal(columns: readonly number[][]): number[][] {
  const out: number[][] = [];
  for (const column of columns) {
    const rest = out.reduce((c, u) => {
      const along = c.reduce((s, x, i) => s + x * u[i]!, 0);
      return c.map((x, i) => x - along * u[i]!);
    }, column);
    const norm = Math.hypot(...rest);
    out.push(rest.map((x) => x / norm));
  }
  return out;
}

test("the linear autoencoder is probabilistic PCA: bound, noise and axes", async () => {
  const model = linearVae("learned");
  const keys = [fold(root, "ppca")];
  const fit = await train(model, data, {
    ...{ ...settings, keys, epochs: 9000, beta: constant(1) },
    learningRate: (step) => 0.03 * Math.min(1, 10 ** (1.6 - step / 2000)),
  });
  const layouts = layoutsOf(model);
  const { total } = layouts.parameters;
  const state = {
    parameters: tf.tensor2d(fit.weights.parameters, [1, total]),
    buffers: tf.zeros([1, 0]),
  };
  const repeats = Array.from(
    { length: 800 },
    (_, i) =>
      evaluateModel(model, layouts, state, data, { keys: keys.map((k) => fold(k, "again", i)), chunk: 480 })
        .elbo,
  );
  const want = linearCase.expect as {
    ml_noise_var: number;
    optimal_avg_elbo: number;
    principal_axes: number[][];
  };
  const axes = [0, 1, 2].map((k) => want.principal_axes.map((row) => row[k]!));
  for (const r of [0]) {
    const elbo = repeats.reduce((sum, e) => sum + e[r]!, 0) / repeats.length;
    expect(Math.abs(elbo - want.optimal_avg_elbo)).toBeLessThan(0.01);
    const noise = Math.exp(fit.weights.parameters[(r + 1) * total - 1]!);
    expect(Math.abs(noise / want.ml_noise_var - 1)).toBeLessThan(0.02);
    expect(largestAngle(decoderColumns(fit.weights, model, r), axes)).toBeLessThan(1);
  }
});

test("a sweep of β with fixed noise is reverse water-filling, in one training", async () => {
  const table = linearCase.expect.beta_table as {
    beta: number;
    kl_per_dim: number[];
    active_units: number;
  }[];
  const { fixed_noise_var: variance } = linearCase.input as unknown as { fixed_noise_var: number };
  const chosen = table.filter(({ beta }) => beta >= 2); // below, the rotation of the axes takes long
  const model = linearVae({ variance });
  const keys = chosen.map((_, r) => fold(root, "sweep", r));
  const fit = await train(model, data, {
    ...{ ...settings, keys, epochs: 6000 },
    beta: chosen.map(({ beta }) => constant(beta)),
  });
  const { klPerDimension } = encodeRows(model, fit.weights, data.x);
  chosen.forEach(({ kl_per_dim }, r) => {
    const got = Array.from(klPerDimension.subarray(3 * r, 3 * r + 3));
    got.sort((a, b) => b - a);
    kl_per_dim.forEach((want, k) => {
      expect(Math.abs(got[k]! - want)).toBeLessThan(0.02);
    });
  });
});

const encoders: [string, VaeConfig["encoder"]][] = [
  ["linear", { kind: "linear" }],
  ["mlp", { kind: "mlp", hidden: [12, 8], batchNorm: true, dropout: 0.1 }],
  ["lstm", { kind: "lstm", units: 8, hidden: [6] }],
  ["transformer", { kind: "transformer", width: 8, heads: 2, inner: 12, blocks: 1, hidden: [6] }],
];

test.each(encoders)("a %s encoder keeps one contract and learns", async (_, encoder) => {
  const model = vae({ inputShape: [5, 3], latents: 2, encoder, noise: "learned each" });
  const rows = 96;
  const z = normals32(fold(root, "z"), rows);
  const e = normals32(fold(root, "e"), rows * 15);
  const x = e.map((noise, i) => 0.3 * noise + z[Math.floor(i / 15)]! * Math.sin(1 + (i % 15)));
  const keys = [key(1), key(2)];
  const fit = await train(
    model,
    { x, y: new Float32Array(0), rows },
    {
      ...{ keys, batchSize: 32, epochs: 90, beta: constant(1), learningRate: constant(5e-3) },
    },
  );
  const [first, last] = [fit.history[0]!, fit.history.at(-1)!];
  for (const r of [0, 1]) expect(last.elbo[r]).toBeGreaterThan(first.elbo[r]! + 1);
  const codes = encodeRows(model, fit.weights, x);
  expect(codes.shape).toEqual([2, rows, 2]);
  // the first factor is found: some dimension of each replica follows it
  for (const r of [0, 1]) {
    const best = Math.max(
      ...[0, 1].map((k) => {
        const code = Array.from(z, (_, n) => codes.mean[(r * rows + n) * 2 + k]!);
        return Math.abs(correlate(code, Array.from(z)));
      }),
    );
    expect(best).toBeGreaterThan(0.8);
  }
});

function correlate(a: readonly number[], b: readonly number[]): number {
  const centre = (v: readonly number[]) => v.map((x) => x - v.reduce((s, y) => s + y, 0) / v.length);
  const [u, v] = [centre(a), centre(b)];
  return u.reduce((s, x, i) => s + x * v[i]!, 0) / (Math.hypot(...u) * Math.hypot(...v));
}

test("the terms are normalised: those of a Gaussian with the stated variance", () => {
  const model = vae({ inputShape: [2], latents: 1, encoder: { kind: "linear" }, noise: { variance: 0.5 } });
  const weights = initialWeights(model, [root]);
  tf.tidy(() => {
    const state = {
      parameters: tf.tensor2d(weights.parameters, [1, weights.parameters.length]),
      buffers: tf.zeros([1, 0]),
    };
    const feed = feedOf(layoutsOf(model), state, { codes: tf.zeros([1, 1, 1]) }, true);
    const x = tf.tensor([[[0.3, -1.2]]]);
    const { mean, logVar } = model.encode(feed, x);
    const decoded = model.decode(feed, mean).dataSync();
    const squares = (0.3 - decoded[0]!) ** 2 + (-1.2 - decoded[1]!) ** 2;
    const { nll, kl } = model.terms(feed, x, tf.zeros([1, 1, 0]));
    expect(nll.dataSync()[0]).toBeCloseTo(squares + Math.log(Math.PI), 5); // variance ½: a plain sum of squares
    const [m, l] = [mean.dataSync()[0]!, logVar.dataSync()[0]!];
    expect(kl.dataSync()[0]).toBeCloseTo(0.5 * (m * m + Math.exp(l) - l - 1), 5);
  });
});
