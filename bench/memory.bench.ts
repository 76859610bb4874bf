/** Memory and time of long trainings: memory does not grow with the steps, time is in proportion to the rows. */
import { beforeAll, bench, describe } from "vitest";
import { fold, key, normals32 } from "../lib/core/random.js";
import { type EncoderConfig, vae } from "../lib/models/vae/vae.js";
import { startBackend } from "../lib/nn/backend.js";
import { sizeOf } from "../lib/nn/training/batches.js";
import { train } from "../lib/nn/training/train.js";
import type { TrainOptions } from "../lib/nn/training/trainOptions.js";
import { constant } from "../lib/prob/divergences/schedule.js";
import { growth, type Reading, reading } from "./support/memory.js";

const root = key("memory benchmark");

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

/** Runs the work once; it prints its own figures. */
function once(title: string, work: () => Promise<void>): void {
  bench(title, work, { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true });
}

function settings(replicas: number): Omit<TrainOptions, "batchSize" | "epochs"> {
  return {
    keys: Array.from({ length: replicas }, (_, r) => fold(root, r)),
    beta: constant(1),
    learningRate: constant(1e-3),
    sharedBatches: fold(root, "batches"),
  };
}

interface Long {
  readonly inputShape: readonly number[];
  readonly encoder: EncoderConfig;
  readonly replicas: number;
  readonly batchSize: number;
  readonly steps?: number;
  readonly threads?: number;
}

const STEPS = 5000;
const EPOCHS = 50;
/** Steps before the first reading: buffers, code and caches settle in them. */
const SETTLED = 1000;

function longTraining(title: string, { inputShape, encoder, replicas, batchSize, ...of }: Long): void {
  const { steps = STEPS, threads = 1 } = of;
  once(`${steps} steps of ${title}`, async () => {
    const model = vae({ inputShape, latents: 8, encoder, noise: "learned" });
    const rows = (steps / EPOCHS) * batchSize;
    const data = { x: normals32(root, sizeOf(inputShape) * rows), y: new Float32Array(0), rows };
    const readings: Reading[] = [];
    await train(model, data, {
      ...{ ...settings(replicas), batchSize, epochs: EPOCHS, threads },
      onEpoch: ({ step }) => {
        if (step >= SETTLED) readings.push(reading(step));
      },
    });
    const [first, last] = [readings[0]!, readings.at(-1)!];
    console.log(
      [
        `${title}: ${growth(readings).toFixed(0)} kB more per 1,000 steps`,
        `  resident ${first.residentMib.toFixed(1)} MiB at step ${first.step}, ${last.residentMib.toFixed(1)} at ${last.step}`,
        `  tensors ${first.tensors}, then ${last.tensors}`,
      ].join("\n"),
    );
  });
}

/** Epochs over so many rows of data that lie in memory: what training adds to them, and its time. */
function epochsOver(rowCounts: readonly number[]): void {
  const inputs = 8;
  once(`an epoch over ${rowCounts.join(", ")} rows`, async () => {
    const model = vae({
      ...{ inputShape: [inputs], latents: 4, noise: "learned" },
      encoder: { kind: "mlp", hidden: [32] },
    });
    const all = normals32(root, inputs * Math.max(...rowCounts));
    const epoch = async (rows: number) => {
      const data = { x: all.subarray(0, inputs * rows), y: new Float32Array(0), rows };
      const before = reading(0);
      let after = before;
      const start = performance.now();
      let seconds = 0;
      await train(model, data, {
        ...{ ...settings(1), batchSize: 1024, epochs: 1 },
        onEpoch: ({ step }) => {
          seconds = (performance.now() - start) / 1000;
          after = reading(step);
        },
      });
      return { seconds, addedMib: after.residentMib - before.residentMib };
    };
    await epoch(rowCounts[0]!);
    for (const rows of rowCounts) {
      const { seconds, addedMib } = await epoch(rows);
      const perRow = ((seconds * 1e9) / rows).toFixed(0);
      console.log(
        `${rows} rows: ${seconds.toFixed(2)} s an epoch, ${perRow} ns a row; ${addedMib.toFixed(1)} MiB more at its end`,
      );
    }
  });
}

describe("memory", () => {
  longTraining("five replicas of a perceptron", {
    ...{ inputShape: [32], replicas: 5, batchSize: 64 },
    encoder: { kind: "mlp", hidden: [64, 32], batchNorm: true, dropout: 0.1 },
  });
  longTraining("a stack of eight LSTMs", {
    ...{ inputShape: [6, 6], replicas: 8, batchSize: 16 },
    encoder: { kind: "lstm", units: 16, hidden: [16] },
  });
  longTraining("one LSTM", {
    ...{ inputShape: [12, 6], replicas: 1, batchSize: 16 },
    encoder: { kind: "lstm", units: 16, hidden: [16] },
  });
  // The memory of a thread is that of the process: what leaks there is seen here.
  longTraining("three replicas of a perceptron on two threads", {
    ...{ inputShape: [32], replicas: 3, batchSize: 64, steps: 20_000, threads: 2 },
    encoder: { kind: "mlp", hidden: [64, 32], batchNorm: true, dropout: 0.1 },
  });
  // VI-112
  epochsOver([125_000, 250_000, 500_000, 1_000_000]);
});
