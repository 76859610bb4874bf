import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { gaussianNll, vae } from "../../lib/models/vae/vae.js";
import { startBackend } from "../../lib/nn/backend.js";
import { dense } from "../../lib/nn/layers/dense.js";
import { dropout } from "../../lib/nn/layers/dropout.js";
import { sequence } from "../../lib/nn/layers/layer.js";
import { lstm } from "../../lib/nn/layers/lstm.js";
import type { Model } from "../../lib/nn/layers/model.js";
import { train } from "../../lib/nn/training/train.js";
import { constant } from "../../lib/prob/divergences/schedule.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

beforeAll(async () => {
  await startBackend();
});

const root = key("leaks");
const MIB = 2 ** 20;
const [ROWS, BATCH, WARM_UP, STEPS] = [400, 16, 100, 1000];

const perceptron = vae({
  inputShape: [8],
  latents: 3,
  encoder: { kind: "mlp", hidden: [16], batchNorm: true, dropout: 0.2 },
  noise: "learned",
});

/** The next value from a window of four bars of two features. */
const network = sequence([
  lstm("lstm", { inputs: 2, units: 6, ofData: true }),
  dropout("dropout", 0.2, [6]),
  dense("out", { inputs: 6, outputs: 1 }),
]);
const recurrent: Model = {
  ...{ parameters: network.parameters, buffers: network.buffers, noise: network.noise },
  inputShape: [4, 2],
  targetShape: [1],
  terms(feed, x, y) {
    const nll = gaussianNll(y, network.apply(feed, x), tf.scalar(0));
    return { nll, kl: tf.zerosLike(nll) };
  },
};

interface Held {
  readonly tensors: number;
  /** Tensors' data that the backend keeps. */
  readonly data: number;
  readonly residentMib: number;
}

function held(): Held {
  collect();
  const { numTensors, numDataBuffers } = tf.memory();
  expect(tf.engine().backend.numDataIds()).toBe(numDataBuffers);
  return { tensors: numTensors, data: numDataBuffers, residentMib: process.memoryUsage().rss / MIB };
}

const cases: [string, Model][] = [
  ["a perceptron with batch normalisation and dropout", perceptron],
  ["an LSTM with dropout", recurrent],
];

test.each(cases)("%s: 1,000 steps leave nothing behind", async (_, model) => {
  const data = {
    x: normals32(fold(root, "x"), 8 * ROWS),
    y: normals32(fold(root, "y"), ROWS * model.targetShape[0]!),
    rows: ROWS,
  };
  const seen: Held[] = [];
  const before = tf.memory().numTensors;
  await train(model, data, {
    keys: [fold(root, 0), fold(root, 1)],
    batchSize: BATCH,
    epochs: (WARM_UP + STEPS) / (ROWS / BATCH),
    beta: constant(1),
    learningRate: constant(1e-3),
    onEpoch: ({ step }) => {
      if (step >= WARM_UP) seen.push(held());
    },
  });
  const [first, last] = [seen[0]!, seen.at(-1)!];
  expect(seen.length).toBe(STEPS / (ROWS / BATCH) + 1);
  for (const { tensors, data: ids } of seen) expect([tensors, ids]).toEqual([first.tensors, first.data]);
  expect(last.residentMib - first.residentMib).toBeLessThan(4);
  expect(tf.memory().numTensors).toBe(before);
});
