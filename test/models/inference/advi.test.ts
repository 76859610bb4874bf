import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation, variance } from "../../../lib/core/stats.js";
import { linearRegressionTarget } from "../../../lib/models/inference/exact/regression.js";
import {
  advi,
  estimateElbo,
  fitCovariance,
  importanceRatios,
  sampleFit,
} from "../../../lib/models/inference/variational/advi.js";
import { correlatedPair } from "../../support/simpleTargets.js";

const root = key("advi");

test("full rank reaches a correlated Gaussian exactly: its ELBO is the evidence, with no noise", () => {
  const target = correlatedPair(0.9);
  const fit = advi(target, { family: "fullRank", steps: 3000, key: fold(root, "full") });
  const covariance = fitCovariance(fit);
  [1, 0.9, 0.9, 1].forEach((wanted, i) => {
    expect(covariance[i]).toBeCloseTo(wanted, 4);
  });
  expect(fit.mean[0]).toBeCloseTo(1, 4);
  expect(fit.mean[1]).toBeCloseTo(-2, 4);
  const elbo = estimateElbo(target, fit, 1000, fold(root, "elbo"));
  expect(Math.abs(elbo.value)).toBeLessThan(1e-5); // the target is normalised: log evidence 0
  expect(elbo.standardError).toBeLessThan(1e-5);
});

test.each([0.5, 0.9])(
  "VI-10: mean field at correlation %d finds variance 1 − ρ² and the exact gap",
  (rho) => {
    const target = correlatedPair(rho);
    const fit = advi(target, { family: "meanField", steps: 4000, draws: 16, key: fold(root, "mean") });
    for (const variance of [fitCovariance(fit)[0]!, fitCovariance(fit)[3]!]) {
      expect(Math.abs(variance / (1 - rho * rho) - 1)).toBeLessThan(0.03);
    }
    const elbo = estimateElbo(target, fit, 200_000, fold(root, "elbo"));
    expect(Math.abs(-elbo.value - 0.5 * Math.log(1 / (1 - rho * rho)))).toBeLessThan(0.02);
  },
);

test("VI-43: mini-batches find the same posterior as all rows", () => {
  const rows = 400;
  const x = normals(fold(root, "x"), rows * 2);
  const noise = normals(fold(root, "noise"), rows);
  const y = noise.map((e, n) => x[2 * n]! - 0.5 * x[2 * n + 1]! + 0.5 * e);
  const target = linearRegressionTarget({ x, columns: 2, y }, 0.25, 1);
  const options = { family: "fullRank", steps: 6000, key: fold(root, "batch") } as const;
  const full = advi(target, options);
  const batched = advi(target, { ...options, batchSize: 50 });
  for (let p = 0; p < 2; p++) {
    const sd = Math.sqrt(fitCovariance(full)[3 * p]!);
    expect(Math.abs(batched.mean[p]! - full.mean[p]!)).toBeLessThan(0.3 * sd);
    expect(Math.abs(Math.sqrt(fitCovariance(batched)[3 * p]!) / sd - 1)).toBeLessThan(0.15);
  }
});

test("draws follow the fit, and the ratios of an exact fit are constant", () => {
  const target = correlatedPair(0.5);
  const fit = advi(target, { family: "fullRank", steps: 3000, key: fold(root, "draw") });
  const draws = sampleFit(fit, fold(root, "sample"), 50_000);
  const first = draws.filter((_, i) => i % 2 === 0);
  expect(Math.abs(mean(first) - 1)).toBeLessThan(4 / Math.sqrt(50_000));
  expect(Math.abs(variance(first) - 1)).toBeLessThan(4 * Math.sqrt(2 / 50_000));
  expect(standardDeviation(importanceRatios(target, fit, 500, fold(root, "ratios")))).toBeLessThan(1e-4);
});

test("the same key gives the same fit, bit for bit", () => {
  const fits = [1, 2].map(() => advi(correlatedPair(0.7), { family: "fullRank", steps: 50, key: root }));
  expect(fits[0]).toEqual(fits[1]);
});

test("bad input is refused with what came", () => {
  const options = { family: "meanField", steps: 1, key: root } as const;
  expect(() => advi(correlatedPair(0), { ...options, steps: 0 })).toThrow(
    "steps: expected an integer of at least 1, got 0",
  );
  expect(() => advi(correlatedPair(0), { ...options, batchSize: 3 })).toThrow("batchSize");
  const hole = { dimension: 1, evaluate: () => Number.NaN };
  expect(() => advi(hole, options)).toThrow("the ELBO is NaN at step 0");
});
