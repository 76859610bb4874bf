import { expect, test } from "vitest";
import { waterfallFigure } from "../../../lib/plot/charts/shapes/waterfall.js";

const options = { title: "Parts", xTitle: "part", yTitle: "share [%]", total: "sum" };

test("each bar begins where the last ended, and the sum stands on zero", () => {
  const parts = [
    { name: "a", value: 3 },
    { name: "b", value: -1 },
    { name: "c", value: 2 },
  ];
  const trace = waterfallFigure({ ...options, parts }).data[0]!;
  expect(trace.base).toEqual([0, 3, 2, 0]);
  expect(trace.y).toEqual([3, -1, 2, 4]);
  expect(trace.text).toEqual(["3.00", "−1.00", "2.00", "4.00"]);
});

test("a part that is no number is refused", () => {
  expect(() => waterfallFigure({ ...options, parts: [{ name: "a", value: Number.NaN }] })).toThrow(
    /parts\[0\]/,
  );
});
