import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals, normals32 } from "../../../lib/core/random.js";
import { type VaeConfig, vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { loadFit, saveFit } from "../../../lib/nn/training/fit.js";
import { train } from "../../../lib/nn/training/train.js";
import type { TrainOptions } from "../../../lib/nn/training/trainOptions.js";
import { constant, linear } from "../../../lib/prob/divergences/schedule.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("train");
const small: VaeConfig = {
  inputShape: [6],
  latents: 2,
  encoder: { kind: "mlp", hidden: [16, 8], batchNorm: true, dropout: 0.1 },
  noise: "learned",
};

/** Two factors in six columns. */
function rows(count: number, k = fold(root, "data")) {
  const z = normals(fold(k, "z"), 2 * count);
  const e = normals32(fold(k, "e"), 6 * count);
  const x = e.map((noise, i) => {
    const [n, d] = [Math.floor(i / 6), i % 6];
    return 0.4 * noise + Math.cos(d) * z[2 * n]! + Math.sin(2 * d) * z[2 * n + 1]!;
  });
  return { x, y: new Float32Array(0), rows: count };
}

const keys = [0, 1, 2].map((r) => fold(root, "replica", r));
const options: TrainOptions = {
  keys,
  batchSize: 32,
  epochs: 30,
  beta: linear(0, 1, 60),
  learningRate: constant(3e-3),
  weightDecay: 1e-3,
  clip: 5,
};
const data = rows(160);

const replica = (flat: Float32Array, r: number, of = 3) =>
  flat.slice((r * flat.length) / of, ((r + 1) * flat.length) / of);
const gap = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!) / (1 + Math.abs(b[i]!))));

test("three stacked replicas are three separate models, to the rounding of float32 after 150 steps", async () => {
  for (const batches of [{}, { sharedBatches: fold(root, "batches") }]) {
    const together = await train(vae(small), data, { ...options, ...batches });
    for (const r of [0, 1, 2]) {
      const alone = await train(vae(small), data, { ...options, ...batches, keys: [keys[r]!] });
      expect(gap(replica(together.weights.parameters, r), alone.weights.parameters)).toBeLessThan(2e-4);
      expect(gap(replica(together.weights.buffers, r), alone.weights.buffers)).toBeLessThan(2e-4);
      expect(
        gap(
          together.history.map((h) => h.elbo[r]!),
          alone.history.map((h) => h.elbo[0]!),
        ),
      ).toBeLessThan(1e-4);
    }
  }
});

test("the same keys give the same bits, others do not", async () => {
  const runs = await Promise.all([0, 1].map(() => train(vae(small), data, { ...options, epochs: 3 })));
  expect(runs[0]!.weights).toEqual(runs[1]!.weights);
  const other = await train(vae(small), data, {
    ...options,
    epochs: 3,
    keys: keys.map((k) => fold(k, "other")),
  });
  expect(other.weights.parameters).not.toEqual(runs[0]!.weights.parameters);
});

test("training changes weights and raises the bound, and a replica keeps its best epoch", async () => {
  // BV-50, VI-101
  const validation = rows(200, fold(root, "later"));
  const fit = await train(vae(small), data, {
    ...options,
    epochs: 60,
    validation,
    patience: 8,
    leastEpochs: 12,
  });
  const first = fit.history[0]!;
  fit.bestElbo.forEach((best, r) => {
    const seen = fit.history.slice(0, fit.bestEpoch[r]! + 9).map((h) => h.validation[r]!);
    expect(best).toBe(Math.max(...seen));
    expect(best).toBeGreaterThan(first.validation[r]! + 0.5);
    expect(fit.history[fit.bestEpoch[r]!]!.validation[r]).toBe(best);
  });
  expect(fit.history[0]!.beta[0]).toBeLessThan(fit.history[20]!.beta[0]!);
});

test("an interrupted training goes on from its file to the same bits", async () => {
  const folder = mkdtempSync(join(tmpdir(), "train-"));
  const checkpoint = join(folder, "progress");
  const validation = rows(64, fold(root, "later"));
  const whole = await train(vae(small), data, { ...options, epochs: 12, validation, patience: 50 });
  const stop = new AbortController();
  const cut = await train(vae(small), data, {
    ...{
      ...options,
      epochs: 12,
      validation,
      patience: 50,
      checkpoint,
      checkpointEvery: 1,
      signal: stop.signal,
    },
    onEpoch: ({ epoch }) => {
      if (epoch === 4) stop.abort();
    },
  });
  expect([cut.ended, cut.history.length]).toEqual(["cancelled", 5]);
  const resumed = await train(vae(small), data, {
    ...options,
    epochs: 12,
    validation,
    patience: 50,
    checkpoint,
  });
  expect(resumed).toEqual(whole);
  await expect(
    train(vae(small), data, { ...options, epochs: 12, checkpoint, keys: [key(1), key(2), key(3)] }),
  ).rejects.toThrow("same keys");
  rmSync(folder, { recursive: true });
});

