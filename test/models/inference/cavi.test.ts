import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import {
  caviCorrelatedGaussian,
  caviGaussian,
  normalGammaEvidence,
} from "../../../lib/models/inference/variational/cavi.js";
import { caviMixture } from "../../../lib/models/inference/variational/caviMixture.js";

const root = key("cavi");

test("VI-10: coordinate ascent finds the means and too small variances of a correlated Gaussian", () => {
  const rho = 0.9;
  const c = 1 / (1 - rho * rho);
  const sweeps = caviCorrelatedGaussian([1, -2], [c, -rho * c, -rho * c, c], { start: [5, 5], sweeps: 200 });
  const last = sweeps[sweeps.length - 1]!;
  expect(last.mean[0]).toBeCloseTo(1, 10);
  expect(last.mean[1]).toBeCloseTo(-2, 10);
  expect(last.variance[0]).toBeCloseTo(0.19, 12);
  expect(Math.abs(sweeps[1]!.mean[0]! - 1) / Math.abs(sweeps[0]!.mean[0]! - 1)).toBeCloseTo(rho * rho, 10); // the rate
});

test("VI-05: the ELBO of a normal sample never falls and stays below the evidence", () => {
  const x = normals(fold(root, "sample"), 40).map((v) => 2 + 3 * v);
  const prior = { mean: 0, strength: 1, shape: 2, rate: 2 };
  const fit = caviGaussian(x, prior);
  fit.history.slice(1).forEach((value, i) => {
    expect(value).toBeGreaterThanOrEqual(fit.history[i]! - 1e-10);
  });
  const gap = normalGammaEvidence(x, prior) - fit.elbo;
  expect(gap).toBeGreaterThan(0);
  expect(gap).toBeLessThan(0.05);
});

test("VI-11: a calm and a wild regime are told apart, their sizes and shares recovered", () => {
  const size = 6000;
  const wild = uniforms(fold(root, "regime"), size).map((u) => (u < 0.3 ? 1 : 0));
  const x = normals(fold(root, "returns"), size).map((v, t) =>
    wild[t] ? -0.002 + 0.02 * v : 0.001 + 0.004 * v,
  );
  const fit = caviMixture(x, { regimes: 2, sweeps: 500 });
  expect(fit.sd[0]! / 0.004).toBeCloseTo(1, 1);
  expect(fit.sd[1]! / 0.02).toBeCloseTo(1, 1);
  expect(Math.abs(fit.weight[1]! - 0.3)).toBeLessThan(0.03);
  expect(Math.abs(fit.mean[0]! - 0.001)).toBeLessThan(4 * Math.sqrt(fit.meanVariance[0]!) + 2e-4);
  fit.history.slice(1).forEach((value, i) => {
    expect(value).toBeGreaterThanOrEqual(fit.history[i]! - 1e-6);
  });
  for (let t = 0; t < size; t++)
    expect(fit.responsibility[2 * t]! + fit.responsibility[2 * t + 1]!).toBeCloseTo(1, 12);
});

test("bad input is refused with what came", () => {
  expect(() => caviGaussian([1, Number.NaN], { mean: 0, strength: 1, shape: 1, rate: 1 })).toThrow(
    "x[1]: expected a finite number, got NaN",
  );
  expect(() => caviCorrelatedGaussian([0, 0], [1], { start: [0, 0], sweeps: 1 })).toThrow(
    "precision: expected 4 values, got 1",
  );
  expect(() => caviMixture([1, 2], { regimes: 0, sweeps: 1 })).toThrow("regimes");
});
