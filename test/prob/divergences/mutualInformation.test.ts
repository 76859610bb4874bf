import { expect, test } from "vitest";
import { fold, integers, key, normals } from "../../../lib/core/random.js";
import {
  classEntropy,
  classMutualInformation,
  equalWidthBins,
  gaussianMutualInformation,
  neighbourMutualInformation,
} from "../../../lib/prob/divergences/mutualInformation.js";

const root = key("mutual information");

test("bins are of equal width over the range, and the largest value is in the last", () => {
  expect(Array.from(equalWidthBins([0, 1, 2, 3, 4, 10], 5))).toEqual([0, 0, 1, 1, 2, 4]);
  expect(Array.from(equalWidthBins([3, 3, 3], 4))).toEqual([0, 0, 0]);
});

test("the entropy of equally frequent classes is the logarithm of their number", () => {
  expect(classEntropy([4, 9, 4, 9, -1, -1])).toBeCloseTo(Math.log(3), 12);
  expect(classEntropy([7, 7])).toBe(0);
});

test("a column tells all of itself, nothing of a constant, and does not care about names", () => {
  const a = Array.from(integers(root, 500, 4));
  expect(classMutualInformation(a, a)).toBeCloseTo(classEntropy(a), 12);
  expect(
    classMutualInformation(
      a,
      a.map((v) => 100 - v),
    ),
  ).toBeCloseTo(classEntropy(a), 12);
  expect(classMutualInformation(a, new Array(500).fill(1))).toBe(0);
});

test("information is symmetric and follows the formula of a binary channel", () => {
  // 100 bits, a tenth of them turned
  const a = Array.from({ length: 1000 }, (_, i) => i % 2);
  const b = a.map((bit, i) => (i % 20 < 2 ? 1 - bit : bit));
  const h = -(0.1 * Math.log(0.1) + 0.9 * Math.log(0.9));
  expect(classMutualInformation(a, b)).toBeCloseTo(Math.log(2) - h, 12);
  expect(classMutualInformation(b, a)).toBeCloseTo(Math.log(2) - h, 12);
});

test("between independent classes the bias is about (|a| − 1)(|b| − 1) / 2N", () => {
  const rows = 400;
  const values = Array.from({ length: 60 }, (_, r) =>
    classMutualInformation(integers(fold(root, "a", r), rows, 20), integers(fold(root, "b", r), rows, 5)),
  );
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  expect(Math.abs(mean - (19 * 4) / (2 * rows))).toBeLessThan(0.012);
});

test.each([0, 0.5, 0.9])("neighbours find the information of normals with correlation %d", (rho) => {
  const x = normals(fold(root, "x"), 2000);
  const e = normals(fold(root, "e"), 2000);
  const y = x.map((v, i) => rho * v + Math.sqrt(1 - rho ** 2) * e[i]!);
  const exact = gaussianMutualInformation(rho);
  expect(Math.abs(neighbourMutualInformation(x, y, 3) - exact)).toBeLessThan(0.05);
  // a monotone map of one side changes nothing but the distances
  expect(
    Math.abs(
      neighbourMutualInformation(
        x.map((v) => v ** 3),
        y,
        3,
      ) - exact,
    ),
  ).toBeLessThan(0.08);
});

test("six points and two neighbours give what the formula gives by hand", () => {
  const x = Float64Array.of(0, 1, 3, 7, 4.5, -2);
  const y = Float64Array.of(0.2, 0.9, 2, 8, 1, -1.5);
  expect(neighbourMutualInformation(x, y, 2)).toBeCloseTo(0.2833333333, 9);
});

test("what cannot be is refused with what came", () => {
  expect(() => gaussianMutualInformation(1)).toThrow("rho: expected a number between -1 and 1, got 1");
  expect(() => classMutualInformation([1, 2], [1])).toThrow("b: expected 2 values, got 1");
  expect(() => neighbourMutualInformation(normals(root, 3), normals(root, 3), 3)).toThrow(
    "rows: expected an integer of at least 4, got 3",
  );
});
