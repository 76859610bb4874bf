import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { expect, test } from "vitest";
import { fold, key, uniforms } from "../../../lib/core/random.js";
import {
  brierScore,
  coverage,
  crpsNormal,
  reliabilityTable,
} from "../../../lib/prob/calibration/calibration.js";
import { integrate } from "../../../lib/prob/distributions/quadrature.js";
import { gaussianLogLikelihood, impliedNoiseVar, minibatchElbo } from "../../../lib/prob/divergences/elbo.js";

const root = key("calibration");
const count = 20_000;
const probability = uniforms(fold(root, "p"), count);
const outcome = uniforms(fold(root, "y"), count).map((u, n) => (u < probability[n]! ? 1 : 0));

test("VI-82: calibrated forecasts fall inside the consistency interval in nearly every bin", () => {
  const table = reliabilityTable(probability, outcome, 20);
  expect(
    table.filter(({ observed, low, high }) => observed >= low && observed <= high).length,
  ).toBeGreaterThanOrEqual(17);
  expect(table.every(({ count }) => count === 1000)).toBe(true);
  const wrong = reliabilityTable(
    probability.map((p) => p ** 2),
    outcome,
    20,
  );
  expect(wrong.filter(({ observed, low, high }) => observed >= low && observed <= high).length).toBeLessThan(
    6,
  );
});

test("the Brier score of calibrated forecasts is the mean of p(1 − p), and honest forecasts score best", () => {
  expect(brierScore(probability, outcome)).toBeCloseTo(1 / 6, 2);
  expect(
    brierScore(
      probability.map((p) => p ** 2),
      outcome,
    ),
  ).toBeGreaterThan(brierScore(probability, outcome));
  expect(() => brierScore([1.2], [1])).toThrow("probability[0]: expected a number in [0, 1], got 1.2");
});

test("the CRPS is the integral of the squared distance of distribution functions", () => {
  const cdf = (t: number) => normalCdf(t, 0, 2);
  const below = integrate((t) => cdf(t) ** 2, [-20, -5, 1]);
  const above = integrate((t) => (1 - cdf(t)) ** 2, [1, 5, 20]);
  expect(crpsNormal(1, 0, 2)).toBeCloseTo(below + above, 9);
});

test("coverage counts both ends", () => {
  expect(coverage([0, 1, 2], [0, 0, 0], [1, 1, 1])).toBeCloseTo(2 / 3, 12);
});

test("VI-43: batches average to the full bound; VI-44: a squared error implies a variance", () => {
  const logLikelihood = [-1, -2, -3, -4];
  const full = minibatchElbo({ logLikelihood, kl: 1.5, dataSize: 4 });
  const parts = [
    [-1, -3],
    [-2, -4],
  ].map((part) => minibatchElbo({ logLikelihood: part, kl: 1.5, dataSize: 4 }));
  expect((parts[0]! + parts[1]!) / 2).toBe(full);
  expect(impliedNoiseVar(1, 4)).toBe(2);
  const [x, y] = [
    [1, 2],
    [1.5, 1],
  ];
  const loss = (s: readonly number[]) => s.reduce((total, v, i) => total + (v - x[i]!) ** 2, 0);
  const difference = gaussianLogLikelihood(x, x, 2) - gaussianLogLikelihood(x, y, 2);
  expect(difference).toBeCloseTo(loss(y) / 4, 12); // SSE is 2·variance times the log likelihood's change
});
