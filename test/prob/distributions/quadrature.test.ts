import { expect, test } from "vitest";
import { normalDensity } from "../../../lib/prob/distributions/gaussian.js";
import { expectNormal, gaussHermite, integrate } from "../../../lib/prob/distributions/quadrature.js";

test("Gauss–Hermite is exact for the moments of a normal", () => {
  expect(expectNormal((x) => x ** 2, 1, 2, 5)).toBeCloseTo(5, 12);
  expect(expectNormal((x) => x ** 8, 0, 1, 5)).toBeCloseTo(105, 8);
  expect(gaussHermite(40).weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test("a spike a thousandth wide is found when a break lies on it", () => {
  const f = (x: number) => 0.5 * normalDensity(x, 0.2, 1e-3) + 0.5 * normalDensity(x, 0, 1);
  expect(integrate(f, [-12, 0.19, 0.2, 0.21, 12])).toBeCloseTo(1, 10);
});

test("known integrals", () => {
  expect(integrate(Math.sin, [0, Math.PI])).toBeCloseTo(2, 13);
  expect(integrate(Math.sqrt, [0, 1])).toBeCloseTo(2 / 3, 9);
  expect(() => integrate(Math.sin, [1, 0])).toThrow("breaks: expected at least two, ascending, got 1, 0");
});

test("pieces whose halves cancel end, and so does an integrand that is rounding error alone", () => {
  expect(integrate(Math.sin, [-1, 1])).toBeCloseTo(0, 14);
  const residue = (x: number) => (Math.log(Math.exp(x)) - x) * 1e-3;
  expect(integrate(residue, [0.1, 2], { absolute: 1e-18 })).toBeCloseTo(0, 16);
});

test("an integrand that is not finite gives an integral that is not, at once", () => {
  expect(integrate(() => Number.NaN, [0, 1])).toBeNaN();
  expect(integrate((x) => (x > 0.5 ? Number.POSITIVE_INFINITY : 1), [0, 1])).toBe(Number.POSITIVE_INFINITY);
});
