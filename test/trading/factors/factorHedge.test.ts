import fc from "fast-check";
import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import {
  factorExposures,
  factorHedge,
  hedgeInstruments,
  portfolioExposures,
} from "../../../lib/trading/factors/factorHedge.js";

const root = key("factor hedge");
const bars = 4000;
const factors = [0, 1].map((k) => normals(fold(root, "factor", k), bars));
const truth = [
  [1, 0.5],
  [0.8, -0.2],
  [0, 2],
];
const returns = truth.map(([a, b], i) =>
  normals(fold(root, "own", i), bars).map(
    (e, t) => 0.1 + a! * factors[0]![t]! + b! * factors[1]![t]! + 0.5 * e,
  ),
);
const exposures = factorExposures(returns, factors);
const exposureOf = (w: ArrayLike<number>, f: number) =>
  Array.from(w).reduce((total, v, a) => total + v * exposures.slopes.get(a, f), 0);

test("exposures are the slopes that made the returns, the others held", () => {
  truth.forEach((row, a) => {
    row.forEach((slope, f) => {
      expect(Math.abs(exposures.slopes.get(a, f) - slope)).toBeLessThan(0.04);
    });
    expect(exposures.ownVariance[a]).toBeCloseTo(0.25, 1);
  });
  expect(exposures.explained[0]).toBeCloseTo(1.25 / 1.5, 1);
});

test("a portfolio's exposures are those of its own returns", () => {
  const weights = [0.5, -1, 2];
  const own = returns[0]!.map((_, t) => weights.reduce((total, w, a) => total + w * returns[a]![t]!, 0));
  const direct = factorExposures([own], factors).slopes.getRow(0);
  portfolioExposures(weights, exposures).forEach((slope, f) => {
    expect(slope).toBeCloseTo(direct[f]!, 10);
  });
  expect(() => portfolioExposures([1, 2], exposures)).toThrow("weights: expected 3");
});

test("BV-31: the hedge takes one exposure to zero and leaves the other where it was", () => {
  const weight = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(weight, weight, weight), fc.integer({ min: 0, max: 1 }), (w, f) => {
      const hedge = factorHedge(w, exposures, f);
      const after = w.map((v, a) => v + hedge[a]!);
      expect(exposureOf(after, f)).toBeCloseTo(0, 9);
      expect(exposureOf(after, 1 - f)).toBeCloseTo(exposureOf(w, 1 - f), 9);
    }),
  );
});

test("of all such hedges it is the one with the least own variance", () => {
  const w = [1, 1, 0];
  const hedge = factorHedge(w, exposures, 0);
  const own = (h: ArrayLike<number>) =>
    Array.from(h).reduce((total, v, a) => total + v * v * exposures.ownVariance[a]!, 0);
  // a direction without exposure to either factor: the cross product of the slopes
  const [x, y] = [exposures.slopes.getColumn(0), exposures.slopes.getColumn(1)] as [number[], number[]];
  const free = [0, 1, 2].map((i) => x[(i + 1) % 3]! * y[(i + 2) % 3]! - x[(i + 2) % 3]! * y[(i + 1) % 3]!);
  for (const step of [-0.1, 0.1])
    expect(own(hedge.map((v, a) => v + step * free[a]!))).toBeGreaterThan(own(hedge));
});

test("BV-32: a factor is hedged with what moves by it alone", () => {
  const variances = [1, 1];
  expect(hedgeInstruments(exposures, 1, variances)[0]!.instrument).toBe(2);
  expect(hedgeInstruments(exposures, 0, variances)[0]!.instrument).toBe(1);
  const pure = hedgeInstruments(
    {
      ...exposures,
      slopes: fromRows([
        [1, 0],
        [1, 1],
      ]),
      ownVariance: Float64Array.of(0, 1),
    },
    0,
    variances,
  );
  expect(pure.map(({ purity }) => purity)).toEqual([1, 1 / 3]);
});

test("too few instruments, factors that follow from each other and unknown factors are refused", () => {
  const one = { slopes: fromRows([[1, 2]]), ownVariance: Float64Array.of(1) };
  expect(() => factorHedge([1], one, 0)).toThrow(/instruments/);
  expect(() => factorExposures(returns, [factors[0]!, factors[0]!.map((v) => 2 * v)])).toThrow(/factors/);
  expect(() => factorHedge([1, 1, 1], exposures, 2)).toThrow(/factor: expected/);
});
