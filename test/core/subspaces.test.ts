import { expect, test } from "vitest";
import { fromRows, type Matrix } from "../../lib/core/linalg.js";
import { principalAngles } from "../../lib/core/subspaces.js";

const rotated = (degrees: number): Matrix => {
  const angle = (degrees * Math.PI) / 180;
  return fromRows([[Math.cos(angle)], [Math.sin(angle)], [0]]);
};

test.each([1e-9, 1e-4, 30, 60, 90])(
  "a line turned by %f degrees is at that angle, however small",
  (degrees) => {
    const { degrees: found, cosines } = principalAngles(rotated(0), rotated(degrees));
    expect(Math.abs(found[0]! / degrees - 1)).toBeLessThan(1e-9);
    expect(cosines[0]).toBeCloseTo(Math.cos((degrees * Math.PI) / 180), 12);
  },
);

test("angles do not depend on the basis, the order, or how many columns the wider has", () => {
  const a = fromRows([
    [1, 0],
    [0, 1],
    [1, 1],
    [0, 2],
  ]);
  const mixed = a.mmul(
    fromRows([
      [2, 1],
      [-1, 3],
    ]),
  );
  for (const angle of principalAngles(a, mixed).degrees) expect(Math.abs(angle)).toBeLessThan(1e-7);
  const line = fromRows([[1], [2], [0], [1]]);
  expect(principalAngles(a, line).degrees[0]).toBeCloseTo(principalAngles(line, a).degrees[0]!, 10);
  const inside = fromRows([[1], [1], [2], [2]]);
  expect(principalAngles(a, inside).degrees[0]).toBeLessThan(1e-7);
});

test("dependent columns and other numbers of rows are refused", () => {
  const line = rotated(0);
  const twice = fromRows([
    [1, 2],
    [1, 2],
    [0, 0],
  ]);
  expect(() => principalAngles(line, twice)).toThrow("b: expected 2 linearly independent columns");
  expect(() => principalAngles(line, fromRows([[1]]))).toThrow("b: expected 3 rows, got 1");
});
