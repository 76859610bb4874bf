import { expect, test } from "vitest";
import { key, normals } from "../../../../lib/core/random.js";
import { mean } from "../../../../lib/core/stats.js";
import { principalAngles } from "../../../../lib/core/subspaces.js";
import {
  factorAnalysis,
  linearFactorLogLikelihood,
  linearFactorPosterior,
  marginalCovariance,
  mostFactors,
  simulateLinearFactors,
  studentFactorLogLikelihood,
} from "../../../../lib/models/factor/linear/factorAnalysis.js";
import { principalComponents, probabilisticPca } from "../../../../lib/models/factor/linear/pca.js";
import { TWO_FACTORS } from "../../support/twoFactors.js";

const truth = {
  ...TWO_FACTORS,
  centre: Float64Array.of(0.1, 0, -0.2, 0, 0, 0.3),
};
const { x, factors } = simulateLinearFactors(truth, 20_000, key("linear factors"));
const found = factorAnalysis(x, 6, { factors: 2 });

// VF-01
test("loadings of a simulated factor model are recovered up to rotation, own variances and centre as they are", () => {
  expect(Math.max(...principalAngles(found.loadings, truth.loadings).degrees)).toBeLessThan(1.5);
  truth.ownVariance.forEach((v, a) => {
    expect(Math.abs(found.ownVariance[a]! - v)).toBeLessThan(0.02);
    expect(Math.abs(found.centre[a]! - truth.centre[a]!)).toBeLessThan(0.03);
  });
  const gap = marginalCovariance(found).sub(marginalCovariance(truth));
  expect(Math.max(...gap.to1DArray().map(Math.abs))).toBeLessThan(0.04);
});

test("the fitted likelihood is that of the rows, above the truth's, and principal axes are worse where own variances differ", () => {
  expect(mean(linearFactorLogLikelihood(found, x))).toBeCloseTo(found.logLikelihood, 9);
  expect(found.logLikelihood).toBeGreaterThan(mean(linearFactorLogLikelihood(truth, x)));
  const { eigenvalues } = principalComponents(x, 6);
  expect(found.logLikelihood).toBeGreaterThan(probabilisticPca(eigenvalues, 2).logLikelihood + 0.05);
});

test("with equal own variances the likelihood is that of probabilistic PCA", () => {
  const equal = { ...truth, ownVariance: new Float64Array(6).fill(0.3) };
  const rows = simulateLinearFactors(equal, 50_000, key("equal")).x;
  const pca = probabilisticPca(principalComponents(rows, 6).eigenvalues, 2);
  const analysis = factorAnalysis(rows, 6, { factors: 2 });
  expect(analysis.logLikelihood - pca.logLikelihood).toBeGreaterThan(0); // it nests PCA
  expect(analysis.logLikelihood - pca.logLikelihood).toBeLessThan(0.001);
});

test("axes are canonical: the posterior covariance of the factors is diagonal, the best known first", () => {
  const { covariance } = linearFactorPosterior(found, x.subarray(0, 6));
  expect(Math.abs(covariance.get(0, 1))).toBeLessThan(1e-8);
  expect(covariance.get(0, 0)).toBeLessThan(covariance.get(1, 1));
});

test("posterior means are the factors that made the rows, up to the error they announce", () => {
  const { mean: means, covariance } = linearFactorPosterior(truth, x);
  for (const k of [0, 1]) {
    const errors = Float64Array.from({ length: 20_000 }, (_, n) => means[2 * n + k]! - factors[2 * n + k]!);
    expect(mean(errors.map((e) => e * e)) / covariance.get(k, k)).toBeCloseTo(1, 1);
  }
});

test("the Student-t of many degrees of freedom is the normal, and of few it prefers rows that are wild together", () => {
  const some = x.subarray(0, 600);
  const normal = linearFactorLogLikelihood(found, some);
  studentFactorLogLikelihood(found, some, 1e7).forEach((value, n) => {
    expect(value).toBeCloseTo(normal[n]!, 3);
  });
  const wildness = normals(key("wild"), 5000).map((e) => Math.exp(0.6 * e - 0.36));
  const wild = x.slice(0, 30_000).map((value, i) => value * wildness[Math.floor(i / 6)]!);
  const fitted = factorAnalysis(wild, 6, { factors: 2 });
  expect(mean(studentFactorLogLikelihood(fitted, wild, 4))).toBeGreaterThan(fitted.logLikelihood + 0.2);
});

test("what makes no sense is refused", () => {
  expect(() => factorAnalysis(x, 6, { factors: 6 })).toThrow(/fewer than the 6 assets/);
  expect(() => factorAnalysis(new Float64Array(600), 6, { factors: 2 })).toThrow(/variance of column 0/);
  expect(() => studentFactorLogLikelihood(found, x, 2)).toThrow(/freedom/);
});

test("no more factors can be told than leave the covariance at least as many numbers as the model has", () => {
  const spare = (a: number, k: number) => (a * (a + 1)) / 2 - (a * (k + 1) - (k * (k - 1)) / 2);
  for (let assets = 3; assets <= 20; assets++) {
    const most = mostFactors(assets);
    expect(spare(assets, most)).toBeGreaterThanOrEqual(0);
    expect(spare(assets, most + 1)).toBeLessThan(0);
  }
  expect([1, 2, 3, 4, 5, 6, 12].map(mostFactors)).toEqual([0, 0, 1, 1, 2, 3, 7]);
});
