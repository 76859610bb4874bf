import { expect, test } from "vitest";
import { maximumDrawdown } from "../../lib/trading/performance/drawdown.js";

test("a fall from a peak that was reached twice begins the second time", () => {
  // equity 1, 2, 1, 2, ½, 4: exact in binary
  expect(maximumDrawdown([1, -0.5, 1, -0.75, 7])).toEqual({ depth: 0.75, start: 3, trough: 4, end: 5 });
});

test("a fall from capital that stood still begins when it last stood", () => {
  expect(maximumDrawdown([0, 0, -0.5])).toEqual({ depth: 0.5, start: 2, trough: 3, end: null });
});
