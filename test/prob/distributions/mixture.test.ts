import { expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { klNormal, normalDensity } from "../../../lib/prob/distributions/gaussian.js";
import {
  klMixtures,
  klNormalToMixture,
  klNormalToMixtureMonteCarlo,
  klNormalToStudentT,
  type Mixture,
  mixtureLogDensity,
  scaleMixture,
} from "../../../lib/prob/distributions/mixture.js";
import { integrate } from "../../../lib/prob/distributions/quadrature.js";

const root = key("mixture");
const one = (mean: number, sd: number): Mixture => ({ weight: [1], mean: [mean], sd: [sd] });
const regimes: Mixture = { weight: [0.5, 0.3, 0.2], mean: [-1, 0.5, 3], sd: [0.4, 1, 2] };

test("the density is the weighted sum, integrates to one, and keeps its logarithm in the tail", () => {
  const direct =
    0.5 * normalDensity(0.7, -1, 0.4) + 0.3 * normalDensity(0.7, 0.5, 1) + 0.2 * normalDensity(0.7, 3, 2);
  expect(mixtureLogDensity(0.7, regimes)).toBeCloseTo(Math.log(direct), 13);
  expect(integrate((x) => Math.exp(mixtureLogDensity(x, regimes)), [-21, -1, 0.5, 3, 27])).toBeCloseTo(1, 11);
  expect(mixtureLogDensity(80, one(0, 1))).toBeCloseTo(-3200 - 0.5 * Math.log(2 * Math.PI), 8);
});

test("of one component each it is the closed form between normals", () => {
  for (const [m, s] of [
    [0, 1],
    [2, 0.1],
    [-3, 5],
    [0.5, 1e-4],
  ] as const) {
    expect(klNormalToMixture(m, s, one(0.3, 1.7))).toBeCloseTo(klNormal(m, s, 0.3, 1.7), 9);
    expect(klMixtures(one(0.3, 1.7), one(m, 1 + s))).toBeCloseTo(klNormal(0.3, 1.7, m, 1 + s), 9);
  }
});

test("components that are written twice change nothing, and of equals it is zero", () => {
  const twice: Mixture = {
    weight: [0.2, 0.3, 0.3, 0.2],
    mean: [-1, -1, 0.5, 3],
    sd: [0.4, 0.4, 1, 2],
  };
  expect(klMixtures(twice, regimes)).toBeCloseTo(0, 12);
  expect(klMixtures(regimes, regimes)).toBe(0);
  expect(klNormalToMixture(0, 1 + 1e-9, scaleMixture(0.3, 1, 1))).toBeCloseTo(0, 12);
});

test.each([
  [0, 1],
  [0.8, 0.3],
  [-2, 2],
])("the integral for N(%d, %d²) agrees with draws", (mean, sd) => {
  for (const p of [regimes, scaleMixture(0.25, 1, 0.05)]) {
    const drawn = klNormalToMixtureMonteCarlo({ mean, sd }, p, {
      draws: 40_000,
      key: fold(root, String(mean)),
    });
    expect(Math.abs(drawn.value - klNormalToMixture(mean, sd, p)) / drawn.standardError).toBeLessThan(4);
    expect(drawn.standardError).toBeGreaterThan(0);
  }
});

test("a slab of share π costs its own normal no more than −log π, and just that as the spike vanishes", () => {
  const cost = (narrow: number) => klNormalToMixture(0, 1, scaleMixture(0.25, 1, narrow));
  expect(cost(0.3)).toBeLessThan(cost(0.03));
  for (const narrow of [0.3, 0.03, 1e-3]) expect(cost(narrow)).toBeLessThan(-Math.log(0.25));
  expect(cost(1e-6)).toBeCloseTo(-Math.log(0.25), 4);
});

test("a spike that narrows takes a normal infinitely far away: its share of log 10 a decade", () => {
  const distance = (narrow: number) => klMixtures(scaleMixture(0.3, 1, narrow), one(0, 1));
  for (const narrow of [1e-4, 1e-6, 1e-8])
    expect(distance(narrow / 10) - distance(narrow)).toBeCloseTo(0.7 * Math.log(10), 2);
});

test("a Student-t of many degrees of freedom is a normal, and of few it forgives a far mean", () => {
  expect(klNormalToStudentT(0.4, 0.7, 1e7, 1.3)).toBeCloseTo(klNormal(0.4, 0.7, 0, 1.3), 5);
  expect(klNormalToStudentT(20, 0.7, 3, 1)).toBeLessThan(0.1 * klNormal(20, 0.7, 0, 1));
});

test("negative or incomplete weights and a width of nothing are refused by name", () => {
  expect(() => klMixtures(one(0, 1), { weight: [1.5, -0.5], mean: [0, 1], sd: [1, 1] })).toThrow(
    "p.weight[1]: expected at least 0, got -0.5",
  );
  expect(() => klMixtures({ weight: [0.5, 0.4], mean: [0, 1], sd: [1, 1] }, regimes)).toThrow(
    "q: expected weights that sum to 1, got 0.9",
  );
  expect(() => klNormalToMixture(0, 1, scaleMixture(0.5, 1, 0))).toThrow(
    "p.sd[1]: expected a positive number, got 0",
  );
  expect(() => klMixtures({ weight: [1], mean: [0, 1], sd: [1] }, regimes)).toThrow(
    "q.mean: expected 1 values, got 2",
  );
});

test("a prior too narrow for float64 is infinitely far, at once", () => {
  expect(klNormalToMixture(0, 1, one(0, 1e-200))).toBe(Number.POSITIVE_INFINITY);
});
