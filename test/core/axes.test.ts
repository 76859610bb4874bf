import { expect, test } from "vitest";
import { checkCount, checkFinite, checkLength, checkPositive, checkShape } from "../../lib/core/axes.js";

test("a shape passes when every axis is as expected or free", () => {
  expect(() => checkShape("x", [2, 3], [2, 3])).not.toThrow();
  expect(() => checkShape("x", [9, 3], [-1, 3])).not.toThrow();
  expect(() => checkShape("x", [], [])).not.toThrow();
});

test.each([
  [[2, 4], [2, 3], "x: expected shape [2, 3], got [2, 4]"],
  [[2], [2, 3], "x: expected shape [2, 3], got [2]"],
  [[2, 3, 1], [-1, 3], "x: expected shape [any, 3], got [2, 3, 1]"],
])("shape %j is not %j", (actual, expected, message) => {
  expect(() => checkShape("x", actual, expected)).toThrow(new RangeError(message));
});

test("a length is compared with what came", () => {
  expect(() => checkLength("y", [1, 2], 2)).not.toThrow();
  expect(() => checkLength("y", new Float64Array(3), 2)).toThrow(
    new RangeError("y: expected 2 values, got 3"),
  );
});

test("the first value that is not finite is named by its place", () => {
  expect(() => checkFinite("returns", [0, -1e308, 5e-324])).not.toThrow();
  expect(() => checkFinite("returns", [1, Number.NaN, Number.POSITIVE_INFINITY])).toThrow(
    new RangeError("returns[1]: expected a finite number, got NaN"),
  );
  expect(() => checkFinite("returns", [Number.NEGATIVE_INFINITY])).toThrow("returns[0]");
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("%d is not a positive number", (value) => {
  expect(() => checkPositive("sd", value)).toThrow(
    new RangeError(`sd: expected a positive number, got ${value}`),
  );
  expect(() => checkPositive("sd", 5e-324)).not.toThrow();
});

test.each([0, 2.5, Number.NaN, 2 ** 53])("%d is not a count", (value) => {
  expect(() => checkCount("steps", value)).toThrow(
    new RangeError(`steps: expected an integer of at least 1, got ${value}`),
  );
});

test("a count may start elsewhere than at one", () => {
  expect(() => checkCount("steps", 0, 0)).not.toThrow();
  expect(() => checkCount("steps", 20, 20)).not.toThrow();
  expect(() => checkCount("steps", 19, 20)).toThrow("steps: expected an integer of at least 20, got 19");
});
