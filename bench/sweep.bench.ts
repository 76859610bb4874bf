/** A sweep of β on the toy market: 7 values × 8 seeds as one stack, beside the same models one after the other. */
import { beforeAll, bench, describe } from "vitest";
import { fold, key, normals } from "../lib/core/random.js";
import { vae } from "../lib/models/vae/vae.js";
import { startBackend } from "../lib/nn/backend.js";
import type { Data } from "../lib/nn/training/batches.js";
import { train } from "../lib/nn/training/train.js";
import { constant } from "../lib/prob/divergences/schedule.js";
import { type Contestant, inWords } from "./support/interleaved.js";
import { torch } from "./train/peers.js";
import type { Subject } from "./train/subjects.js";

const root = key("sweep benchmark");
const BETAS = [0.5, 1, 2, 4, 8, 16, 32];
const SEEDS = 8;
const MODELS = BETAS.length * SEEDS;
const [ROWS, INPUTS, FACTORS, EPOCHS, BATCH] = [2000, 12, 4, 200, 128];
const STEPS = EPOCHS * Math.floor(ROWS / BATCH);
/** Models trained one after the other; all would take minutes, and the time is in proportion. */
const ALONE = 2;

const subject: Subject = {
  name: "toy market",
  config: {
    inputShape: [INPUTS],
    latents: 6,
    encoder: { kind: "mlp", hidden: [64, 32] },
    noise: { variance: 0.05 },
  },
  batch: BATCH,
  steps: 500,
};

/** Twelve prices' moves from four hidden factors. */
function toyMarket(): Data {
  const loadings = normals(fold(root, "loadings"), INPUTS * FACTORS);
  const factors = normals(fold(root, "factors"), ROWS * FACTORS);
  const noise = normals(fold(root, "noise"), ROWS * INPUTS);
  const x = Float32Array.from(noise, (own, i) => {
    const [n, d] = [Math.floor(i / INPUTS), i % INPUTS];
    let common = 0;
    for (let k = 0; k < FACTORS; k++) common += loadings[d * FACTORS + k]! * factors[n * FACTORS + k]!;
    return common / Math.sqrt(FACTORS) + 0.2 * own;
  });
  return { x, y: new Float32Array(0), rows: ROWS };
}

/** Trains the models `from` to `to` of the sweep as one stack; says how many seconds that took. */
async function seconds(data: Data, from: number, to: number): Promise<number> {
  const models = Array.from({ length: to - from }, (_, i) => from + i);
  const start = performance.now();
  await train(vae(subject.config), data, {
    keys: models.map((m) => fold(root, "seed", m % SEEDS)),
    ...{ batchSize: BATCH, epochs: EPOCHS, clip: 5 },
    beta: models.map((m) => constant(BETAS[Math.floor(m / SEEDS)]!)),
    learningRate: constant(1e-3),
    sharedBatches: fold(root, "batches"),
  });
  return (performance.now() - start) / 1000;
}

/** Seconds of PyTorch for all steps of all models, from one turn after another to warm up. */
async function peerSeconds(contestant: Contestant): Promise<number> {
  await contestant();
  const done = await contestant();
  contestant.end?.();
  if (typeof done === "number") throw new Error("expected a peer that times itself, got units alone");
  return (done.nanoseconds / done.units) * 1e-9 * STEPS * MODELS;
}

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

describe("sweep", () => {
  const title = `${MODELS} models of ${STEPS} steps, batch ${BATCH}`;
  const work = async () => {
    const data = toyMarket();
    const lines = [`${title}; time of the whole sweep`];
    const say = (name: string, s: number) => lines.push(`  ${name}: ${inWords(s * 1e9)}`);
    const stack = await seconds(data, 0, MODELS);
    say("ours, one stack", stack);
    let alone = 0;
    for (let m = 0; m < ALONE; m++) alone += await seconds(data, m, m + 1);
    say(`ours, one after the other (${ALONE} of ${MODELS} trained, scaled)`, (alone / ALONE) * MODELS);
    for (const manner of [
      { replicas: 1, stacked: false, threads: 1 },
      { replicas: MODELS, stacked: true, threads: 1 },
      { replicas: MODELS, stacked: true, threads: 2 },
    ]) {
      const steps = manner.stacked ? 50 : subject.steps;
      for (const [name, peer] of Object.entries(torch({ ...subject, steps }, manner)))
        say(`${name} (${steps} steps timed, scaled)`, await peerSeconds(peer));
    }
    console.log(lines.join("\n"));
  };
  bench(title, work, { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true });
});
