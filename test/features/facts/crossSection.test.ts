import { expect, test } from "vitest";
import { fold, key, mean, normals } from "../../../lib/core/index.js";
import { facts, scalingFacts } from "../../../lib/features/index.js";

const root = key("cross section");
const N = 4000;
const common = normals(fold(root, "common"), N);
/** Three assets that load 0.8 on one factor: every pair correlates at 0.64. */
const rows = normals(fold(root, "own"), 3 * N).map((e, i) => 0.8 * common[Math.floor(i / 3)]! + 0.6 * e);

test("assets of one factor correlate at the product of their loadings, and a normal mean has kurtosis 3", () => {
  const [row] = facts.crossSections({ planted: rows }, 3);
  expect(row!["pair correlation"]).toBeCloseTo(0.64, 1);
  expect(Math.abs(row!.kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / N));
  const means = Array.from({ length: N }, (_, n) => mean(rows.subarray(3 * n, 3 * n + 3)));
  expect(row!.worst).toBeCloseTo(Math.min(...means), 14);
});

test("rows without own parts correlate fully", () => {
  const same = Float64Array.from({ length: 2 * N }, (_, i) => common[Math.floor(i / 2)]!);
  expect(facts.crossSections({ same }, 2)[0]!["pair correlation"]).toBeCloseTo(1, 12);
});

test("dividing by a known scale takes away the clusters and the tail that the scale made", () => {
  const scale = Float64Array.from({ length: N }, (_, n) => (Math.floor(n / 100) % 2 === 0 ? 1 : 4));
  const returns = rows.map((value, i) => value * scale[Math.floor(i / 3)]!);
  const [raw, scaled] = scalingFacts({ x: rows, returns }, 3);
  expect(raw!["|r| with the next |r|"]).toBeGreaterThan(0.2);
  expect(Math.abs(scaled!["|r| with the next |r|"])).toBeLessThan(4 / Math.sqrt(N));
  const mixture = (3 * (1 + 4 ** 4)) / 2 / ((1 + 4 ** 2) / 2) ** 2; // 5.3
  expect(Math.abs(raw!.kurtosis - mixture)).toBeLessThan(1);
  expect(Math.abs(scaled!.kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / N));
});
