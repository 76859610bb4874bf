import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { vae } from "../../lib/models/vae/vae.js";
import { startBackend } from "../../lib/nn/backend.js";
import { initialWeights, layoutsOf, type Model } from "../../lib/nn/layers/model.js";
import { filled } from "../../lib/nn/layers/parameters.js";
import { adamState } from "../../lib/nn/training/adam.js";
import { type Data, takeBatch } from "../../lib/nn/training/batches.js";
import { trainingStep } from "../../lib/nn/training/step.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("subsampled");
const [N, REPLICAS] = [6, 2];
const keys = [0, 1].map((r) => fold(root, r));

/** y = x · w + ε, w ~ N(0, 1) with q = N(mean, (e^log sd)²): a row bears 1/N of the divergence of w. */
const [INPUTS, NOISE_VARIANCE] = [3, 0.5];
const regression: Model = {
  parameters: [
    { name: "mean", shape: [1, INPUTS], initial: (k, size) => normals32(k, size) },
    { name: "log sd", shape: [1, INPUTS], initial: filled(-0.7) },
  ],
  buffers: [],
  noise: [{ name: "weights", kind: "normal", shape: [1, INPUTS], role: "draw" }],
  inputShape: [INPUTS],
  targetShape: [1],
  terms({ parameters, noise }, x, y) {
    const [mean, logSd] = [parameters.mean!, parameters["log sd"]!];
    const w = mean.add(logSd.exp().mul(noise.weights!));
    const squares = x
      .mul(w)
      .sum(2)
      .sub(y.squeeze([2]))
      .square();
    const nll = squares
      .div(NOISE_VARIANCE)
      .add(Math.log(2 * Math.PI * NOISE_VARIANCE))
      .mul(0.5);
    const kl = mean.square().add(logSd.mul(2).exp()).sub(logSd.mul(2)).sub(1).mul(0.5).sum([1, 2]);
    return { nll, kl: kl.div(N).reshape([-1, 1]).add(tf.zerosLike(nll)) };
  },
};

const autoencoder = vae({
  inputShape: [INPUTS],
  latents: 2,
  encoder: { kind: "mlp", hidden: [5], dropout: 0.3 },
  noise: "learned",
});

/** All noise there is: that of a row is the same in whatever batch the row lies. [R, N or 1, …] each */
function noiseOf(model: Model): Record<string, { values: Float32Array; rows: boolean; size: number }> {
  return Object.fromEntries(
    model.noise.map(({ name, kind, shape }) => {
      const size = shape.reduce<number>((product, n) => product * (n === "batch" ? 1 : n), 1);
      const rows = shape[0] === "batch";
      const all = normals32(fold(root, name), REPLICAS * (rows ? N : 1) * size);
      const values = kind === "normal" ? all : all.map((n) => 1 / (1 + Math.exp(-2 * n)));
      return [name, { values, rows, size }];
    }),
  );
}

const data = (model: Model): Data => ({
  x: normals32(fold(root, "x"), N * INPUTS),
  y: normals32(fold(root, "y"), N * model.targetShape[0]!),
  rows: N,
});

/** What the training step makes of some rows: the bound and its gradient, each for the replicas one after the other. */
function stepOn(model: Model, rows: readonly number[]): { bound: number[]; gradient: number[] } {
  const layouts = layoutsOf(model);
  return tf.tidy(() => {
    const shape: [number, number] = [REPLICAS, layouts.parameters.total];
    const noise = Object.entries(noiseOf(model)).map(([name, { values, rows: ofRows, size }]) => {
      if (!ofRows) return [name, tf.tensor3d(values, [REPLICAS, 1, size])];
      return [name, tf.gather(tf.tensor3d(values, [REPLICAS, N, size]), [...rows], 1)];
    });
    const state = {
      parameters: tf.tensor2d(initialWeights(model, keys).parameters, shape),
      buffers: tf.zeros([REPLICAS, 0]),
      adam: adamState(shape),
    };
    const {
      nll,
      kl,
      state: next,
    } = trainingStep(model, layouts)(state, {
      ...takeBatch(data(model), model, [Uint32Array.from(rows)]),
      noise: Object.fromEntries(noise),
      beta: tf.ones([REPLICAS]),
      capacity: tf.zeros([REPLICAS]),
      adam: {
        learningRate: tf.scalar(0),
        weightDecay: tf.scalar(0),
        clip: tf.scalar(Number.POSITIVE_INFINITY),
      },
    });
    const bound = Array.from(nll.add(kl).neg().dataSync());
    // after one step the running average is a tenth of the gradient
    return { bound, gradient: Array.from(next.adam.first.dataSync(), (g) => 10 * g) };
  });
}

/** Every set of `size` rows. */
function subsets(size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  const firsts = Array.from({ length: N - from }, (_, i) => from + i);
  return firsts.flatMap((first) => subsets(size - 1, first + 1).map((rest) => [first, ...rest]));
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
}

function expectEqual(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!) / (1 + Math.abs(wanted[i]!))).toBeLessThan(1e-6);
  });
}

const models: [string, Model][] = [
  ["latents of each row", autoencoder],
  ["global weights", regression],
];

test.each(models)(
  "%s: the mean over all mini-batches is the full bound, and so is its gradient",
  (_, model) => {
    const full = stepOn(model, [0, 1, 2, 3, 4, 5]);
    for (const size of [1, 2, 4]) {
      const all = subsets(size).map((rows) => stepOn(model, rows));
      expect(Math.abs(all[0]!.bound[0]! - full.bound[0]!)).toBeGreaterThan(1e-3);
      expectEqual(meanOf(all.map(({ bound }) => bound)), full.bound);
      expectEqual(meanOf(all.map(({ gradient }) => gradient)), full.gradient);
    }
  },
);

test("global weights: N times the full bound is Σ log p(y | w) less one whole divergence", () => {
  const { x, y } = data(regression);
  const { values } = noiseOf(regression).weights!;
  const { bound } = stepOn(regression, [0, 1, 2, 3, 4, 5]);
  const { parameters } = initialWeights(regression, keys);
  bound.forEach((got, r) => {
    let wanted = 0;
    const at = (i: number) => parameters[r * 2 * INPUTS + i]!;
    for (let n = 0; n < N; n++) {
      let error = -y[n]!;
      for (let i = 0; i < INPUTS; i++)
        error += x[n * INPUTS + i]! * (at(i) + Math.exp(at(INPUTS + i)) * values[r * INPUTS + i]!);
      wanted -= 0.5 * (error ** 2 / NOISE_VARIANCE + Math.log(2 * Math.PI * NOISE_VARIANCE));
    }
    for (let i = 0; i < INPUTS; i++)
      wanted -= 0.5 * (at(i) ** 2 + Math.exp(2 * at(INPUTS + i)) - 2 * at(INPUTS + i) - 1);
    expect(Math.abs(N * got - wanted) / (1 + Math.abs(wanted))).toBeLessThan(1e-6);
  });
});
