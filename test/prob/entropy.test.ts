import { expect, test } from "vitest";
import { fromRows } from "../../lib/core/linalg.js";
import { key, normals } from "../../lib/core/random.js";
import { mean } from "../../lib/core/stats.js";
import { crpsNormal, nllNormal } from "../../lib/prob/calibration/calibration.js";
import {
  gaussianEntropy,
  klNormal,
  normalEntropy,
  normalLogDensity,
  normalProbability,
  normalQuantile,
} from "../../lib/prob/distributions/gaussian.js";
import { monteCarloElbo } from "../../lib/prob/divergences/elbo.js";

test("entropy is the mean of −log density; a covariance's is that of its principal parts", () => {
  const draws = normals(key("entropy"), 100_000).map((z) => 1 + 0.3 * z);
  const sampled = -mean(draws.map((x) => normalLogDensity(x, 1, 0.3)));
  expect(Math.abs(sampled - normalEntropy(0.3))).toBeLessThan(4 * Math.sqrt(0.5 / 100_000));
  const rho = fromRows([
    [1, 0.6],
    [0.6, 1],
  ]);
  expect(gaussianEntropy(rho)).toBeCloseTo(normalEntropy(Math.sqrt(1.6)) + normalEntropy(Math.sqrt(0.4)), 12);
  expect(() => normalEntropy(0)).toThrow("sd");
});

test("quantile and probability undo one another", () => {
  for (const p of [0.001, 0.3, 0.5, 0.999]) {
    expect(normalProbability(normalQuantile(p, 2, 3), 2, 3)).toBeCloseTo(p, 12);
  }
  expect(() => normalQuantile(1.2, 0, 1)).toThrow("expected a number in [0, 1], got 1.2");
});

test("scores are the log density and, of a point forecast, nearly the distance", () => {
  expect(nllNormal(1.5, 1, 2)).toBe(-normalLogDensity(1.5, 1, 2));
  expect(crpsNormal(1.5, 1, 1e-9)).toBeCloseTo(0.5, 8);
  expect(() => nllNormal(0, 0, -1)).toThrow("sd");
});

test("the ELBO in two forms from one set of draws: both right, the joint form exact at the posterior", () => {
  // prior N(0, 1), one observation 1.2 with noise 1: posterior N(0.6, 1/2), evidence N(1.2 | 0, 2)
  const density = (z: number) => normalLogDensity(z, 0.6, Math.SQRT1_2);
  const draws = Array.from(normals(key("elbo"), 5000), (e) => 0.6 + Math.SQRT1_2 * e);
  const estimates = monteCarloElbo({
    draws,
    logLikelihood: (z) => normalLogDensity(1.2, z, 1),
    logPrior: (z) => normalLogDensity(z, 0, 1),
    logQ: density,
    kl: klNormal(0.6, Math.SQRT1_2, 0, 1),
  });
  const evidence = normalLogDensity(1.2, 0, Math.SQRT2);
  expect(estimates.fromJoint.value).toBeCloseTo(evidence, 10);
  expect(estimates.fromJoint.standardError).toBeLessThan(1e-12);
  const { value, standardError } = estimates.fromDivergence;
  expect(Math.abs(value - evidence)).toBeLessThan(4 * standardError);
});
