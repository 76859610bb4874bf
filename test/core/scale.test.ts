import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import {
  autocorrelation,
  correlation,
  covariance,
  mean,
  powerOfTwo,
  quantile,
  rootMeanSquare,
  standardDeviation,
  variance,
} from "../../lib/core/stats.js";
import { chiSquareSurvival, logChoose, logGammaRatio, standardNormalQuantile } from "../../lib/core/tails.js";

const root = key("scale");
const x = normals(fold(root, "x"), 50);
const y = x.map((value, i) => 0.5 * value + normals(fold(root, "y"), 50)[i]!);
const times = (values: ArrayLike<number>, unit: number) => Float64Array.from(values, (v) => v * unit);

test.each([1e-200, 1e-100, 1e100, 1e200])(
  "correlations are the same where values have the size %d",
  (unit) => {
    expect(correlation(times([1, 2, 3], unit), times([1, 2, 3], unit))).toBe(1);
    expect(correlation(times(x, unit), times(y, 1 / unit))).toBeCloseTo(correlation(x, y), 13);
    expect(autocorrelation(times(x, unit), 1)).toBeCloseTo(autocorrelation(x, 1), 13);
  },
);

test.each([1e-200, 1e200])(
  "deviations and root mean squares are in the unit of values of size %d",
  (unit) => {
    expect(standardDeviation(times(x, unit)) / unit).toBeCloseTo(standardDeviation(x), 13);
    expect(rootMeanSquare(times([3, 4, 0, 0], unit)) / unit).toBeCloseTo(2.5, 14);
    expect(covariance(times(x, unit), times(y, 1 / unit))).toBeCloseTo(covariance(x, y), 13);
  },
);

test("in ordinary units a standard deviation is the plain formula's to the bit", () => {
  const centre = mean(x);
  const squares = x.reduce((total, v) => total + (v - centre) * (v - centre), 0);
  expect(standardDeviation(x)).toBe(Math.sqrt(squares / 49));
  expect(variance(x)).toBe(squares / 49);
});

test("a correlation never leaves [−1, 1]", () => {
  const column = fc.float64Array({ minLength: 3, maxLength: 8, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(column, fc.constantFrom(1e-150, -0.1, 7), (values, slope) => {
      const rho = correlation(values, times(values, slope));
      expect(Number.isNaN(rho) || Math.abs(rho) <= 1).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("equal values have their own value for a mean and no deviation, whatever their number", () => {
  for (let count = 2; count < 60; count++) {
    const equal = new Float64Array(count).fill(0.1);
    expect(mean(equal)).toBe(0.1);
    expect(standardDeviation(equal)).toBe(0);
  }
});

test("a mean of values whose sum overflows is their mean", () => {
  expect(mean([1.6e308, 1e308])).toBeCloseTo(1.3e308, -295);
  expect(mean([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  expect(mean([1, Number.NaN])).toBeNaN();
  expect(mean([])).toBeNaN();
});

test("a quantile that falls on a value, or between two equal ones, is that value beside infinite ones", () => {
  const { POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down } = Number;
  expect(quantile([1, 2, up], 0.5)).toBe(2);
  expect(quantile([down, down, 0, 1], 0.1)).toBe(down);
  expect(quantile([1, 2, up], 0.75)).toBe(up);
});

test("the unit is the power of two at or below the largest value, also at the ends of float64", () => {
  expect([[3, -5], [0.3], [0, 0], [1]].map(powerOfTwo)).toEqual([4, 0.25, 1, 1]);
  expect(powerOfTwo([Number.MAX_VALUE])).toBe(2 ** 1023);
  expect(powerOfTwo([Number.MIN_VALUE])).toBe(2 ** -1022);
});

test.each([
  // regularised upper incomplete gamma function of mpmath 1.4 at 60 digits
  [75, 1, 4.7071405901403866e-18],
  [200, 2, 3.720075976020836e-44],
  [1400, 19, 1.2760895851616886e-285],
  [900, 300, 3.0852110460656566e-61],
  [30, 19, 0.051798458893023876],
  [1e-3, 1, 0.9747728793699604],
])("beyond %d a chi-square with %d degrees of freedom has a probability of %d", (at, degreesOfFreedom, p) => {
  expect(Math.abs(chiSquareSurvival(at, degreesOfFreedom) / p - 1)).toBeLessThan(1e-13);
});

test("beyond zero a chi-square has all of its probability", () => {
  expect([chiSquareSurvival(0, 3), chiSquareSurvival(-1, 3)]).toEqual([1, 1]);
  expect(chiSquareSurvival(Number.NaN, 3)).toBeNaN();
});

test.each([
  // loggamma of mpmath 1.4 at 60 digits
  [1e15, 0.5, 17.269388197455342],
  [1e-300, 0.5, -690.203162955289],
  [5, 0.5, 0.7797601372707706],
  [1e10, 50, 1151.292546619523],
])("log Γ(%d + %d) less log Γ of the former is %d", (at, step, value) => {
  expect(Math.abs(logGammaRatio(at, step) / value - 1)).toBeLessThan(1e-13);
});

test.each([
  // binomial of mpmath 1.4
  [10, 3, Math.log(120)],
  [1_000_000, 500_000, 693140.0470130637],
  [1000, 1, Math.log(1000)],
])("the logarithm of %d over %d is %d", (n, k, value) => {
  expect(Math.abs(logChoose(n, k) / value - 1)).toBeLessThan(1e-13);
});

test.each([
  // norm.ppf of scipy 1.17
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798409],
  [1e-10, -6.361340902404056],
  [0.025, -1.9599639845400545],
  [0.5, 0],
  [0.9999, 3.719016485455709],
])("a standard normal is below its quantile with probability %d at %d", (probability, z) => {
  expect(Math.abs(standardNormalQuantile(probability) - z)).toBeLessThanOrEqual(1e-12 * Math.abs(z));
});

test("the ends of a normal are infinite, and beyond a probability there is none", () => {
  expect([0, 1].map(standardNormalQuantile)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect([-0.1, 1.1].map(standardNormalQuantile)).toEqual([Number.NaN, Number.NaN]);
});
