import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import {
  autocorrelation,
  autocorrelationError,
  correlation,
  covariance,
  fittedLine,
  logSumExp,
  mean,
  median,
  quantile,
  standardDeviation,
  sum,
  variance,
} from "../../lib/core/stats.js";

const sample = [3.5, -1.25, 8, 0.5, 2.75, -6, 4.125];
const other = [1, 2, -1, 0.5, 3, -2, 4];

test("a sum keeps what plain addition loses, whichever number is the larger", () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  expect(sum([1e16, 1, 1, -1e16])).toBe(2);
  expect(sum(new Float64Array(10).fill(0.1))).toBe(1);
  expect(sum([])).toBe(0);
});

test("a sum with an infinity is that infinity, and with both it is not a number", () => {
  expect(sum([1, Number.NEGATIVE_INFINITY, 2])).toBe(Number.NEGATIVE_INFINITY);
  expect(sum([Number.POSITIVE_INFINITY, 1])).toBe(Number.POSITIVE_INFINITY);
  expect(sum([1e308, 1e308])).toBe(Number.POSITIVE_INFINITY);
  expect(sum([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBeNaN();
});

test("variances divide by n − ddof, one unless told", () => {
  expect(variance([1, 2, 3, 4])).toBeCloseTo(5 / 3, 14);
  expect(variance([1, 2, 3, 4], 0)).toBeCloseTo(5 / 4, 14);
  expect(variance(sample)).toBeCloseTo(19.8891369047619, 12);
  expect(variance(sample, 0)).toBeCloseTo(17.04783163265306, 12);
  expect(standardDeviation(sample)).toBeCloseTo(4.459723859698255, 13);
});

test("a variance survives a mean a billion times larger", () => {
  expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30);
});

test("covariance and correlation are those of numpy, and blind to a change of unit", () => {
  expect(covariance(sample, other)).toBeCloseTo(2.924107142857143, 12);
  expect(covariance(sample, other, 0)).toBeCloseTo((2.924107142857143 * 6) / 7, 12);
  expect(correlation(sample, other)).toBeCloseTo(0.3078665239887004, 13);
  expect(
    correlation(
      sample.map((v) => 5 - 1000 * v),
      other,
    ),
  ).toBeCloseTo(-0.3078665239887004, 12);
  expect(() => covariance(sample, [1])).toThrow("y: expected 7 values, got 1");
});

test.each([
  [0, -6],
  [0.05, -4.575],
  [0.1, -3.15],
  [0.25, -0.375],
  [0.33, 0.465],
  [0.5, 2.75],
  [0.75, 3.8125],
  [0.9, 5.675],
  [0.999, 7.97675],
  [1, 8],
])("the quantile at %d is numpy's, %d", (probability, expected) => {
  expect(quantile(sample, probability)).toBeCloseTo(expected, 12);
});

test("a quantile leaves its sample in order, takes the middle for a median and refuses 2", () => {
  const before = [10, 9, 100, 1];
  expect(median(before)).toBe(9.5);
  expect(before).toEqual([10, 9, 100, 1]);
  expect(quantile([7], 0.3)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
  expect(() => quantile(sample, 2)).toThrow("probability: expected a number in [0, 1], got 2");
  expect(() => quantile(sample, Number.NaN)).toThrow("got NaN");
});

test("logSumExp holds where exp over- and underflows", () => {
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 12);
  expect(logSumExp([-1000, -1000, -1000])).toBeCloseTo(-1000 + Math.log(3), 12);
  expect(logSumExp([0, -800])).toBe(0);
  expect(logSumExp([Math.log(0.2), Math.log(0.3), Number.NEGATIVE_INFINITY])).toBeCloseTo(Math.log(0.5), 14);
  expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
  expect(logSumExp([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
  expect(logSumExp([3, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  expect(logSumExp([3, Number.NaN])).toBeNaN();
});

test("logSumExp moves with its arguments and lies above the largest by at most log n", () => {
  const numbers = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(numbers, fc.double({ min: -1e4, max: 1e4, noNaN: true }), (x, shift) => {
      expect(logSumExp(x.map((v) => v + shift))).toBeCloseTo(logSumExp(x) + shift, 8);
      expect(logSumExp(x)).toBeGreaterThanOrEqual(Math.max(...x));
      expect(logSumExp(x)).toBeLessThanOrEqual(Math.max(...x) + Math.log(x.length) + 1e-12);
    }),
  );
});

test("autocorrelation is one at lag zero and counts the whole sample's variance at any other", () => {
  expect(autocorrelation(sample, 0)).toBeCloseTo(1, 14);
  expect(autocorrelation([1, 2, 3, 4], 1)).toBeCloseTo(0.25, 14); // (0.75 − 0.25 + 0.75) / 5
  expect(autocorrelation([1, 2, 3, 4], 3)).toBeCloseTo(-0.45, 14); // −2.25 / 5
  const alternating = Array.from({ length: 1000 }, (_, i) => (i % 2 ? 1 : -1));
  expect(autocorrelation(alternating, 1)).toBeCloseTo(-0.999, 12);
  expect(autocorrelation(alternating, 2)).toBeCloseTo(0.998, 12);
});

test("the autocorrelation of an autoregression falls as its power", () => {
  const noise = normals(fold(key("stats"), "autoregression"), 100_000);
  let state = 0;
  const x = noise.map((e) => {
    state = 0.8 * state + e;
    return state;
  });
  for (const lag of [1, 2, 5])
    expect(Math.abs(autocorrelation(x, lag) - 0.8 ** lag)).toBeLessThan(4 * Math.sqrt(4.6 / x.length));
});

test("the mean of nothing is not a number", () => {
  expect(mean([])).toBeNaN();
  expect(mean([1, 2, 6])).toBe(3);
});

test("a fitted line has the slope, intercept and error worked out by hand", () => {
  const { slope, intercept, error } = fittedLine([0, 1, 2, 3], [1, 3, 5, 8]);
  expect(slope).toBeCloseTo(2.3, 12);
  expect(intercept).toBeCloseTo(0.8, 12);
  expect(error).toBeCloseTo(Math.sqrt(0.3 / 2 / 5), 12);
  expect(() => fittedLine([1, 1, 1], [1, 2, 3])).toThrow("vary");
  expect(() => fittedLine([1, 2], [1, 2])).toThrow("three");
});

test("the error of an autocorrelation is one over the root of the length for independent values, and covers with clustered sizes", () => {
  const x = normals(fold(key("memory"), "x"), 40_000);
  expect(autocorrelationError(x, 1) * 200).toBeCloseTo(1, 1);
  // Signs are independent, sizes last for 50 bars: two errors must cover about 95 % of the autocorrelations, where 1 / √T covers fewer.
  let [covered, naive] = [0, 0];
  for (let path = 0; path < 400; path++) {
    const noise = normals(fold(key("memory"), path), 2000);
    const size = normals(fold(key("memory"), "size", path), 40);
    const r = noise.map((e, t) => e * Math.exp(size[Math.floor(t / 50)]!));
    const found = Math.abs(autocorrelation(r, 1));
    if (found < 2 * autocorrelationError(r, 1)) covered++;
    if (found < 2 / Math.sqrt(r.length)) naive++;
  }
  expect(covered / 400).toBeGreaterThan(0.9);
  expect(naive / 400).toBeLessThan(0.85);
});
