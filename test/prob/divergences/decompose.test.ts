import fc from "fast-check";
import { expect, test } from "vitest";
import { cholesky, fromRows, type Matrix } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import {
  type DiagonalGaussians,
  drawDiagonalGaussians,
} from "../../../lib/prob/distributions/diagonalGaussians.js";
import { klNormal } from "../../../lib/prob/distributions/gaussian.js";
import {
  decomposeKl,
  fullWeights,
  gaussianTotalCorrelation,
  klDecomposition,
  minibatchWeights,
  stratifiedWeights,
} from "../../../lib/prob/divergences/decompose.js";

const root = key("decompose");

/** Codes whose means are draws of N(0, covariance − v I), so that q(z) tends to N(0, covariance). */
function codesOfGaussian(covariance: Matrix, v: number, rows: number): DiagonalGaussians {
  const latents = covariance.rows;
  const lower = cholesky(covariance.clone().sub(fromRows(identity(latents)).mul(v)));
  const e = normals(fold(root, "rows"), rows * latents);
  const mean = e.map((_, i) => {
    const [row, k] = [Math.floor(i / latents), i % latents];
    let total = 0;
    for (let j = 0; j <= k; j++) total += lower.get(k, j) * e[row * latents + j]!;
    return total;
  });
  return { rows, latents, mean, logVar: new Float64Array(mean.length).fill(Math.log(v)) };
}

function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
}

const covariance = fromRows([
  [1, 0.7, 0],
  [0.7, 1.5, 0.3],
  [0, 0.3, 0.8],
]);

test("BV-06: the total correlation of a Gaussian aggregate is found, by the full estimator", () => {
  const found = decomposeKl(codesOfGaussian(covariance, 0.15, 1500), { key: root, draws: 2 });
  expect(Math.abs(found.totalCorrelation - gaussianTotalCorrelation(covariance))).toBeLessThan(0.04);
  const dimensionwise = [1, 1.5, 0.8].reduce((sum, v) => sum + klNormal(0, Math.sqrt(v), 0, 1), 0);
  expect(Math.abs(found.dimensionwise - dimensionwise)).toBeLessThan(0.04);
});

test("BV-04: the information is that of a Gaussian channel, and below the KL", () => {
  // one dimension: z = m + e with m ~ N(0, 1 − v), e ~ N(0, v): I = ½ log(1 / v)
  const codes = codesOfGaussian(fromRows([[1]]), 0.2, 2000);
  const { information, analyticKl, totalCorrelation } = decomposeKl(codes, { key: root });
  expect(Math.abs(information - 0.5 * Math.log(5))).toBeLessThan(0.05);
  expect(information).toBeLessThan(analyticKl + 0.05);
  expect(totalCorrelation).toBeCloseTo(0, 12); // one dimension depends on no other
});

test("the total correlation of a Gaussian is zero without correlation and −½ log(1 − ρ²) with it", () => {
  expect(
    gaussianTotalCorrelation(
      fromRows([
        [2, 0],
        [0, 5],
      ]),
    ),
  ).toBeCloseTo(0, 12);
  const rho = 0.9;
  const scaled = fromRows([
    [4, rho * 2 * 3],
    [rho * 2 * 3, 9],
  ]);
  expect(gaussianTotalCorrelation(scaled)).toBeCloseTo(-0.5 * Math.log(1 - rho ** 2), 12);
});

const arbitraryCodes = fc
  .record({ rows: fc.integer({ min: 2, max: 9 }), latents: fc.integer({ min: 1, max: 4 }), seed: fc.nat() })
  .map(({ rows, latents, seed }) => {
    const size = rows * latents;
    const logVar = normals(fold(root, "logVar", seed), size).map((v) => 2 * v - 1);
    return { rows, latents, mean: normals(fold(root, "mean", seed), size).map((v) => 2 * v), logVar };
  });

