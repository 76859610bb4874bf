/** Threads that end in the middle of a training, whatever the reason: it says whose they were, and goes on from its file. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { train } from "../../../lib/nn/training/train.js";
import type { TrainOptions } from "../../../lib/nn/training/trainOptions.js";
import { constant, linear } from "../../../lib/prob/divergences/schedule.js";

/** Threads that were started, and the fault that the next ones bring with them. */
const started = vi.hoisted(() => ({ workers: [] as Worker[], preload: undefined as string | undefined }));

vi.mock("node:worker_threads", async (original) => {
  const real = await original<typeof import("node:worker_threads")>();
  class Watched extends real.Worker {
    constructor(file: string) {
      const execArgv = started.preload === undefined ? [] : ["--require", started.preload];
      super(file, { execArgv, resourceLimits: { maxOldGenerationSizeMb: 128 } });
      started.workers.push(this);
    }
  }
  return { ...real, Worker: Watched };
});

let onWasm = true;
beforeAll(async () => {
  onWasm = (await startBackend()) === "wasm";
});

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lost-thread-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const root = key("lost threads");
const keys = [0, 1, 2].map((r) => fold(root, r));
const model = () =>
  vae({
    inputShape: [7],
    latents: 3,
    noise: "learned",
    encoder: { kind: "mlp", hidden: [13], dropout: 0.1 },
  });
const run = (more: Partial<TrainOptions>) =>
  train(
    model(),
    { x: normals32(root, 70 * 7), y: new Float32Array(0), rows: 70 },
    {
      ...{ keys, batchSize: 15, epochs: 6, beta: constant(1), learningRate: linear(3e-3, 1e-3, 20) },
      ...more,
    },
  );

const faults = {
  "is ended from outside": { says: "ended with code 1 before its work was done" },
  "calls process.exit": { preload: "exit.cjs", says: "ended with code 7 before its work was done" },
  "runs out of memory": { preload: "memory.cjs", says: "failed: Worker terminated due to reaching memory" },
};

test.each(Object.entries(faults))(
  "a thread that %s is named by its replicas, and its training goes on from the last whole epoch to the same bits",
  async (_, fault) => {
    if (!onWasm) return;
    started.preload = "preload" in fault ? join(__dirname, "faults", fault.preload) : undefined;
    const tensors = tf.memory().numTensors;
    const checkpoint = join(folder, "progress");
    const onEpoch: TrainOptions["onEpoch"] = ({ epoch }) => {
      if (epoch === 2 && !("preload" in fault)) void started.workers.at(-1)!.terminate();
    };
    const broken = run({ threads: 2, checkpoint, checkpointEvery: 100, onEpoch });
    await expect(broken).rejects.toThrow(`training: the thread of replica 2 ${fault.says}`);
    expect(tf.memory().numTensors).toBe(tensors);

    started.preload = undefined;
    const epochs: number[] = [];
    const resumed = await run({ threads: 1, checkpoint, onEpoch: ({ epoch }) => epochs.push(epoch) });
    expect(epochs).toEqual([3, 4, 5]);
    expect(resumed).toEqual(await run({ threads: 1 }));
  },
);

test("a thread that ends in the first epoch leaves no file: the next training begins anew", async () => {
  if (!onWasm) return;
  const checkpoint = join(folder, "progress");
  const before = started.workers.length;
  const ending = run({ threads: 2, checkpoint });
  ending.catch(() => {}); // it is awaited below
  await vi.waitFor(() => expect(started.workers.length).toBeGreaterThan(before));
  void started.workers.at(-1)!.terminate();
  await expect(ending).rejects.toThrow("training: the thread of replica 2 ended with code");
  expect(existsSync(checkpoint)).toBe(false);
});
