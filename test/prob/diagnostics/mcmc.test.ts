import { expect, test } from "vitest";
import { fold, type Key, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import { mcmcDiagnostics } from "../../../lib/prob/diagnostics/mcmc.js";

const root = key("mcmc");
const length = 1500;

/** Four stationary chains of variance 1 whose lag-one correlation is `phi`. */
function autoregression(phi: number, k: Key, draws = length): Float64Array[] {
  return Array.from({ length: 4 }, (_, c) => {
    const noise = normals(fold(k, c), draws);
    let state = noise[0]!;
    return noise.map((e, i) => {
      if (i > 0) state = phi * state + Math.sqrt(1 - phi * phi) * e;
      return state;
    });
  });
}

const independent = autoregression(0, fold(root, "independent"));

test("independent draws have R-hat one and are worth what they number", () => {
  const judged = mcmcDiagnostics(independent);
  for (const rhat of [judged.rhat, judged.rhatSplit]) expect(Math.abs(rhat - 1)).toBeLessThan(0.006);
  for (const size of [judged.essMean, judged.essBulk, judged.essTail])
    expect(Math.abs(size / (4 * length) - 1)).toBeLessThan(0.1);
  expect(judged.mcseMean).toBeCloseTo(1 / Math.sqrt(4 * length), 3);
});

test.each([0.5, 0.8, 0.95, -0.4])("an autoregression of %d is worth n(1 − φ)/(1 + φ) draws", (phi) => {
  const judged = mcmcDiagnostics(autoregression(phi, fold(root, String(phi)), 4 * length));
  const expected = (16 * length * (1 - phi)) / (1 + phi);
  expect(Math.abs(judged.essMean / expected - 1)).toBeLessThan(0.15);
  expect(Math.abs(judged.essBulk / expected - 1)).toBeLessThan(0.15);
  expect(judged.rhat).toBeLessThan(1.02);
});

test("the Monte-Carlo error is the spread that the mean shows over repeated runs", () => {
  const runs = Array.from({ length: 200 }, (_, i) => autoregression(0.7, fold(root, "repeat", i), 500));
  const means = runs.map((chains) => mean(chains.map((chain) => mean(chain))));
  const claimed = mean(runs.slice(0, 40).map((chains) => mcmcDiagnostics(chains).mcseMean));
  expect(Math.abs(claimed / standardDeviation(means) - 1)).toBeLessThan(0.2); // 4 / √(2·200)
});

test.each([0.5, 1, 5])("chains set apart by %d have the R-hat of their between-chain variance", (shift) => {
  const apart = independent.map((chain, c) => chain.map((value) => value + (c < 2 ? 0 : shift)));
  const judged = mcmcDiagnostics(apart);
  expect(Math.abs(judged.rhatSplit - Math.sqrt(1 + (2 * shift ** 2) / 7))).toBeLessThan(0.02);
  expect(judged.rhat).toBeGreaterThan(1.02);
  expect(judged.essBulk).toBeLessThan(200);
});

test("a chain that drifts is seen although its neighbours drift alike", () => {
  const drifting = independent.map((chain) => chain.map((value, i) => value + (2 * i) / length));
  expect(mcmcDiagnostics(drifting).rhat).toBeGreaterThan(1.05);
});

test("chains of one centre and unequal width are seen by the folded R-hat only", () => {
  const uneven = independent.map((chain, c) => chain.map((value) => value * (c < 2 ? 1 : 3)));
  const judged = mcmcDiagnostics(uneven);
  expect(judged.rhatSplit).toBeLessThan(1.01);
  expect(judged.rhat).toBeGreaterThan(1.1);
});

test("ranks do not notice a monotone change of the parameter, whose mean need not exist", () => {
  const heavy = independent.map((chain) => chain.map((value) => Math.sinh(4 * value)));
  const [plain, warped] = [mcmcDiagnostics(independent), mcmcDiagnostics(heavy)];
  expect(warped.essBulk).toBeCloseTo(plain.essBulk, 6);
  expect(warped.essTail).toBeCloseTo(plain.essTail, 6);
});

test("chains that are missing, short or uneven are refused", () => {
  expect(() => mcmcDiagnostics([])).toThrow("chains: expected at least one with four draws, got 0 draws");
  expect(() => mcmcDiagnostics([[1, 2, 3]])).toThrow("got 3 draws");
  expect(() => mcmcDiagnostics([new Float64Array(8), new Float64Array(7)])).toThrow(
    "chain: expected 8 values, got 7",
  );
});
