import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { covariance, mean } from "../../../lib/core/stats.js";
import { linearLatentModel } from "../../../lib/models/inference/exact/linearLatent.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { gaussianLogLikelihood } from "../../../lib/prob/divergences/elbo.js";

const root = key("linear latent");
const loadings = [
  [1, 0.2],
  [0.8, -0.6],
];
const noiseVar = 0.4;
const model = linearLatentModel(loadings, noiseVar);

beforeAll(async () => {
  await startBackend("wasm");
});

/** WWᵀ + s²I of the two columns. */
const marginal = (i: number, j: number) =>
  loadings[i]![0]! * loadings[j]![0]! + loadings[i]![1]! * loadings[j]![1]! + (i === j ? noiseVar : 0);

test("the evidence is the dense Gaussian density, by the inverse of a two-by-two matrix", () => {
  const [a, b, d] = [marginal(0, 0), marginal(0, 1), marginal(1, 1)];
  const determinant = a * d - b * b;
  const density = (x: number, y: number) =>
    -Math.log(2 * Math.PI) -
    0.5 * Math.log(determinant) -
    (d * x * x - 2 * b * x * y + a * y * y) / (2 * determinant);
  expect(model.logEvidence([0, 0])).toBeCloseTo(density(0, 0), 12);
  expect(model.logEvidence([1.3, -0.4])).toBeCloseTo(density(1.3, -0.4), 12);
  expect(model.logEvidence([1.3, -0.4, 2, 5])).toBeCloseTo((density(1.3, -0.4) + density(2, 5)) / 2, 12);
});

test("evidence is likelihood and prior over the exact posterior, at any code", () => {
  const one = linearLatentModel([[0.9], [-0.4], [2]], 0.7);
  const x = [0.5, 1, -0.3];
  const precision = 1 + (0.81 + 0.16 + 4) / 0.7;
  const centre = (0.9 * x[0]! - 0.4 * x[1]! + 2 * x[2]!) / 0.7 / precision;
  expect(one.posteriorMean(x)[0]).toBeCloseTo(centre, 12);
  const normal = (value: number, at: number, variance: number) =>
    gaussianLogLikelihood([value], [at], variance);
  for (const z of [centre, 0, 1.7]) {
    const joint = gaussianLogLikelihood(x, [0.9 * z, -0.4 * z, 2 * z], 0.7) + normal(z, 0, 1);
    expect(one.logEvidence(x)).toBeCloseTo(joint - normal(z, centre, 1 / precision), 12);
  }
});

test("with one latent, or orthogonal loadings, nothing is lost to factorising; otherwise half a log ratio", () => {
  expect(linearLatentModel([[0.9], [-0.4]], 0.7).meanFieldGap).toBeCloseTo(0, 12);
  const orthogonal = linearLatentModel(
    [
      [1, 2],
      [-2, 1],
    ],
    0.7,
  );
  expect(orthogonal.meanFieldGap).toBeCloseTo(0, 12);
  const first = 1 + (1 + 0.64) / noiseVar;
  const second = 1 + (0.04 + 0.36) / noiseVar;
  const both = (0.2 - 0.48) / noiseVar;
  const gap = 0.5 * Math.log((first * second) / (first * second - both * both));
  expect(model.meanFieldGap).toBeCloseTo(gap, 12);
  expect(model.meanFieldGap).toBeGreaterThan(0.01);
  expect(model.meanFieldVariance[0]).toBeCloseTo(1 / first, 12);
  expect(model.meanFieldVariance[1]).toBeCloseTo(1 / second, 12);
});

test("draws have mean zero and the marginal covariance", () => {
  const rows = 60_000;
  const x = model.simulate(rows, fold(root, "draws"));
  const column = (d: number) => Float64Array.from({ length: rows }, (_, n) => x[2 * n + d]!);
  for (const [i, j] of [
    [0, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    expect(Math.abs(mean(column(i)))).toBeLessThan(4 * Math.sqrt(marginal(i, i) / rows));
    const error = Math.sqrt((marginal(i, i) * marginal(j, j) + marginal(i, j) ** 2) / rows);
    expect(Math.abs(covariance(column(i), column(j)) - marginal(i, j))).toBeLessThan(4 * error);
  }
  expect(model.simulate(3, root)).toEqual(model.simulate(3, root));
});

test("the likelihood of a row given its code is the float64 one", () => {
  const [x, z] = [normals32(fold(root, "x"), 8), normals32(fold(root, "z"), 8)];
  const before = tf.memory().numTensors;
  const got = tf.tidy(() => model.logLikelihood(tf.tensor2d(x, [4, 2]), tf.tensor2d(z, [4, 2])).dataSync());
  expect(tf.memory().numTensors).toBe(before);
  got.forEach((value, n) => {
    const code = z.subarray(2 * n, 2 * n + 2);
    const centre = loadings.map((row) => row[0]! * code[0]! + row[1]! * code[1]!);
    expect(value).toBeCloseTo(gaussianLogLikelihood(x.subarray(2 * n, 2 * n + 2), centre, noiseVar), 4);
  });
});

test("ragged loadings and a noise of nothing are refused", () => {
  expect(() => linearLatentModel([[1, 2], [3]], 1)).toThrow("row 1: expected 2 values, got 1");
  expect(() => linearLatentModel(loadings, 0)).toThrow("noiseVar: expected a positive number, got 0");
});
