import { expect, test } from "vitest";
import { columnsOf, correlations, evenly, percentWhere } from "../../lib/core/columns.js";

test("columns put side by side again are the rows", () => {
  const values = Float64Array.from([1, 2, 3, 4, 5, 6]);
  expect(columnsOf(values, 2).map((column) => Array.from(column))).toEqual([
    [1, 3, 5],
    [2, 4, 6],
  ]);
  expect(() => columnsOf(values, 4)).toThrow("whole rows of 4");
});

test("a column and its negative correlate at minus one, each with itself at one", () => {
  expect(
    correlations([
      [1, 2, 4],
      [-1, -2, -4],
    ]).flat(),
  ).toEqual([1, expect.closeTo(-1), expect.closeTo(-1), 1]);
});

test("evenly spaced numbers hold both ends", () => {
  expect(evenly(-1, 1, 5)).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(() => evenly(0, 1, 1)).toThrow("count");
});

test("one of four values is 25 percent", () => {
  expect(percentWhere([1, 2, 3, 4], (value) => value > 3)).toBe(25);
});
