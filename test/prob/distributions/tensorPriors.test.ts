import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { key, normals, normals32, uniforms } from "../../../lib/core/random.js";
import { mean, variance } from "../../../lib/core/stats.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { klNormal } from "../../../lib/prob/distributions/gaussian.js";
import {
  klNormalToMixture,
  type Mixture,
  mixtureLogDensity,
  scaleMixture,
} from "../../../lib/prob/distributions/mixture.js";
import { hierarchicalLogJoint, type InverseGamma } from "../../../lib/prob/distributions/priors.js";
import { integrate } from "../../../lib/prob/distributions/quadrature.js";
import {
  expectedScales,
  hardGates,
  klBernoulliTensor,
  klNormalTensor,
  klToHierarchicalTensor,
  klToMixtureDraw,
  mixtureLogDensityTensor,
} from "../../../lib/prob/distributions/tensorPriors.js";
import { loadGroup } from "../../support/vectors.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("tensor priors");
const three: Mixture = { weight: [0.5, 0.3, 0.2], mean: [0, 1.5, -2], sd: [0.2, 1, 0.5] };

test("the normal divergence is that of float64, weight by weight", () => {
  const [m, s] = [normals(root, 20), uniforms(root, 20)];
  const got = klNormalTensor(tf.tensor1d([...m]), tf.tensor1d([...s]), 0.8).dataSync();
  got.forEach((kl, i) => {
    expect(kl).toBeCloseTo(klNormal(m[i]!, s[i]!, 0, 0.8), 4);
  });
});

test("BN-06: the slope of −log of a standard normal prior is that of half the sum of squares", () => {
  const w = tf.tensor1d(normals32(root, 9));
  const one: Mixture = { weight: [1], mean: [0], sd: [1] };
  const slope = tf
    .grad((v: tf.Tensor) => mixtureLogDensityTensor(v, one).sum().neg())(w)
    .dataSync();
  slope.forEach((value, i) => {
    expect(value).toBeCloseTo(w.dataSync()[i]!, 5);
  });
});

test("BN-10: the density of a mixture of three, with means that are not zero, is that of float64", () => {
  const x = normals(root, 30).map((v) => 2 * v);
  const got = mixtureLogDensityTensor(tf.tensor1d([...x]), three).dataSync();
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(mixtureLogDensity(x[i]!, three), 4);
  });
});

test("BN-10: the drawn divergences of the reference cases average to the integral", () => {
  const cases = loadGroup("kl").filter((c) => c.fn === "klNormalToScaleMixture");
  expect(cases.length).toBeGreaterThan(0);
  const draws = 40_000;
  for (const { input, expect: want } of cases) {
    const [mu, sigma, share, wide, narrow] = ["mu", "sigma", "pi", "sigma1", "sigma2"].map((n) =>
      Number(input[n]),
    ) as [number, number, number, number, number];
    const noise = tf.tensor1d(normals32(root, draws));
    const all = klToMixtureDraw(
      tf.fill([draws], mu),
      tf.fill([draws], sigma),
      noise,
      scaleMixture(share, wide, narrow),
    ).dataSync();
    const spread = Math.sqrt(variance(all) / draws);
    expect(Math.abs(mean(all) - Number(want.kl))).toBeLessThan(4.5 * spread + 1e-4);
  }
});

test("BN-07: an exact spike pulls at no normal weight: the divergence tends to that from the slab plus −log of its share", () => {
  const slab = klNormal(0.1, 0.05, 0, 1) - Math.log(0.5);
  const distance = [1e-2, 1e-4, 1e-6].map((tau) =>
    Math.abs(klNormalToMixture(0.1, 0.05, scaleMixture(0.5, 1, tau)) - slab),
  );
  expect(distance[0]).toBeGreaterThan(distance[1]!);
  expect(distance[2]).toBeLessThan(3e-4);
});

test("BN-08: the best distribution of the scale put in, the divergence is a bound that is met", () => {
  const prior: InverseGamma = { shape: 1.5, rate: 0.6 };
  const [m, s] = [
    [0.3, -0.8, 0.1],
    [0.2, 0.4, 0.3],
  ];
  const got = klToHierarchicalTensor(
    tf.tensor3d(m, [1, 1, 3]),
    tf.tensor3d(s, [1, 1, 3]),
    prior,
  ).dataSync()[0]!;
  const entropy = s.reduce((sum, sd) => sum + 0.5 * (1 + Math.log(2 * Math.PI)) + Math.log(sd), 0);
  // exp E_q(w) log p(w, σ²), integrated over σ²: E Σ w² stands for Σ w²
  const energy = Math.sqrt(m.reduce((sum, value, i) => sum + value ** 2 + s[i]! ** 2, 0));
  const mass = integrate(
    (log) => Math.exp(hierarchicalLogJoint([energy, 0, 0], Math.exp(log), prior) + log),
    [-8, -3, -1, 0, 1, 3, 8, 20],
  );
  expect(got).toBeCloseTo(-entropy - Math.log(mass), 4);
  expect(expectedScales([energy ** 2], 3, prior)[0]).toBeCloseTo((0.6 + 0.5 * energy ** 2) / 2, 12);
});

test("the divergence of gates is 0 at the prior and log 2 for certainty against one half", () => {
  const [at, sure] = klBernoulliTensor(tf.tensor1d([Math.log(0.3 / 0.7), -40]), 0.3).dataSync();
  expect(at).toBeCloseTo(0, 5);
  expect(sure).toBeCloseTo(-Math.log(0.7), 5);
  expect(() => klBernoulliTensor(tf.scalar(0), 0)).toThrow(RangeError);
});

test("BN-07: gates are 0 or 1, open as often as they should, and their slope is that of the relaxation", () => {
  const logit = tf.fill([20_000], Math.log(0.3 / 0.7));
  const uniform = tf.tensor1d(Float32Array.from(uniforms(root, 20_000)));
  const gates = hardGates(logit, uniform).dataSync();
  expect(new Set(gates)).toEqual(new Set([0, 1]));
  expect(Math.abs(mean(gates) - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 20_000));
  const slope = tf
    .grad((l: tf.Tensor) => hardGates(l, uniform).sum())(logit)
    .dataSync();
  const soft =
    1 /
    (1 +
      Math.exp(
        -(Math.log(0.3 / 0.7) + Math.log(uniform.dataSync()[0]! / (1 - uniform.dataSync()[0]!))) / 0.5,
      ));
  expect(slope[0]).toBeCloseTo((soft * (1 - soft)) / 0.5, 4);
});
