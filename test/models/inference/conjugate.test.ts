import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import {
  bayesianLinearRegression,
  meanFieldOptimum,
  predictLinear,
} from "../../../lib/models/inference/exact/conjugate.js";
import { quadraturePosterior } from "../../../lib/models/inference/exact/exactPosterior.js";
import {
  laplaceLogistic,
  logisticElbo,
  variationalLogistic,
} from "../../../lib/models/inference/exact/logistic.js";
import {
  linearRegressionTarget,
  logisticRegressionTarget,
} from "../../../lib/models/inference/exact/regression.js";

const root = key("conjugate");
const x = normals(fold(root, "x"), 60);
const linear = { x, columns: 2, y: normals(fold(root, "y"), 30) };
const binary = { x, columns: 2, y: normals(fold(root, "label"), 30).map((v) => (v > 0 ? 1 : 0)) };

test("the closed form agrees with brute-force integration of the joint", () => {
  const exact = bayesianLinearRegression(linear, 0.4, 1.5);
  const grid = quadraturePosterior(linearRegressionTarget(linear, 0.4, 1.5), exact, 20);
  expect(grid.logEvidence).toBeCloseTo(exact.logEvidence, 8);
  exact.mean.forEach((value, i) => {
    expect(grid.mean[i]).toBeCloseTo(value, 8);
    expect(grid.covariance.get(i, i)).toBeCloseTo(exact.covariance.get(i, i), 8);
  });
});

test("the average mean-field epistemic variance over the training rows is the true one when the prior is weak", () => {
  const exact = bayesianLinearRegression(linear, 0.4, 1e8);
  const optimum = meanFieldOptimum(exact.precision);
  const diagonal = fromRows(
    Array.from(optimum.variance, (v, i) => Array.from(optimum.variance, (_, j) => (i === j ? v : 0))),
  );
  const average = (covariance: typeof diagonal) =>
    predictLinear({ ...exact, covariance }, x).epistemic.reduce((a, b) => a + b, 0) / 30;
  expect(average(diagonal)).toBeCloseTo(average(exact.covariance), 8);
});

test("each logistic approximation is below the evidence, full rank closest, and its ELBO is at a maximum", () => {
  const target = logisticRegressionTarget(binary, 3);
  const laplace = laplaceLogistic(binary, 3);
  const evidence = quadraturePosterior(target, laplace).logEvidence;
  const full = variationalLogistic(binary, 3, "fullRank");
  const meanField = variationalLogistic(binary, 3, "meanField");
  expect(full.objective).toBeLessThan(evidence);
  expect(meanField.objective).toBeLessThan(full.objective);
  for (const change of [0.98, 1.02]) {
    expect(logisticElbo(binary, 3, full.mean, full.covariance.clone().mul(change))).toBeLessThan(
      full.objective,
    );
    expect(
      logisticElbo(
        binary,
        3,
        full.mean.map((m) => m * change),
        full.covariance,
      ),
    ).toBeLessThan(full.objective);
  }
});

test("bad input is refused with what came", () => {
  expect(() => bayesianLinearRegression({ ...linear, columns: 3 }, 1, 1)).toThrow(
    "x: expected 90 values, got 60",
  );
  expect(() => bayesianLinearRegression(linear, -1, 1)).toThrow(
    "noiseVar: expected a positive number, got -1",
  );
  expect(() =>
    meanFieldOptimum(
      fromRows([
        [1, 2],
        [2, 1],
      ]),
    ),
  ).toThrow("precision: expected a positive definite matrix");
  const wide = { dimension: 9, evaluate: () => 0 };
  expect(() => quadraturePosterior(wide, laplaceLogistic(binary, 1), 40)).toThrow("too large");
});
