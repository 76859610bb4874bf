import { expect, test } from "vitest";
import { normalLogDensity } from "../../../lib/prob/distributions/gaussian.js";
import { integrate } from "../../../lib/prob/distributions/quadrature.js";
import { studentLogDensity } from "../../../lib/prob/distributions/student.js";

/** ∫ f over the line, by x = location + scale · sinh(u). */
function overTheLine(f: (x: number) => number, location: number, scale: number): number {
  return integrate(
    (u) => f(location + scale * Math.sinh(u)) * scale * Math.cosh(u),
    [-60, -20, -8, -3, 0, 3, 8, 20, 60],
  );
}

test.each([
  [1, 0, 1],
  [2.5, -3, 0.2],
  [30, 100, 7],
])("with %d degrees of freedom at %d ± %d it integrates to one", (degrees, location, scale) => {
  const density = (x: number) => Math.exp(studentLogDensity(x, degrees, location, scale));
  expect(overTheLine(density, location, scale)).toBeCloseTo(1, 10);
});

test("its variance is scale² ν/(ν − 2)", () => {
  const square = (x: number) => (x - 1) ** 2 * Math.exp(studentLogDensity(x, 5, 1, 0.3));
  expect(overTheLine(square, 1, 0.3)).toBeCloseTo((0.09 * 5) / 3, 10);
});

test("one degree of freedom is the Cauchy, two have a closed form too", () => {
  expect(studentLogDensity(0, 1, 0, 1)).toBeCloseTo(-Math.log(Math.PI), 13);
  expect(studentLogDensity(3, 1, 1, 2)).toBeCloseTo(-Math.log(2 * Math.PI * 2), 13);
  expect(studentLogDensity(1, 2, 0, 1)).toBeCloseTo(-1.5 * Math.log(3), 13); // (2 + x²)^-3/2
});

test("it tends to the normal as one over the degrees of freedom", () => {
  const gap = (degrees: number) => studentLogDensity(2, degrees, 0.5, 1.5) - normalLogDensity(2, 0.5, 1.5);
  expect(gap(1e6)).toBeCloseTo(0, 5);
  expect(gap(1000) / gap(10_000)).toBeCloseTo(10, 1);
});

test("its tail is a power, not an exponential", () => {
  const fall = studentLogDensity(1e6, 3, 0, 1) - studentLogDensity(1e7, 3, 0, 1);
  expect(fall).toBeCloseTo(4 * Math.log(10), 8);
});

test("degrees of freedom and scale that are not positive are refused by name", () => {
  expect(() => studentLogDensity(0, 0, 0, 1)).toThrow("degreesOfFreedom: expected a positive number, got 0");
  expect(() => studentLogDensity(0, 3, 0, -1)).toThrow("scale: expected a positive number, got -1");
});