test("BV-05: the three parts add up to the KL of the draws, for any estimate of q(z)", () => {
  fc.assert(
    fc.property(arbitraryCodes, fc.integer({ min: 9, max: 1000 }), (codes, size) => {
      const z = drawDiagonalGaussians(codes, fold(root, "z"));
      for (const weights of [
        fullWeights(codes.rows),
        minibatchWeights(codes.rows, size),
        stratifiedWeights(codes.rows, size),
      ]) {
        const parts = klDecomposition(codes, z, weights);
        const total = parts.information + parts.totalCorrelation + parts.dimensionwise;
        expect(Math.abs(total - parts.kl)).toBeLessThan(1e-9 * (1 + Math.abs(parts.kl)));
      }
    }),
    { numRuns: 60 },
  );
});

test("BV-05: the KL of many draws tends to its closed form", () => {
  const codes = codesOfGaussian(covariance, 0.3, 60);
  const { kl, analyticKl, information, totalCorrelation, dimensionwise } = decomposeKl(codes, {
    key: root,
    draws: 400,
  });
  expect(Math.abs(kl - analyticKl)).toBeLessThan(0.03);
  expect(information + totalCorrelation + dimensionwise).toBeCloseTo(kl, 10);
});

test("stratified weights sum to one in each row and each column, and put 1/N on the diagonal", () => {
  const [batch, size] = [7, 50];
  const weights = stratifiedWeights(batch, size);
  for (let i = 0; i < batch; i++) {
    let [row, column] = [0, 0];
    for (let j = 0; j < batch; j++) {
      row += Math.exp(weights(i, j));
      column += Math.exp(weights(j, i));
    }
    expect(row).toBeCloseTo(1, 12);
    expect(column).toBeCloseTo(1, 12);
    expect(Math.exp(weights(i, i))).toBeCloseTo(1 / size, 12);
  }
});

test("over batches the stratified estimate is nearer to the full one than the crude estimate", () => {
  const codes = codesOfGaussian(covariance, 0.15, 600);
  const z = drawDiagonalGaussians(codes, fold(root, "draw"));
  const full = klDecomposition(codes, z, fullWeights(600)).totalCorrelation;
  const batch = 60;
  const average = (weights: ReturnType<typeof fullWeights>) => {
    let total = 0;
    for (let from = 0; from < 600; from += batch) {
      const at = (values: Float64Array) => values.subarray(from * 3, (from + batch) * 3);
      const part = { rows: batch, latents: 3, mean: at(codes.mean), logVar: at(codes.logVar) };
      total += klDecomposition(part, at(z), weights).totalCorrelation / 10;
    }
    return total;
  };
  const crude = average(minibatchWeights(batch, 600));
  const stratified = average(stratifiedWeights(batch, 600));
  expect(Math.abs(stratified - full)).toBeLessThan(0.25);
  expect(crude - full).toBeGreaterThan(2); // too large by about (K − 1) log N
});

test("codes that are the prior have no information and no dependence", () => {
  const codes = { rows: 50, latents: 3, mean: new Float64Array(150), logVar: new Float64Array(150) };
  const { information, totalCorrelation, dimensionwise, analyticKl } = decomposeKl(codes, { key: root });
  for (const part of [information, totalCorrelation, dimensionwise, analyticKl])
    expect(part).toBeCloseTo(0, 9);
});

test("a sharp code of N rows tells log N nats of the row, and no more", () => {
  const mean = Float64Array.from({ length: 40 }, (_, i) => i);
  const codes = { rows: 40, latents: 1, mean, logVar: new Float64Array(40).fill(-12) };
  expect(decomposeKl(codes, { key: root }).information).toBeCloseTo(Math.log(40), 9);
});

test("what cannot be is refused with what came", () => {
  const codes = { rows: 2, latents: 1, mean: Float64Array.of(0, Number.NaN), logVar: new Float64Array(2) };
  expect(() => decomposeKl(codes, { key: root })).toThrow(
    "codes: mean[1]: expected a finite number, got NaN",
  );
  expect(() => stratifiedWeights(1, 10)).toThrow("batch: expected an integer of at least 2, got 1");
  expect(() => minibatchWeights(12, 11)).toThrow("dataSize: expected an integer of at least 12, got 11");
});
