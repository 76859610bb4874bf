import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { betaTcVae, klParts } from "../../../lib/models/vae/betaTcVae.js";
import { type VaeConfig, vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { drawNoise, feedOf, initialWeights, layoutsOf, type Model } from "../../../lib/nn/layers/model.js";
import { loadGroup } from "../../support/vectors.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("beta tc vae");
const config: VaeConfig = {
  inputShape: [4],
  latents: 2,
  encoder: { kind: "mlp", hidden: [6] },
  noise: { variance: 0.3 },
};
const ones = { information: 1, totalCorrelation: 1, dimensionwise: 1 };

test.each(["tc-0", "tc-1", "tc-2"])("BV-08: the parts of %s are those of the reference", (id) => {
  const { input, expect: wanted } = loadGroup("disent").find((one) => one.id === id)!;
  const want = (wanted as Record<string, Record<string, number>>).mss!;
  const [z, mean, logVar] = ["z", "mu", "logvar"].map((name) => tf.tensor3d([input[name] as number[][]])) as [
    tf.Tensor3D,
    tf.Tensor3D,
    tf.Tensor3D,
  ];
  const parts = klParts({ mean, logVar }, z, input.dataset_size as number);
  const average = (part: tf.Tensor) => part.mean().dataSync()[0]!;
  expect(average(parts.information)).toBeCloseTo(want.mi!, 4);
  expect(average(parts.totalCorrelation)).toBeCloseTo(want.tc!, 4);
  expect(average(parts.dimensionwise)).toBeCloseTo(want.dwkl!, 4);
});

/** Terms of two replicas at fixed weights and noise. */
function termsOf(model: Model, training: boolean, parameters?: Float32Array) {
  const keys = [fold(root, 0), fold(root, 1)];
  const weights = initialWeights(model, keys);
  const layouts = layoutsOf(model);
  return tf.tidy(() => {
    const state = {
      parameters: tf.tensor2d(parameters ?? weights.parameters, [2, layouts.parameters.total]),
      buffers: tf.zeros([2, 0]),
    };
    const noise = drawNoise(model.noise, keys, 8, ["test"]);
    const x = tf.tensor(normals32(fold(root, "x"), 32), [1, 8, 4]);
    const { nll, kl } = model.terms(feedOf(layouts, state, noise, training), x, tf.zeros([1, 8, 0]));
    return { nll: Array.from(nll.dataSync()), kl: Array.from(kl.dataSync()) };
  });
}

test("with all weights 1 the penalty of a row is log q(z | x) − log p(z), whatever the rest of the batch", () => {
  const plain = termsOf(vae(config), true);
  const apart = termsOf(betaTcVae(vae(config), 500, ones), true);
  apart.nll.forEach((value, i) => {
    expect(value).toBeCloseTo(plain.nll[i]!, 4);
  });
  const other = termsOf(betaTcVae(vae(config), 9, ones), true); // another estimate of q(z), the same sum
  apart.kl.forEach((value, i) => {
    expect(value).toBeCloseTo(other.kl[i]!, 4);
  });
});

test("outside training the penalty is the plain KL: a validation part is judged by the ELBO", () => {
  const heavy = betaTcVae(vae(config), 500, { ...ones, totalCorrelation: 50 });
  expect(termsOf(heavy, false)).toEqual(termsOf(vae(config), false));
});

test("each replica has its own weight, and it multiplies the total correlation alone", () => {
  const at = (totalCorrelation: number | number[]) =>
    termsOf(betaTcVae(vae(config), 500, { ...ones, totalCorrelation }), true).kl;
  const [one, three, both] = [at(1), at(3), at([1, 3])];
  const [first, second] = [both.slice(0, 8), both.slice(8)];
  first.forEach((value, i) => {
    expect(value).toBeCloseTo(one[i]!, 4);
  });
  second.forEach((value, i) => {
    expect(value).toBeCloseTo(three[8 + i]!, 4);
  });
  const two = at(2);
  two.forEach((value, i) => {
    expect(value).toBeCloseTo((one[i]! + three[i]!) / 2, 3);
  });
});

test("the gradient is that of finite differences", () => {
  const model = betaTcVae(vae(config), 100, { information: 0.7, totalCorrelation: 5, dimensionwise: 1.3 });
  const keys = [fold(root, "gradient")];
  const { parameters } = initialWeights(model, keys);
  const layouts = layoutsOf(model);
  const x = normals32(fold(root, "x"), 32);
  const loss = (flat: tf.Tensor) => {
    const noise = drawNoise(model.noise, keys, 8, ["test"]);
    const feed = feedOf(layouts, { parameters: flat, buffers: tf.zeros([1, 0]) }, noise, true);
    const { nll, kl } = model.terms(feed, tf.tensor(x, [1, 8, 4]), tf.zeros([1, 8, 0]));
    return nll.add(kl).mean() as tf.Scalar;
  };
  const at = (values: Float32Array) =>
    tf.tidy(() => loss(tf.tensor2d(values, [1, values.length])).dataSync()[0]!);
  const gradient = tf.tidy(() =>
    tf
      .grad(loss)(tf.tensor2d(parameters, [1, parameters.length]))
      .dataSync(),
  );
  const size = Math.max(...gradient.map(Math.abs));
  parameters.forEach((_, i) => {
    const moved = (by: number) => at(parameters.map((p, j) => (i === j ? p + by : p)));
    const slope = (moved(5e-3) - moved(-5e-3)) / 1e-2;
    expect(Math.abs(slope - gradient[i]!)).toBeLessThan(5e-3 * size);
  });
});

test("nothing leaks", () => {
  const model = betaTcVae(vae(config), 100, ones);
  termsOf(model, true);
  const before = tf.memory().numTensors;
  termsOf(model, true);
  expect(tf.memory().numTensors).toBe(before);
});

test("what cannot be is refused with what came", () => {
  expect(() => betaTcVae(vae(config), 1, ones)).toThrow("dataSize: expected an integer of at least 2, got 1");
  expect(() => betaTcVae(vae(config), 100, { ...ones, totalCorrelation: [2, -1] })).toThrow(
    "weights: totalCorrelation: expected a positive number, got -1",
  );
  const wrong = betaTcVae(vae(config), 100, { ...ones, information: [1, 1, 1] });
  expect(() => termsOf(wrong, true)).toThrow("weights: information: expected 2 values, got 3");
  expect(() => termsOf(betaTcVae(vae(config), 5, ones), true)).toThrow(
    "dataSize: expected an integer of at least 8",
  );
});
