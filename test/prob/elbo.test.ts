import { expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import { monteCarloElbo } from "../../lib/prob/elbo.js";
import { klNormal, normalLogDensity } from "../../lib/prob/gaussian.js";

/** θ ~ N(0, 1) and four observations of θ with noise of variance ½: the posterior and the evidence are known. */
const data = [0.9, -0.2, 1.4, 0.3];
const noiseSd = Math.SQRT1_2;
const posteriorVar = 1 / (1 + data.length / noiseSd ** 2);
const posteriorMean = (posteriorVar * data.reduce((a, b) => a + b, 0)) / noiseSd ** 2;
const logLikelihood = (theta: number) =>
  data.reduce((total, y) => total + normalLogDensity(y, theta, noiseSd), 0);
const logPrior = (theta: number) => normalLogDensity(theta, 0, 1);
const logEvidence =
  logLikelihood(0.3) + logPrior(0.3) - normalLogDensity(0.3, posteriorMean, Math.sqrt(posteriorVar));

function bounds(mean: number, sd: number, count = 20_000) {
  return monteCarloElbo({
    draws: Array.from(normals(fold(key("elbo"), "draws"), count), (e) => mean + sd * e),
    logLikelihood,
    logPrior,
    logQ: (theta) => normalLogDensity(theta, mean, sd),
    kl: klNormal(mean, sd, 0, 1),
  });
}

test("VI-04: both forms estimate the evidence less the KL to the posterior", () => {
  const [mean, sd] = [0.2, 0.5];
  const exact = logEvidence - klNormal(mean, sd, posteriorMean, Math.sqrt(posteriorVar));
  const { fromJoint, fromDivergence } = bounds(mean, sd);
  for (const { value, standardError } of [fromJoint, fromDivergence]) {
    expect(Math.abs(value - exact)).toBeLessThan(4 * standardError);
    expect(standardError).toBeGreaterThan(1e-4);
    expect(standardError).toBeLessThan(0.05);
  }
});

test("at the posterior the first form is the evidence at every draw, and the second is still noisy", () => {
  const { fromJoint, fromDivergence } = bounds(posteriorMean, Math.sqrt(posteriorVar), 100);
  expect(fromJoint.value).toBeCloseTo(logEvidence, 12);
  expect(fromJoint.standardError).toBeLessThan(1e-12);
  expect(fromDivergence.standardError).toBeGreaterThan(0.01);
});

test("the standard error is that of a mean: it halves with four times the draws", () => {
  const [few, many] = [bounds(0, 1, 5000), bounds(0, 1, 20_000)];
  expect(few.fromJoint.standardError / many.fromJoint.standardError).toBeCloseTo(2, 0);
  const values = [1, 2, 3, 6];
  const plain = monteCarloElbo({
    draws: values,
    logLikelihood: (z) => z,
    logPrior: () => 1,
    logQ: () => 2,
    kl: 0.5,
  });
  expect(plain.fromJoint).toEqual({ value: 2, standardError: Math.sqrt(14 / 3 / 4) });
  expect(plain.fromDivergence).toEqual({ value: 2.5, standardError: Math.sqrt(14 / 3 / 4) });
});

test("one draw has no error and is refused", () => {
  expect(() => bounds(0, 1, 1)).toThrow("draws: expected an integer of at least 2, got 1");
});
