import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, variance } from "../../../lib/core/stats.js";
import {
  hierarchicalLogJoint,
  hierarchicalLogMarginal,
  inverseSoftplus,
  localReparameterisation,
  softplus,
} from "../../../lib/prob/distributions/priors.js";
import { integrate } from "../../../lib/prob/distributions/quadrature.js";
import { studentLogDensity } from "../../../lib/prob/distributions/student.js";

test("softplus is log(1 + eˣ), the identity far right and eˣ far left", () => {
  expect(softplus(0)).toBeCloseTo(Math.LN2, 15);
  expect(softplus(1)).toBeCloseTo(Math.log(1 + Math.E), 14);
  expect(softplus(800)).toBe(800);
  expect(softplus(-40) / Math.exp(-40)).toBeCloseTo(1, 14);
});

test("the inverse undoes it over six hundred orders of magnitude", () => {
  fc.assert(
    fc.property(fc.double({ min: -300, max: 300, noNaN: true }), (exponent) => {
      const y = 10 ** exponent;
      expect(softplus(inverseSoftplus(y)) / y).toBeCloseTo(1, 10);
    }),
  );
  expect(() => inverseSoftplus(0)).toThrow("y: expected a positive number, got 0");
});

test.each([
  [[0.3], { shape: 2, rate: 1.5 }],
  [[0.3, -1.2, 2], { shape: 0.7, rate: 0.2 }],
  [[5, 5, -5, 0.1, 0], { shape: 3, rate: 4 }],
])("the marginal of %j is the integral of the joint over the variance", (w, prior) => {
  const joint = (logVar: number) => Math.exp(hierarchicalLogJoint(w, Math.exp(logVar), prior) + logVar);
  const numeric = integrate(joint, [-20, -10, -5, -2, 0, 2, 5, 10, 30, 60]);
  expect(hierarchicalLogMarginal(w, prior)).toBeCloseTo(Math.log(numeric), 9);
});

test("the joint without weights is the inverse-gamma density, which integrates to one", () => {
  const prior = { shape: 2.5, rate: 0.8 };
  const density = (logVar: number) => Math.exp(hierarchicalLogJoint([], Math.exp(logVar), prior) + logVar);
  expect(integrate(density, [-12, -5, -2, 0, 2, 5, 20])).toBeCloseTo(1, 11);
  expect(hierarchicalLogMarginal([], prior)).toBeCloseTo(0, 13);
});

test("the marginal of one weight is a Student-t, heavier in the tail than a normal", () => {
  const prior = { shape: 2, rate: 3 };
  for (const w of [-4, 0, 0.5, 30])
    expect(hierarchicalLogMarginal([w], prior)).toBeCloseTo(studentLogDensity(w, 4, 0, Math.sqrt(1.5)), 12);
});

test("weights that share an unknown variance are not independent", () => {
  const prior = { shape: 2, rate: 3 };
  expect(hierarchicalLogMarginal([4, 4], prior)).toBeGreaterThan(
    2 * hierarchicalLogMarginal([4], prior) + 0.5,
  );
});

test("pre-activations have the mean and variance of sums over drawn weights", () => {
  const [x, mu, rho] = [
    [0.5, -2],
    [1, 0.3],
    [0.2, -1],
  ];
  const { mean: centre, variance: spread } = localReparameterisation([x], [mu], [rho]);
  expect(centre[0]![0]).toBeCloseTo(0.5 - 0.6, 14);
  expect(spread[0]![0]).toBeCloseTo(0.25 * softplus(0.2) ** 2 + 4 * softplus(-1) ** 2, 14);
  const count = 100_000;
  const noise = normals(fold(key("priors"), "weights"), 2 * count);
  const sums = Float64Array.from({ length: count }, (_, s) =>
    x.reduce((total, value, i) => total + value * (mu[i]! + softplus(rho[i]!) * noise[2 * s + i]!), 0),
  );
  expect(Math.abs(mean(sums) - centre[0]![0]!)).toBeLessThan(4 * Math.sqrt(spread[0]![0]! / count));
  expect(Math.abs(variance(sums) / spread[0]![0]! - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
});

test("rows and outputs keep their places", () => {
  const { mean: centre } = localReparameterisation(
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  );
  expect(centre.map((row) => Array.from(row))).toEqual([
    [1, 3, 5],
    [2, 4, 6],
  ]);
});

test("a shape, rate or variance that is not positive is refused by name", () => {
  expect(() => hierarchicalLogMarginal([1], { shape: 0, rate: 1 })).toThrow(
    "shape: expected a positive number",
  );
  expect(() => hierarchicalLogJoint([1], 1, { shape: 1, rate: -1 })).toThrow(
    "rate: expected a positive number",
  );
  expect(() => hierarchicalLogJoint([1], 0, { shape: 1, rate: 1 })).toThrow(
    "variance: expected a positive number",
  );
});
