import { expect, test } from "vitest";
import { significance } from "../../../lib/trading/index.js";

test("the paired difference has the mean, the standard error and the interval of the differences", () => {
  const { estimate, standardError, lower, upper, wins } = significance.pairedDifference(
    [3, 5, 7, 9],
    [2, 5, 5, 6],
  );
  // differences 1, 0, 2, 3: mean 1.5, variance 5/3
  expect(estimate).toBeCloseTo(1.5, 12);
  expect(standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
  expect((upper - lower) / 2 / standardError).toBeCloseTo(1.959964, 5);
  expect(wins).toBe(0.75);
});

test("what both share cancels: adding it to either side changes nothing", () => {
  const common = [10, -40, 25];
  const plain = significance.pairedDifference([1, 2, 4], [0, 2, 3]);
  const shifted = significance.pairedDifference(
    common.map((c, n) => c + [1, 2, 4][n]!),
    common.map((c, n) => c + [0, 2, 3][n]!),
  );
  expect(shifted.standardError).toBeCloseTo(plain.standardError, 12);
});

test("pairs of different length are refused", () => {
  expect(() => significance.pairedDifference([1, 2], [1])).toThrow(/b: expected/);
});

test("for a few pairs the interval is Student's: 3.182 standard errors on either side of four", () => {
  const { lower, upper, standardError } = significance.pairedDifference([3, 5, 7, 9], [2, 5, 5, 6], {
    tails: "student",
  });
  expect((upper - lower) / 2 / standardError).toBeCloseTo(3.182446, 5); // any table of t, 3 degrees of freedom
});
