/** Memory of a long training: resident bytes and tensors after each thousand steps, which must not grow. */
import * as tf from "@tensorflow/tfjs";
import { bench, describe } from "vitest";
import { fold, key, normals32 } from "../lib/core/random.js";
import { vae } from "../lib/models/vae.js";
import { startBackend } from "../lib/nn/backend.js";
import { train } from "../lib/nn/train.js";
import { constant } from "../lib/prob/schedule.js";

const root = key("memory benchmark");
const ROWS = 6400;

describe("memory", () => {
  bench(
    "5,000 steps of five replicas",
    async () => {
      console.log(`backend: ${await startBackend()}`);
      const model = vae({
        inputShape: [32],
        latents: 8,
        encoder: { kind: "mlp", hidden: [64, 32], batchNorm: true, dropout: 0.1 },
        noise: "learned",
      });
      const data = { x: normals32(root, 32 * ROWS), y: new Float32Array(0), rows: ROWS };
      await train(model, data, {
        keys: [0, 1, 2, 3, 4].map((r) => fold(root, r)),
        batchSize: 64,
        epochs: 50,
        beta: constant(1),
        learningRate: constant(1e-3),
        onEpoch: ({ step }) => {
          if (step % 1000 !== 0 && step !== 100) return;
          globalThis.gc?.();
          const resident = Math.round(process.memoryUsage().rss / 2 ** 20);
          console.log(`step ${step}: ${resident} MiB resident, ${tf.memory().numTensors} tensors`);
        },
      });
    },
    { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true },
  );
});
