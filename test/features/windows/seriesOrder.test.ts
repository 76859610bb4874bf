import { expect, test } from "vitest";
import { lastValues } from "../../../lib/features/windows/lastValues.js";
import { seriesOrder } from "../../../lib/features/windows/seriesOrder.js";

test("rows are put asset by asset in order of time, and a stretch ends at a gap and at the next asset", () => {
  const places = { asset: [1, 0, 0, 1, 0], decidedAt: Float64Array.of(10, 30, 10, 20, 20 + 20) };
  const order = seriesOrder(places, 10);
  expect(Array.from(order.rows)).toEqual([2, 1, 4, 0, 3]);
  expect(Array.from(order.time)).toEqual([10, 30, 40, 10, 20]);
  expect(order.lengths).toEqual([1, 2, 2]); // 10 | 30, 40 | 10, 20
});

test("values in series order come back to their rows", () => {
  const places = { asset: [1, 0, 0], decidedAt: Float64Array.of(10, 20, 10) };
  const order = seriesOrder(places, 10);
  expect(Array.from(order.sorted([1, 2, 3, 4, 5, 6], 2))).toEqual([5, 6, 3, 4, 1, 2]);
  expect(Array.from(order.restored(order.sorted([7, 8, 9], 1)))).toEqual([7, 8, 9]);
  expect(() => order.sorted([1, 2], 2)).toThrow(/values: expected 6/);
});

test("the last row of each window gives the features asked for, in the order asked for", () => {
  const data = { columns: ["a", "b", "c"], length: 2 };
  const part = { rows: 2, x: Float32Array.from({ length: 12 }, (_, i) => i) };
  expect(Array.from(lastValues(data, part, ["c", "a"]))).toEqual([5, 3, 11, 9]);
  expect(() => lastValues(data, part, ["d"])).toThrow("feature d: expected one of a, b, c");
});
