import { expect, test } from "vitest";
import { fromRows, Matrix, symmetricEigen } from "../../../lib/core/linalg.js";
import { key, normals } from "../../../lib/core/random.js";
import { covariance } from "../../../lib/core/stats.js";
import {
  exponentialCovariance,
  factorCovariance,
  sampleCovariance,
  shrunkToEqualCorrelation,
  shrunkToIdentity,
} from "../../../lib/portfolio/optimise/covariance.js";
import { minimumVariance } from "../../../lib/portfolio/optimise/meanVariance.js";
import { riskParity } from "../../../lib/portfolio/optimise/riskParity.js";

/** Returns without randomness, [60, 4], the same in every language. */
const returns = new Matrix(60, 4);
for (let t = 0; t < 60; t++) {
  for (let a = 0; a < 4; a++) {
    const wave = 0.02 * Math.sin(1.7 * t * (a + 1) + a * a) + 0.004 * a * Math.cos(0.9 * t * t);
    returns.set(t, a, wave + 0.01 * Math.cos(0.37 * t * t));
  }
}

/** Two pairs that move together, each by its own wave. */
const uneven = new Matrix(60, 4);
for (let t = 0; t < 60; t++) {
  for (let a = 0; a < 4; a++) {
    const pair = 0.02 * Math.cos((a < 2 ? 0.37 : 0.77) * t * t);
    uneven.set(t, a, 0.01 * Math.sin(1.7 * t * (a + 1) + a * a) + pair);
  }
}

function expectRow(matrix: Matrix, row: number, wanted: readonly number[]): void {
  wanted.forEach((value, a) => {
    expect(Math.abs(matrix.get(row, a) - value)).toBeLessThan(1e-15);
  });
}

// VI-36
test("the sample covariance is that of each pair", () => {
  const sample = sampleCovariance(returns);
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++)
      expect(sample.get(i, j)).toBeCloseTo(covariance(returns.getColumn(i), returns.getColumn(j)), 16);
});

test("shrinkage to the identity is scikit-learn's", () => {
  const shrunk = shrunkToIdentity(returns);
  expect(shrunk.intensity).toBeCloseTo(0.2508778105124488, 12);
  expectRow(
    shrunk.covariance,
    0,
    [2.468963313944684e-4, 4.275361501712704e-5, 3.530867046514888e-5, 3.866366263195991e-5],
  );
  expectRow(
    shrunk.covariance,
    1,
    [4.275361501712704e-5, 3.0039027820178e-4, 7.59354694842307e-5, 9.163960591128436e-5],
  );
});

test("shrinkage to equal correlations is that of its authors' program, where it is whole", () => {
  const { covariance: shrunk, intensity } = shrunkToEqualCorrelation(returns);
  expect(intensity).toBe(1);
  expectRow(
    shrunk,
    0,
    [2.311910192936393e-4, 7.22746666259624e-5, 7.190300533210919e-5, 7.682289025065513e-5],
  );
  expectRow(
    shrunk,
    1,
    [7.22746666259624e-5, 3.025998596110045e-4, 8.226136737455718e-5, 8.789001194728022e-5],
  );
});

test("shrinkage to equal correlations is that of its authors' program, where it is partial", () => {
  const { covariance: shrunk, intensity } = shrunkToEqualCorrelation(uneven);
  expect(intensity).toBeCloseTo(0.0849999419541446, 12);
  expectRow(
    shrunk,
    0,
    [2.380448305478977e-4, 1.977657319832409e-4, 7.892915674128179e-6, 8.257962909499776e-6],
  );
});

test("exponential weights are those of pandas", () => {
  expectRow(
    exponentialCovariance(returns, 10),
    0,
    [1.65486330980852e-4, 1.547042385355503e-5, 1.53936747107957e-5, 1.35950759564922e-5],
  );
  const even = exponentialCovariance(returns, 1e9);
  expect(even.get(0, 1)).toBeCloseTo((sampleCovariance(returns).get(0, 1) * 59) / 60, 10);
});

test("all factors give back the sample, one keeps the variances and a rank of one between assets", () => {
  expect(Matrix.sub(factorCovariance(returns, 4), sampleCovariance(returns)).norm()).toBeLessThan(1e-16);
  const one = factorCovariance(returns, 1);
  expect(one.get(2, 2)).toBe(sampleCovariance(returns).get(2, 2));
  expect(one.get(0, 1) * one.get(2, 3)).toBeCloseTo(one.get(0, 2) * one.get(1, 3), 16);
  expect(() => factorCovariance(returns, 5)).toThrow("factors: expected at most 4, got 5");
});

test("shrinkage falls as bars are added", () => {
  const z = normals(key("shrink"), 4000 * 3);
  const market = new Matrix(4000, 3);
  for (let t = 0; t < 4000; t++) {
    for (let a = 0; a < 3; a++) market.set(t, a, (a + 1) * z[3 * t + a]! + z[3 * t]!);
  }
  const at = (rows: number) => shrunkToIdentity(market.subMatrix(0, rows - 1, 0, 2)).intensity;
  expect(at(4000)).toBeLessThan(at(400));
  expect(at(400)).toBeLessThan(at(20));
});

test("fewer bars than assets: shrinkage and factors are of full rank, and every estimate can be optimised", () => {
  const z = normals(key("few"), 5 * 12);
  const few = new Matrix(5, 12);
  for (let t = 0; t < 5; t++) for (let a = 0; a < 12; a++) few.set(t, a, 0.02 * z[12 * t + a]!);
  const estimates = [
    sampleCovariance(few),
    exponentialCovariance(few, 3),
    shrunkToIdentity(few).covariance,
    shrunkToEqualCorrelation(few).covariance,
    factorCovariance(few, 2),
  ];
  const smallest = estimates.map((estimate) => symmetricEigen(estimate).values.at(-1)!);
  expect(smallest[0]).toBeLessThan(1e-15);
  for (const value of smallest.slice(2)) expect(value).toBeGreaterThan(1e-6);
  for (const estimate of estimates)
    expect(minimumVariance(estimate).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  for (const estimate of estimates.slice(2)) expect(riskParity(estimate).every((w) => w > 0)).toBe(true);
});

test("bad returns are named", () => {
  expect(() => sampleCovariance(new Matrix([[0.1, 0.2]]))).toThrow(
    "rows of returns: expected an integer of at least 2, got 1",
  );
  const flat = new Matrix([
    [0.1, 0],
    [0.2, 0],
  ]);
  expect(() => shrunkToEqualCorrelation(flat)).toThrow("variance[1]: expected a positive number, got 0");
  expect(() => exponentialCovariance(returns, 0)).toThrow("halfLife");
});

test("a return that is no number is named by row and asset, with what leaves it out", () => {
  const holed = fromRows([
    [0.01, 0.02],
    [0.03, Number.NaN],
    [0.02, 0.01],
  ]);
  for (const estimate of [sampleCovariance, shrunkToIdentity, (r: Matrix) => exponentialCovariance(r, 2)])
    expect(() => estimate(holed)).toThrow(/returns, row 1, asset 1: .* got NaN; wholeRows/);
});
