/** Projections of weights of any size. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { clipAndRenormalise, project, redistribute } from "../../lib/portfolio/constraints/projection.js";

const total = (w: Float64Array) => w.reduce((a, b) => a + b, 0);

test("weights of 1e16 that differ in their last digit keep their order", () => {
  // by hand: the level is 1e16 − 0.6, the second entry is cut to what the cap leaves
  expect(Array.from(project([1e16, 1e16 - 2, 3], { cap: 0.6 }))).toEqual([0.6, expect.closeTo(0.4, 15), 0]);
});

test("a common shift changes nothing, however large", () => {
  const here = project([0.5, 0.25, 0.125, -1], { cap: 0.6 });
  const there = project(
    [0.5, 0.25, 0.125, -1].map((w) => w + 2 ** 49),
    { cap: 0.6 },
  ); // exact sums
  here.forEach((w, a) => {
    expect(there[a]).toBeCloseTo(w, 14);
  });
});

test("small weights beside one of 1e16 are shared by their own differences", () => {
  // cap 0.5: the large one has half, the others the nearest shares of the other half to 0.3, 0.2 and 0.1
  const found = project([1e16, 0.3, 0.2, 0.1], { cap: 0.5 });
  [0.5, 0.5 / 3 + 0.1, 0.5 / 3, 0.5 / 3 - 0.1].forEach((w, a) => {
    expect(found[a]).toBeCloseTo(w, 14);
  });
});

test("a sector of weights of 1e16 is full, and what is outside is shared by its own differences", () => {
  const sectors = [{ name: "large", assets: [0, 1], most: 0.4 }];
  const found = project([1e16, 1e16 - 2, 0.3, 0.1], { sectors });
  [0.4, 0, 0.4, 0.2].forEach((w, a) => {
    expect(found[a]).toBeCloseTo(w, 14);
  });
});

test("with a smallest position the nearest is chosen also among weights of 2⁴⁹", () => {
  const weights = [0.5, 0.28, 0.22, 0.02];
  const here = project(weights, { minimum: 0.1 });
  const there = project(
    weights.map((w) => w + 2 ** 49),
    { minimum: 0.1 },
  );
  here.forEach((w, a) => {
    expect(Math.abs(there[a]! - w)).toBeLessThan(2 ** -3);
  });
  expect(there.filter((w) => w > 0)).toHaveLength(here.filter((w) => w > 0).length);
});

test("the order of weights is never reversed, and they add up to one", () => {
  const size = fc.constantFrom(1e-3, 1, 1e6, 1e16);
  const weights = fc.float64Array({ minLength: 3, maxLength: 9, min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(weights, size, fc.constantFrom(0.4, 0.6, 1), (values, unit, cap) => {
      const x = values.map((v) => v * unit);
      const w = project(x, { cap });
      expect(Math.abs(total(w) - 1)).toBeLessThan(1e-12);
      for (let a = 0; a < x.length; a++)
        for (let b = 0; b < x.length; b++) if (x[a]! > x[b]!) expect(w[a]).toBeGreaterThanOrEqual(w[b]!);
    }),
    { numRuns: 300 },
  );
});

test.each([1e-310, 1e300])("shortcuts depend on the ratios of weights of size %d alone", (unit) => {
  const weights = [6, 3, 1].map((w) => w * unit);
  const [most, next, least] = redistribute(weights, 0.5);
  expect([most, next, least]).toEqual([0.5, expect.closeTo(0.375, 9), expect.closeTo(0.125, 9)]);
  expect(total(clipAndRenormalise(weights, 1e305))).toBeCloseTo(1, 12);
});
