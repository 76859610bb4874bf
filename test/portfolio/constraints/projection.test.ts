import fc from "fast-check";
import { expect, test } from "vitest";
import { Matrix } from "../../../lib/core/linalg.js";
import { checkWithin, largestReturn } from "../../../lib/portfolio/constraints/limits.js";
import {
  type Constraints,
  clipAndRenormalise,
  project,
  projectAll,
  redistribute,
} from "../../../lib/portfolio/constraints/projection.js";
import { solveQuadraticProgram } from "../../../lib/portfolio/solver/quadraticProgram.js";

const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 12 });
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.hypot(...Array.from(a, (x, i) => x - b[i]!));
const even = (size: number) => Array.from({ length: Math.floor(size / 2) }, (_, i) => 2 * i);

/** The same by a quadratic program. */
function byProgram(
  x: readonly number[],
  { cap = 1, longOnly = true, sectors = [] }: Constraints,
): Float64Array {
  const size = x.length;
  return solveQuadraticProgram({
    quadratic: Matrix.eye(size, size),
    linear: Float64Array.from(x, (value) => -value),
    lower: new Float64Array(size).fill(longOnly ? 0 : -cap),
    upper: new Float64Array(size).fill(cap),
    equal: [{ coefficients: new Float64Array(size).fill(1), value: 1 }],
    atMost: sectors.map(({ assets, most }) => ({
      coefficients: Float64Array.from(x, (_, a) => Number(assets.includes(a))),
      value: most,
    })),
  });
}

// VP-09, VP-12
test("clipping and renormalising breaks the cap that it was to keep; the projection keeps it", () => {
  const weights = [0.7, 0.2, 0.06, 0.04];
  const shortcut = clipAndRenormalise(weights, 0.3);
  expect(shortcut[0]).toBeCloseTo(0.5, 12);
  expect(() => checkWithin(shortcut, { cap: 0.3 })).toThrow("weights[0]: expected 0 … 0.3, got 0.5");
  checkWithin(project(weights, { cap: 0.3 }), { cap: 0.3 }, 1e-15);
  checkWithin(redistribute(weights, 0.3), { cap: 0.3 }, 1e-15);
});

test("weights that already keep the limits stay as they are", () => {
  const weights = [0.3, 0.3, 0.2, 0.2];
  expect(distance(project(weights, { cap: 0.3, minimum: 0.1 }), weights)).toBeLessThan(1e-15);
  expect(distance(redistribute(weights, 0.3), weights)).toBeLessThan(1e-15);
});

// VP-07, VP-08, VP-09
test("the projection is that of a quadratic program, with caps, sectors and short positions", () => {
  fc.assert(
    fc.property(
      vector,
      fc.double({ min: 1.05, max: 4, noNaN: true }),
      fc.boolean(),
      fc.boolean(),
      (x, room, longOnly, inSectors) => {
        const cap = room / x.length;
        const most = Math.max(0.4, 1 - cap * (x.length - even(x.length).length) + 0.01);
        const sectors = inSectors ? [{ name: "even", assets: even(x.length), most }] : [];
        const constraints = { cap, longOnly, sectors };
        const w = project(x, constraints);
        checkWithin(w, constraints, 1e-12);
        expect(distance(w, byProgram(x, constraints))).toBeLessThan(1e-9);
      },
    ),
    { numRuns: 300 },
  );
});

// VP-10
test("with a minimum every weight is zero or at least it, and no other choice of assets is nearer", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -0.2, max: 1, noNaN: true }), { minLength: 4, maxLength: 7 }),
      (x) => {
        const constraints = { cap: 0.5, minimum: 0.15 };
        const w = project(x, constraints);
        checkWithin(w, constraints, 1e-12);
        for (const value of w) expect(value === 0 || value >= 0.15 - 1e-12).toBe(true);
        for (let mask = 1; mask < 2 ** x.length; mask++) {
          const held = x.map((_, a) => (mask >> a) & 1);
          const count = held.reduce((a, b) => a + b, 0);
          if (count < 2 || count * 0.15 > 1) continue;
          const other = bruteForce(x, held);
          expect(distance(w, x)).toBeLessThan(distance(other, x) + 1e-9);
        }
      },
    ),
    { numRuns: 40 },
  );
});

