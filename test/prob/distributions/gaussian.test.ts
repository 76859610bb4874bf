import fc from "fast-check";
import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key } from "../../../lib/core/random.js";
import {
  klGaussian,
  klMonteCarlo,
  klNormal,
  klQuadrature,
  klToStandardNormal,
  normalDensity,
  normalLogDensity,
  normalSummary,
} from "../../../lib/prob/distributions/gaussian.js";
import { integrate } from "../../../lib/prob/distributions/quadrature.js";

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

test("VI-03: a forecast of 2.5 % give or take 1.2 %", () => {
  const summary = normalSummary(0.025, 0.012);
  expect(summary.probabilityPositive).toBeCloseTo(0.98139, 5);
  expect(summary.interval95[0]).toBeCloseTo(0.00148, 5);
  expect(() => normalSummary(0, 0)).toThrow("sd: expected a positive number, got 0");
});
