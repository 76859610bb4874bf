import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { latentPath } from "../../../lib/portfolio/latent/latentPath.js";

const code = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 });
const norm = (z: ArrayLike<number>) => Math.hypot(...Array.from(z));

describe("a path between two codes (VP-25)", () => {
  test("begins and ends at its ends", () => {
    fc.assert(
      fc.property(code, code, fc.constantFrom("linear" as const, "spherical" as const), (a, b, path) => {
        fc.pre(norm(a) > 0.1 && norm(b) > 0.1 && norm(a.map((v, k) => v / norm(a) + b[k]! / norm(b))) > 0.01);
        const [first, last] = latentPath(a, b, { shares: [0, 1], path });
        for (let k = 0; k < 3; k++) {
          expect(first![k]).toBeCloseTo(a[k]!, 9);
          expect(last![k]).toBeCloseTo(b[k]!, 9);
        }
      }),
    );
  });

  test("on the sphere stays at its distance, where the chord falls short of it", () => {
    const [a, b] = [
      [3, 0, 0],
      [0, 3, 0],
    ];
    const middle = (path: "linear" | "spherical") => norm(latentPath(a, b, { shares: [0.5], path })[0]!);
    expect(middle("spherical")).toBeCloseTo(3, 12);
    expect(middle("linear")).toBeCloseTo(3 / Math.SQRT2, 12);
  });

  test("is the straight line where both ends point the same way", () => {
    expect(Array.from(latentPath([1, 1], [2, 2], { shares: [0.5], path: "spherical" })[0]!)).toEqual([
      1.5, 1.5,
    ]);
  });

  test("has no plane between opposite codes, or from the origin", () => {
    expect(() => latentPath([1, 0], [-2, 0], { shares: [0.5], path: "spherical" })).toThrow(/span a plane/);
    expect(() => latentPath([0, 0], [1, 0], { shares: [0.5], path: "spherical" })).toThrow(/span a plane/);
    expect(() => latentPath([0, 0], [1], { shares: [0.5] })).toThrow(/to/);
  });
});