test("a fit comes back from its file bit for bit; a damaged or foreign file is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fit-"));
  const path = join(folder, "fit");
  const fit = await train(vae(small), data, { ...options, epochs: 2 });
  await saveFit(path, vae(small), fit);
  expect(await loadFit(path, vae(small))).toEqual(fit);
  await expect(loadFit(path, vae({ ...small, latents: 3 }))).rejects.toThrow("expected the weights of");
  const { readFileSync, writeFileSync } = await import("node:fs");
  writeFileSync(path, readFileSync(path).subarray(0, -5));
  await expect(loadFit(path, vae(small))).rejects.toThrow("damaged");
  rmSync(folder, { recursive: true });
});

test("a loss that is not finite names the replica, the epoch and the last finite loss", async () => {
  const wild = { ...data, x: data.x.map((v, i) => (i % 6 === 0 ? v * 1e4 : v)) };
  const run = train(vae({ ...small, encoder: { kind: "linear" }, noise: { variance: 1e-9 } }), wild, {
    ...{ keys: options.keys, batchSize: 32, epochs: 40, beta: constant(1) },
    learningRate: (step) => (step < 10 ? 1e-5 : 1e12),
  });
  await expect(run).rejects.toThrow(
    /replica \d lost its way in epoch \d+: nll .*last finite loss: .* in epoch \d/,
  );
});

test("nothing is left behind: the same number of tensors after as before", async () => {
  const before = tf.memory().numTensors;
  await train(vae(small), data, { ...options, epochs: 3, validation: rows(50), patience: 3 });
  expect(tf.memory().numTensors).toBe(before);
});

test("what makes no sense is refused in words", async () => {
  const run = (change: Partial<TrainOptions>, d = data) => train(vae(small), d, { ...options, ...change });
  await expect(run({ patience: 3 })).rejects.toThrow("patience: expected a validation part");
  await expect(run({ beta: [constant(1)] })).rejects.toThrow("beta: expected one schedule or 3, got 1");
  await expect(run({ batchSize: 0 })).rejects.toThrow("batchSize");
  await expect(run({}, { ...data, rows: 161 })).rejects.toThrow("data: x: expected 966 values, got 960");
  const holed = { ...data, x: data.x.map((v, i) => (i === 7 ? Number.NaN : v)) };
  await expect(run({}, holed)).rejects.toThrow("data: x[7]: expected a finite number");
});

test("replicas with rows of their own are separate trainings on those rows, and the other rows never matter", async () => {
  const folds = [0, 1, 2].map((f) => Uint32Array.from({ length: 96 }, (_, i) => f * 20 + i));
  const together = await train(vae(small), data, { ...options, rowsOf: folds });
  for (const r of [0, 1, 2]) {
    const own = folds[r]!;
    const x = Float32Array.from({ length: 96 * 6 }, (_, i) => data.x[own[Math.floor(i / 6)]! * 6 + (i % 6)]!);
    const alone = await train(vae(small), { ...data, x, rows: 96 }, { ...options, keys: [keys[r]!] });
    expect(gap(replica(together.weights.parameters, r), alone.weights.parameters)).toBeLessThan(2e-4);
  }
  const poked = { ...data, x: data.x.map((value, i) => (i < 136 * 6 ? value : 1e3)) };
  const again = await train(vae(small), poked, { ...options, rowsOf: folds });
  expect(again.weights).toEqual(together.weights);
});

test("rows of replicas that make no sense are refused by name", async () => {
  const of = (rowsOf: Uint32Array[], more = {}) => train(vae(small), data, { ...options, rowsOf, ...more });
  const fold96 = Uint32Array.from({ length: 96 }, (_, i) => i);
  await expect(of([fold96])).rejects.toThrow("rowsOf: expected 3 lists, one a replica, got 1");
  await expect(of([fold96, fold96, fold96.subarray(1)])).rejects.toThrow("rowsOf[2]: expected 96 rows");
  await expect(of([fold96, fold96, Uint32Array.of(...fold96.subarray(1), 160)])).rejects.toThrow(
    "rowsOf[2]: expected rows below 160, got 160",
  );
  await expect(of([fold96, fold96, fold96], { sharedBatches: root })).rejects.toThrow("no shared batches");
});
