import { expect, test } from "vitest";
import { Matrix } from "../../../lib/core/linalg.js";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import { quadraturePosterior } from "../../../lib/models/inference/exact/exactPosterior.js";
import {
  laplaceLogistic,
  logisticElbo,
  variationalLogistic,
} from "../../../lib/models/inference/exact/logistic.js";
import { logisticRegressionTarget, sigmoid } from "../../../lib/models/inference/exact/regression.js";
import { estimateElbo } from "../../../lib/models/inference/variational/advi.js";

const root = key("logistic");
const rows = 40;
const x = normals(fold(root, "x"), rows * 2);
const chance = uniforms(fold(root, "outcome"), rows);
const design = {
  x,
  columns: 2,
  y: chance.map((u, n) => (u < sigmoid(1.5 * x[2 * n]! - x[2 * n + 1]!) ? 1 : 0)),
};
const priorVar = 2;

test("without data every approximation is the prior, whose evidence is one", () => {
  const empty = { x: new Float64Array(0), columns: 2, y: new Float64Array(0) };
  const fits = [
    laplaceLogistic(empty, 3),
    variationalLogistic(empty, 3, "meanField"),
    variationalLogistic(empty, 3, "fullRank"),
  ];
  for (const { mean, covariance, objective } of fits) {
    expect(Array.from(mean)).toEqual([0, 0]);
    expect(
      Matrix.sub(covariance, Matrix.eye(2, 2, 3))
        .abs()
        .max(),
    ).toBeLessThan(1e-12);
    expect(objective).toBeCloseTo(0, 12);
  }
});

test("a win and a loss at the same place leave the mode at zero with a curvature on paper", () => {
  const balanced = { x: Float64Array.of(1, 1), columns: 1, y: Float64Array.of(0, 1) };
  const { mean, covariance, objective } = laplaceLogistic(balanced, 4);
  expect(mean[0]).toBeCloseTo(0, 12);
  expect(covariance.get(0, 0)).toBeCloseTo(1 / (0.25 + 0.5), 12);
  expect(objective).toBeCloseTo(-2 * Math.LN2 + 0.5 * Math.log(1 / 0.75 / 4), 12);
});

test("Laplace stands where the gradient is zero, with the inverse of the numeric curvature", () => {
  const { mean, covariance } = laplaceLogistic(design, priorVar);
  const target = logisticRegressionTarget(design, priorVar);
  const slope = (theta: Float64Array) => {
    const gradient = new Float64Array(2);
    target.evaluate(theta, gradient);
    return gradient;
  };
  for (const g of slope(mean)) expect(g).toBeCloseTo(0, 10);
  const curvature = new Matrix(2, 2);
  for (let i = 0; i < 2; i++) {
    const moved = (by: number) => slope(mean.map((v, k) => (k === i ? v + by : v)));
    for (let j = 0; j < 2; j++) curvature.set(i, j, (moved(-1e-5)[j]! - moved(1e-5)[j]!) / 2e-5);
  }
  expect(Matrix.sub(covariance.mmul(curvature), Matrix.eye(2)).abs().max()).toBeLessThan(1e-7);
});

test("the quadrature's ELBO agrees with draws of the joint", () => {
  const sd = [0.4, 0.9] as const;
  const mean = Float64Array.of(0.8, -0.3);
  const fit = {
    family: "meanField",
    dimension: 2,
    mean,
    factor: Float64Array.of(sd[0], 0, 0, sd[1]),
  } as const;
  const drawn = estimateElbo(logisticRegressionTarget(design, priorVar), fit, 20_000, fold(root, "elbo"));
  const exact = logisticElbo(design, priorVar, mean, Matrix.diag([sd[0] ** 2, sd[1] ** 2]));
  expect(Math.abs(drawn.value - exact)).toBeLessThan(4 * drawn.standardError);
  expect(drawn.standardError).toBeLessThan(0.1);
});

test("the best Gaussian is nearer to the exact mean than Laplace, and the factorised one narrower than both", () => {
  const laplace = laplaceLogistic(design, priorVar);
  const full = variationalLogistic(design, priorVar, "fullRank");
  const factored = variationalLogistic(design, priorVar, "meanField");
  const exact = quadraturePosterior(logisticRegressionTarget(design, priorVar), laplace);
  const distance = (mean: Float64Array) => Math.hypot(...mean.map((m, i) => m - exact.mean[i]!));
  expect(distance(full.mean)).toBeLessThan(distance(laplace.mean) / 2);
  for (let i = 0; i < 2; i++) {
    expect(factored.covariance.get(i, i)).toBeLessThan(full.covariance.get(i, i));
    expect(Math.abs(full.covariance.get(i, i) / exact.covariance.get(i, i) - 1)).toBeLessThan(0.1);
  }
  expect(factored.covariance.get(0, 1)).toBe(0);
  expect(Math.abs(full.covariance.get(0, 1))).toBeGreaterThan(0.01);
});

test("with one weight there is nothing to factorise", () => {
  const single = { x: x.slice(0, rows), columns: 1, y: design.y };
  const [a, b] = (["meanField", "fullRank"] as const).map((family) =>
    variationalLogistic(single, priorVar, family),
  );
  expect(a!.mean[0]).toBeCloseTo(b!.mean[0]!, 9);
  expect(a!.objective).toBeCloseTo(b!.objective, 9);
});
