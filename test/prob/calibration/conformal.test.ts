import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import {
  absoluteScores,
  adaptiveConformal,
  conformalQuantile,
  coverageDistribution,
  quantileBandScores,
} from "../../../lib/prob/calibration/conformal.js";

const root = key("conformal");

test("the exact distribution of coverage: the share of repeats inside its 90 % band is 90 %", () => {
  const [n, alpha, repeats] = [50, 0.1, 2000];
  const distribution = coverageDistribution(n, alpha);
  const band = [distribution.quantile(0.05), distribution.quantile(0.95)] as const;
  // uniform scores: the coverage given the calibration rows is the quantile itself
  const covered = Array.from(
    { length: repeats },
    (_, i) => conformalQuantile(uniforms(fold(root, "distribution", i), n), alpha).quantile,
  );
  const inside = covered.filter((c) => c >= band[0] && c <= band[1]).length / repeats;
  expect(Math.abs(inside - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / repeats));
  expect(Math.abs(mean(covered) - distribution.mean)).toBeLessThan((4 * 0.042) / Math.sqrt(repeats));
  expect(() => coverageDistribution(8, 0.1)).toThrow(RangeError);
});

test("a wrong model is covered all the same; with too few rows the interval has no end", () => {
  const e = normals(fold(root, "wrong"), 4000);
  const value = e.map((z, n) => 3 + (n % 7) * 0.1 + 2 * z);
  const scores = absoluteScores(value, new Float64Array(4000), new Float64Array(4000).fill(0.1)); // bold, biased
  const { quantile } = conformalQuantile(scores.subarray(0, 1000), 0.1);
  const share = mean(scores.subarray(1000).map((s) => (s <= quantile ? 1 : 0)));
  expect(Math.abs(share - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 * (1 / 1000 + 1 / 3000)));
  expect(conformalQuantile(scores.subarray(0, 8), 0.1).quantile).toBe(Number.POSITIVE_INFINITY);
});

test("0.9 · 10 and its like are taken for what they are, not for a little more", () => {
  for (const n of [9, 19, 599, 999]) {
    const scores = Float64Array.from({ length: n }, (_, i) => i + 1);
    expect(conformalQuantile(scores, 0.05).rank).toBe(Math.ceil(Math.round((n + 1) * 95) / 100));
  }
});

test("a band that is too wide is narrowed: the quantile of its scores is negative", () => {
  const y = normals(root, 500);
  const scores = quantileBandScores(y, new Float64Array(500).fill(-10), new Float64Array(500).fill(10));
  expect(conformalQuantile(scores, 0.1).quantile).toBeLessThan(-8);
});

test("under drift the fixed interval loses its coverage; the adaptive one keeps it, with its own guarantee", () => {
  const T = 3000;
  const e = normals(fold(root, "drift"), T + 500);
  const scores = e.map((z, t) => Math.abs(z) * (t < 500 ? 1 : 1 + (2 * (t - 500)) / T));
  const [calibration, later] = [scores.subarray(0, 500), scores.subarray(500)];
  const fixed = conformalQuantile(calibration, 0.1).quantile;
  const missed = mean(later.map((s) => (s > fixed ? 1 : 0)));
  expect(missed).toBeGreaterThan(0.3);
  const gamma = 0.02;
  const adaptive = adaptiveConformal(calibration, later, { alpha: 0.1, gamma, window: 500 });
  expect(Math.abs(adaptive.missRate - 0.1)).toBeLessThan((0.9 + gamma) / (gamma * T)); // Gibbs & Candès, proposition 4.1
  expect(Math.abs(adaptive.missRate - 0.1)).toBeLessThan(0.012);
});

test("changing tomorrow's score leaves today's interval as it was", () => {
  const scores = normals(fold(root, "poke"), 60).map(Math.abs);
  const options = { alpha: 0.1, gamma: 0.05, window: 30 };
  const before = adaptiveConformal(scores.subarray(0, 30), scores.subarray(30), options);
  for (const t of [0, 7, 28]) {
    const changed = scores.slice();
    changed[30 + t] = 99;
    const after = adaptiveConformal(changed.subarray(0, 30), changed.subarray(30), options);
    expect(after.quantile.subarray(0, t + 1)).toEqual(before.quantile.subarray(0, t + 1));
    expect(after.alpha.subarray(0, t + 1)).toEqual(before.alpha.subarray(0, t + 1));
  }
});
