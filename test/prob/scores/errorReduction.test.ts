import { expect, test } from "vitest";
import { prob } from "../../../lib/index.js";

const value = [1, -2, 3, 0];

test("the outcome itself saves all of the squared error, zero saves none, and what is unknown is left out", () => {
  const rows = prob.scores.errorReductions(
    value,
    { truth: value, nothing: [0, 0, 0, 0], unknown: undefined },
    3.5,
  );
  expect(rows.map(({ forecast }) => forecast)).toEqual(["truth", "nothing"]);
  expect(rows[0]!.reduction).toBeCloseTo(100, 12); // mean square 14 / 4 over 3.5
  expect(rows[1]).toEqual({ forecast: "nothing", reduction: 0, "± se": 0 });
});

test("a forecast of the wrong sign has a negative reduction, with the standard error of its mean", () => {
  const [row] = prob.scores.errorReductions([1, 3], { wrong: [-1, -1] }, 1);
  expect(row!.reduction).toBe(-500); // −300 and −700
  expect(row!["± se"]).toBeCloseTo(200, 9);
  expect(() => prob.scores.errorReductions([1], { short: [] }, 1)).toThrow("short");
});
