import fc from "fast-check";
import { expect, test } from "vitest";
import { fromRows } from "../../lib/core/linalg.js";
import { fold, key } from "../../lib/core/random.js";
import {
  gaussianEntropy,
  klGaussian,
  klMonteCarlo,
  klNormal,
  klQuadrature,
  klToStandardNormal,
  normalDensity,
  normalEntropy,
  normalLogDensity,
  normalProbability,
  normalQuantile,
  normalSummary,
} from "../../lib/prob/gaussian.js";
import { integrate } from "../../lib/prob/quadrature.js";

const place = fc.double({ min: -20, max: 20, noNaN: true });
const spread = fc.double({ min: 0.01, max: 50, noNaN: true });

test("VI-07: KL is never negative and zero between equals", () => {
  fc.assert(
    fc.property(place, spread, place, spread, (m1, s1, m2, s2) => {
      expect(klNormal(m1, s1, m2, s2)).toBeGreaterThanOrEqual(0);
      expect(klNormal(m1, s1, m1, s1)).toBe(0);
    }),
  );
});

test("VI-07: KL is not symmetric", () => {
  expect(klNormal(0, 1, 1, 2)).toBeCloseTo(0.4431, 4);
  expect(klNormal(1, 2, 0, 1)).toBeCloseTo(1.3069, 4);
});

test("VI-09: the diagonal form is the sum of the one-dimensional ones", () => {
  const [mean, logVar] = [
    [0.3, -1.2, 0],
    [-0.8, 0.5, 0],
  ];
  const sum = klToStandardNormal(mean, logVar).reduce((a, b) => a + b, 0);
  const parts = mean.map((m, k) => klNormal(m, Math.exp(0.5 * logVar[k]!), 0, 1));
  expect(sum).toBeCloseTo(
    parts.reduce((a, b) => a + b, 0),
    13,
  );
});

test("the full form is the sum of the one-dimensional ones for diagonal covariances", () => {
  const full = klGaussian(
    [1, 2],
    fromRows([
      [4, 0],
      [0, 0.25],
    ]),
    [0, 1],
    fromRows([
      [1, 0],
      [0, 9],
    ]),
  );
  expect(full).toBeCloseTo(klNormal(1, 2, 0, 1) + klNormal(2, 0.5, 1, 3), 12);
  expect(() => klGaussian([0], fromRows([[1]]), [0], fromRows([[-1]]))).toThrow(
    "cov2: expected a positive definite matrix",
  );
});

test("VI-06: draws and integral agree with the closed form", () => {
  const logP = (x: number) => normalLogDensity(x, 1, 2);
  const exact = klNormal(0, 1, 1, 2);
  expect(klQuadrature({ mean: 0, sd: 1 }, logP)).toBeCloseTo(exact, 10);
  const estimate = klMonteCarlo({ mean: 0, sd: 1 }, logP, { draws: 50_000, key: fold(key("kl"), "draws") });
  expect(Math.abs(estimate.value - exact) / estimate.standardError).toBeLessThan(4);
  expect(estimate.standardError).toBeGreaterThan(0);
});

test("the density integrates to one and its logarithm keeps its precision in the tail", () => {
  expect(integrate((x) => normalDensity(x, 3, 0.2), [0, 3, 6])).toBeCloseTo(1, 12);
  expect(normalLogDensity(50, 0, 1)).toBeCloseTo(-1250.918938533, 8);
});

test("the full form is never negative, zero between equals, and blind to the units of a variable", () => {
  const entries = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 9, maxLength: 9 });
  const means = fc.array(place, { minLength: 3, maxLength: 3 });
  const covariance = (entry: readonly number[], units: readonly number[]) =>
    fromRows(
      [0, 1, 2].map((i) =>
        [0, 1, 2].map((j) => {
          const product = [0, 1, 2].reduce((sum, k) => sum + entry[3 * i + k]! * entry[3 * j + k]!, 0);
          return units[i]! * units[j]! * (product + (i === j ? 0.5 : 0));
        }),
      ),
    );
  const moved = (m: readonly number[], units: readonly number[]) => m.map((value, i) => value * units[i]!);
  const [one, other] = [
    [1, 1, 1],
    [1e-3, 20, 1],
  ];
  fc.assert(
    fc.property(means, entries, means, entries, (m1, e1, m2, e2) => {
      const kl = klGaussian(m1, covariance(e1, one), m2, covariance(e2, one));
      expect(kl).toBeGreaterThanOrEqual(0);
      expect(klGaussian(m1, covariance(e1, one), m1, covariance(e1, one))).toBeCloseTo(0, 12);
      const rescaled = klGaussian(
        moved(m1, other),
        covariance(e1, other),
        moved(m2, other),
        covariance(e2, other),
      );
      expect(Math.abs(rescaled / kl - 1)).toBeLessThan(1e-8);
    }),
  );
});

test("the entropy is minus the mean log density, and adds over independent parts", () => {
  const sd = 0.3;
  expect(normalEntropy(sd)).toBeCloseTo(-klQuadrature({ mean: 1, sd }, () => 0), 12);
  const parts = fromRows([
    [sd ** 2, 0],
    [0, 4],
  ]);
  expect(gaussianEntropy(parts)).toBeCloseTo(normalEntropy(sd) + normalEntropy(2), 12);
  const correlated = fromRows([
    [1, 0.9],
    [0.9, 1],
  ]);
  expect(gaussianEntropy(correlated)).toBeCloseTo(2 * normalEntropy(1) + 0.5 * Math.log(0.19), 12);
  expect(() => normalEntropy(0)).toThrow("sd: expected a positive number, got 0");
});

test("the quantile undoes the probability", () => {
  expect(normalQuantile(0.975, 0, 1)).toBeCloseTo(1.959963984540054, 12);
  for (const p of [1e-9, 0.025, 0.5, 0.8, 1 - 1e-9])
    expect(normalProbability(normalQuantile(p, 3, 0.2), 3, 0.2)).toBeCloseTo(p, 12);
  expect(() => normalQuantile(1.1, 0, 1)).toThrow("probability: expected a number in [0, 1], got 1.1");
  expect(() => normalQuantile(0.5, 0, -1)).toThrow("sd: expected a positive number, got -1");
});

test("VI-03: a forecast of 2.5 % give or take 1.2 %", () => {
  const summary = normalSummary(0.025, 0.012);
  expect(summary.probabilityPositive).toBeCloseTo(0.98139, 5);
  expect(summary.interval95[0]).toBeCloseTo(0.00148, 5);
  expect(() => normalSummary(0, 0)).toThrow("sd: expected a positive number, got 0");
});