function bruteForce(x: readonly number[], held: readonly number[]): Float64Array {
  return solveQuadraticProgram({
    quadratic: Matrix.eye(x.length, x.length),
    linear: Float64Array.from(x, (value) => -value),
    lower: Float64Array.from(held, (h) => 0.15 * h),
    upper: Float64Array.from(held, (h) => 0.5 * h),
    equal: [{ coefficients: new Float64Array(x.length).fill(1), value: 1 }],
    atMost: [],
  });
}

test("cap, minimum and sectors hold together to 1e-9", () => {
  const sectors = [
    { name: "layer one", assets: [0, 1, 2], most: 0.3 },
    { name: "meme", assets: [3, 4], most: 0.2 },
  ];
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }),
      (x) => {
        const constraints = { cap: 0.25, minimum: 0.05, sectors };
        const w = project(x, constraints);
        checkWithin(w, constraints, 1e-9);
        for (const value of w) expect(value === 0 || value >= 0.05 - 1e-9).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test("the excess is shared in proportion to the weights below the cap", () => {
  const w = redistribute([0.6, 0.3, 0.1], 0.5);
  expect(w[0]).toBe(0.5);
  expect(w[1]! / w[2]!).toBeCloseTo(3, 12);
  expect(() => redistribute([1, 0, 0], 0.5)).toThrow(/the 1 assets held have room for 0.5/);
});

test("a projection of many is that of each", () => {
  const weights = Float64Array.of(0.9, 0.1, 0, 0.2, 0.2, 0.6);
  const all = projectAll(weights, 3, { cap: 0.5 });
  expect(all.slice(0, 3)).toEqual(project([0.9, 0.1, 0], { cap: 0.5 }));
  expect(all.slice(3)).toEqual(project([0.2, 0.2, 0.6], { cap: 0.5 }));
});

test("a limit that cannot hold is named", () => {
  const four = [0.25, 0.25, 0.25, 0.25];
  expect(() => project(four, { cap: 0.2 })).toThrow(
    "cap: 4 assets of at most 0.2 hold 0.8 of the capital, expected at least 1",
  );
  const sectors = [
    { name: "old", assets: [0, 1], most: 0.5 },
    { name: "new", assets: [2, 3], most: 0.3 },
  ];
  expect(() => project(four, { sectors })).toThrow(
    "sectors old, new: with the cap they hold 0.8 of the capital",
  );
  expect(() => project(four, { sectors: [sectors[0]!, { name: "twice", assets: [1], most: 0.1 }] })).toThrow(
    "asset 1: expected one sector, it is in old and twice",
  );
  expect(() => project(four, { minimum: 0.4, cap: 0.45 })).toThrow(
    "minimum: under the cap 0.45 at least 3 assets are held",
  );
  expect(() => project(four, { minimum: 0.1, longOnly: false })).toThrow(
    "minimum: expected a long-only portfolio",
  );
  expect(() => project([0.5, Number.NaN])).toThrow("weights[1]");
});

test("the largest return within limits is that of the linear program", () => {
  fc.assert(
    fc.property(vector, fc.boolean(), (mean, longOnly) => {
      const cap = 2 / mean.length;
      const limits = { cap, longOnly, sectors: [{ name: "even", assets: even(mean.length), most: 0.3 }] };
      const size = mean.length;
      const w = solveQuadraticProgram({
        quadratic: Matrix.zeros(size, size),
        linear: Float64Array.from(mean, (m) => -m),
        lower: new Float64Array(size).fill(longOnly ? 0 : -cap),
        upper: new Float64Array(size).fill(cap),
        equal: [{ coefficients: new Float64Array(size).fill(1), value: 1 }],
        atMost: [
          { coefficients: Float64Array.from(mean, (_, a) => Number(even(size).includes(a))), value: 0.3 },
        ],
      });
      const best = w.reduce((total, value, a) => total + value * mean[a]!, 0);
      expect(largestReturn(mean, limits)).toBeCloseTo(best, 7);
    }),
    { numRuns: 100 },
  );
  expect(largestReturn([0.1, 0.2], { longOnly: false })).toBe(Number.POSITIVE_INFINITY);
});
