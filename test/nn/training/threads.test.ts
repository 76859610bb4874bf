import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { type VaeConfig, vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { planned, planOf } from "../../../lib/nn/compile/plan.js";
import { borrowThread } from "../../../lib/nn/training/threads.js";
import { train } from "../../../lib/nn/training/train.js";
import type { TrainOptions } from "../../../lib/nn/training/trainOptions.js";
import { constant, linear } from "../../../lib/prob/divergences/schedule.js";

let onWasm = true;
beforeAll(async () => {
  onWasm = (await startBackend()) === "wasm";
});

const root = key("threads");
const keys = [0, 1, 2, 3, 4].map((r) => fold(root, r));
const configs: Record<string, VaeConfig> = {
  "perceptrons with running averages and dropout": {
    ...{ inputShape: [7], latents: 3, noise: "learned" },
    encoder: { kind: "mlp", hidden: [13, 5], batchNorm: true, dropout: 0.1 },
  },
  "a long short-term memory": {
    ...{ inputShape: [5, 3], latents: 2, noise: { variance: 0.1 } },
    encoder: { kind: "lstm", units: 7, hidden: [5] },
  },
  "attention to windows": {
    ...{ inputShape: [5, 3], latents: 2, noise: { variance: 0.1 } },
    encoder: { kind: "transformer", width: 6, heads: 2, inner: 7, blocks: 1, hidden: [] },
  },
};

const rowsOf = (name: string, count: number, { inputShape }: VaeConfig) => {
  const size = inputShape.reduce((a, b) => a * b, 1);
  return { x: normals32(fold(root, name), count * size), y: new Float32Array(0), rows: count };
};
const options: TrainOptions = {
  ...{ keys, batchSize: 15, epochs: 6, clip: 5, weightDecay: 1e-3 },
  ...{ learningRate: linear(3e-3, 1e-3, 20), beta: keys.map((_, r) => constant(r)) },
};

test.each(Object.keys(configs))("one, two and three threads give the same bits: %s", async (name) => {
  const config = configs[name]!;
  const data = rowsOf("data", 70, config);
  const validation = rowsOf("validation", 300, config);
  const parts = keys.map((_, r) => Uint32Array.from({ length: 40 }, (_, i) => (i * (r + 1)) % 70));
  for (const batches of [{}, { sharedBatches: root }, { rowsOf: parts }]) {
    const of = (threads: number) =>
      train(vae(config), data, { ...options, ...batches, validation, patience: 2, threads });
    const alone = await of(1);
    expect(new Set(alone.bestEpoch).size).toBeGreaterThanOrEqual(1);
    for (const threads of [2, 3]) expect(await of(threads)).toEqual(alone);
  }
});

const small = configs["perceptrons with running averages and dropout"]!;

test("a training cut short on three threads goes on from its file on two to the bits of one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "threads-"));
  const checkpoint = join(folder, "progress");
  const stop = new AbortController();
  const run = (more: Partial<TrainOptions>) =>
    train(vae(small), rowsOf("data", 70, small), { ...options, ...more });
  const onEpoch: TrainOptions["onEpoch"] = ({ epoch }) => epoch === 2 && stop.abort();
  const cut = await run({ threads: 3, checkpoint, checkpointEvery: 1, onEpoch, signal: stop.signal });
  expect([cut.ended, cut.history.length]).toEqual(["cancelled", 3]);
  expect(await run({ threads: 2, checkpoint })).toEqual(await run({ threads: 1 }));
  rmSync(folder, { recursive: true });
});

test("a replica that loses its way on another thread is named by its number", async () => {
  const data = rowsOf("data", 70, small);
  data.x.fill(1e30, 69 * 7);
  const rows = keys.map((_, r) => Uint32Array.from({ length: 30 }, (_, i) => (r === 4 ? 69 - i : i)));
  const run = train(vae(small), data, { ...options, rowsOf: rows, threads: 2 });
  await expect(run).rejects.toThrow("replica 4 lost its way in epoch 0");
});

test("trainings on threads leave no tensor behind on this one", async () => {
  const run = () => train(vae(small), rowsOf("data", 70, small), { ...options, threads: 2 });
  await run();
  const before = tf.memory().numTensors;
  await run();
  expect(tf.memory().numTensors).toBe(before);
});

test("a thread that fails or ends is named, and so is one that is asked after it", async () => {
  const thread = borrowThread("training: the thread of replicas 3 to 5");
  const broken = thread.ask({ kind: "run" });
  await expect(broken).rejects.toThrow("training: the thread of replicas 3 to 5 failed: expected a lane");
  await expect(thread.ask({ kind: "close" })).rejects.toThrow("replicas 3 to 5 failed");
  thread.giveBack({ kind: "close" });
});

test("a step that changes from call to call has no plan, and is trained on one thread", async () => {
  let calls = 0;
  const changing = (x: tf.Tensor) => tf.tidy(() => x.mul(++calls));
  const x = tf.tensor1d([1, 2]);
  expect(planOf(changing, [[x], [x]])).toMatch(/pass what changes/);
  x.dispose();
});

test("a plan gives what its step gives, constants too, and leaves no tensor behind", () => {
  if (!onWasm) return;
  const step = ({ x }: { x: tf.Tensor }) => tf.tidy(() => [x.mul(tf.tensor1d([2, 3])).exp(), x]);
  const x = tf.tensor1d([0.5, -1]);
  const before = tf.memory().numTensors;
  const plan = planOf(step, [[{ x }], [{ x }]]);
  if (typeof plan === "string") throw new Error(plan);
  const again = planned<[{ x: tf.Tensor }], tf.Tensor[]>([structuredClone(plan)]);
  const [found, expected] = [again({ x }), step({ x })];
  found.forEach((tensor, i) => {
    expect(tensor.dataSync()).toEqual(expected[i]!.dataSync());
  });
  expect(() => again({ x: tf.scalar(1) })).toThrow("expected inputs of the form of a plan");
  tf.dispose([found, expected[0]!]);
  again.dispose();
  expect(tf.memory().numTensors).toBe(before + 1); // the scalar
});
