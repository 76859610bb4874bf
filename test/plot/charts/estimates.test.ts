/** Series made of estimates by name. */
import { expect, test } from "vitest";
import { bands, intervalBars } from "../../../lib/plot/charts/estimates/estimates.js";

test("a band reaches two standard errors to either side of its curve, or as many as are asked for", () => {
  const curves = { up: { value: [1, 2], error: [0.5, 0.25] } };
  expect(bands([10, 20], curves)).toEqual([
    { name: "up", x: [10, 20], y: [1, 2], lower: [0, 1.5], upper: [2, 2.5] },
  ]);
  expect(bands([10, 20], curves, 1)[0]).toMatchObject({ lower: [0.5, 1.75], upper: [1.5, 2.25] });
});

test("curves keep their order, and one with a value too few is named", () => {
  const flat = { value: [0, 0], error: [1, 1] };
  expect(bands([1, 2], { b: flat, a: flat }).map(({ name }) => name)).toEqual(["b", "a"]);
  expect(() => bands([1, 2], { a: flat, short: { value: [0], error: [1, 1] } })).toThrow(/short/);
  expect(() => bands([1, 2], { short: { value: [0, 0], error: [1] } })).toThrow(/short/);
});

test("bars keep estimate and ends of each interval, one a category", () => {
  const rows = [
    { estimate: 1, lower: 0.5, upper: 2 },
    { estimate: -1, lower: -3, upper: 0 },
  ];
  expect(intervalBars({ saved: rows })).toEqual([
    { name: "saved", values: [1, -1], lower: [0.5, -3], upper: [2, 0] },
  ]);
});
