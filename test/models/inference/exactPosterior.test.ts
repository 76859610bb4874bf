import digamma from "@stdlib/math-base-special-digamma";
import gammaln from "@stdlib/math-base-special-gammaln";
import { expect, test } from "vitest";
import { fromRows, Matrix } from "../../../lib/core/linalg.js";
import { quadraturePosterior } from "../../../lib/models/inference/exact/exactPosterior.js";
import { gaussianTarget, type Target } from "../../../lib/models/inference/exact/target.js";
import { correlatedPair } from "../../support/simpleTargets.js";

const pair = fromRows([
  [1, 0.8],
  [0.8, 1],
]);

/** log of exp(aθ − b eᶿ): θ is the logarithm of a Gamma(a, b) variable. */
function logGamma(a: number, b: number): Target {
  return {
    dimension: 1,
    evaluate(theta, gradient) {
      gradient[0] = a - b * Math.exp(theta[0]!);
      return a * theta[0]! - b * Math.exp(theta[0]!);
    },
  };
}

test("a correlated Gaussian seen from its own moments is exact with three points a side", () => {
  const exact = quadraturePosterior(correlatedPair(0.8), { mean: [1, -2], covariance: pair }, 3);
  expect(exact.logEvidence).toBeCloseTo(0, 12);
  expect(exact.mean[0]).toBeCloseTo(1, 12);
  expect(exact.mean[1]).toBeCloseTo(-2, 12);
  expect(Matrix.sub(exact.covariance, pair).abs().max()).toBeLessThan(1e-12);
});

test("a guess that is off costs points, not the answer", () => {
  const wide = fromRows([
    [1.6, 0.2],
    [0.2, 2],
  ]);
  const exact = quadraturePosterior(correlatedPair(0.8), { mean: [0.5, -1.8], covariance: wide }, 60);
  expect(exact.logEvidence).toBeCloseTo(0, 7);
  expect(exact.mean[0]).toBeCloseTo(1, 7);
  expect(exact.covariance.get(0, 1)).toBeCloseTo(0.8, 6);
});

test.each([
  [3, 1],
  [12, 0.5],
])("the logarithm of a gamma variable (%d, %d) has its known evidence, mean and variance", (a, b) => {
  const guess = { mean: [Math.log(a / b)], covariance: fromRows([[1.3 / a]]) };
  const exact = quadraturePosterior(logGamma(a, b), guess, 60);
  const trigamma =
    Math.PI ** 2 / 6 - Array.from({ length: a - 1 }, (_, k) => (k + 1) ** -2).reduce((s, v) => s + v, 0);
  expect(exact.logEvidence).toBeCloseTo(gammaln(a) - a * Math.log(b), 6);
  expect(exact.mean[0]).toBeCloseTo(digamma(a) - Math.log(b), 6);
  expect(exact.covariance.get(0, 0)).toBeCloseTo(trigamma, 5);
  expect(exact.expect((theta) => Math.exp(theta[0]!))).toBeCloseTo(a / b, 5);
});

test("a constant added to the log density moves the evidence and nothing else", () => {
  const base = logGamma(5, 2);
  const lifted: Target = { dimension: 1, evaluate: (t, g) => base.evaluate(t, g) - 2000 };
  const guess = { mean: [0.9], covariance: fromRows([[0.2]]) };
  const [plain, moved] = [quadraturePosterior(base, guess), quadraturePosterior(lifted, guess)];
  expect(moved.logEvidence).toBeCloseTo(plain.logEvidence - 2000, 9);
  expect(moved.mean[0]).toBeCloseTo(plain.mean[0]!, 10);
});

test("parameters keep their places", () => {
  const lopsided = gaussianTarget([0, 3, -7], Matrix.diag([1, 4, 100]));
  const exact = quadraturePosterior(
    lopsided,
    { mean: [0, 3, -7], covariance: Matrix.diag([1, 0.25, 0.01]) },
    5,
  );
  expect(exact.mean[2]).toBeCloseTo(-7, 11);
  expect(exact.covariance.get(1, 1)).toBeCloseTo(0.25, 11);
  expect(exact.expect((theta) => theta[0]! ** 2 * theta[1]!)).toBeCloseTo(3, 10);
});

test("a grid too large, or a guess that is no covariance, is refused", () => {
  const nothing: Target = { dimension: 5, evaluate: () => 0 };
  expect(() =>
    quadraturePosterior(nothing, { mean: new Float64Array(5), covariance: Matrix.eye(5) }),
  ).toThrow("a grid of 40^5 nodes is too large");
  expect(() => quadraturePosterior(logGamma(3, 1), { mean: [0], covariance: fromRows([[-1]]) })).toThrow(
    "guess: expected a positive definite matrix",
  );
});
