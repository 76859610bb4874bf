import fc from "fast-check";
import { expect, test } from "vitest";
import { atExposure } from "../../lib/trading/exposure.js";

const meanSize = (w: ArrayLike<number>) => Array.from(w).reduce((t, x) => t + Math.abs(x), 0) / w.length;

test("the mean size is the wanted one, and no weight changes its share of the whole", () => {
  const weights = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(weights, fc.double({ min: 0.01, max: 2, noNaN: true }), (w, exposure) => {
      fc.pre(meanSize(w) > 1e-6);
      const made = atExposure(w, exposure);
      expect(meanSize(made)).toBeCloseTo(exposure, 12);
      made.forEach((x, n) => {
        expect(x * meanSize(w)).toBeCloseTo(w[n]! * exposure, 12);
      });
    }),
  );
});

test("a rule that holds nothing anywhere stays flat", () => {
  expect(atExposure([0, 0, 0], 0.2)).toEqual(Float64Array.of(0, 0, 0));
});

test("a weight that is no number is named, and an exposure of nothing refused", () => {
  expect(() => atExposure([0.1, Number.NaN], 0.2)).toThrow("weights[1]: expected a finite number, got NaN");
  expect(() => atExposure([0.1], 0)).toThrow(/exposure/);
  expect(() => atExposure([], 0.2)).toThrow("weights: expected at least one, got none");
});
