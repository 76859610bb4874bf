import { expect, test } from "vitest";
import { features } from "../../../../lib/index.js";

/** Two assets, three decision times; row n holds the numbers n and n + 0.5. */
const part = {
  rows: 6,
  x: Float32Array.from({ length: 12 }, (_, i) => i / 2),
  y: Float32Array.from({ length: 30 }, (_, i) => Math.floor(i / 5)),
  asset: Uint16Array.of(0, 0, 0, 1, 1, 1),
  decidedAt: Float64Array.of(10, 20, 30, 10, 20, 30),
  resolvedAt: Float64Array.of(14, 24, 34, 14, 24, 34),
  returns: Float64Array.of(0, 1, 2, 3, 4, 5),
};

test("rows decided before the median time are the early half, in their order, with all that belongs to them", () => {
  const [early, late] = features.halves(part);
  expect(Array.from(early.returns)).toEqual([0, 3]);
  expect(Array.from(late.returns)).toEqual([1, 2, 4, 5]);
  expect(early).toEqual({
    rows: 2,
    x: Float32Array.of(0, 0.5, 3, 3.5),
    y: Float32Array.of(0, 0, 0, 0, 0, 3, 3, 3, 3, 3),
    asset: Uint16Array.of(0, 1),
    decidedAt: Float64Array.of(10, 10),
    resolvedAt: Float64Array.of(14, 14),
    returns: Float64Array.of(0, 3),
  });
});

test("a part of one decision time has no halves", () => {
  const one = { ...part, decidedAt: new Float64Array(6).fill(10) };
  expect(() => features.halves(one)).toThrow("part: expected at least two decision times, got 1");
});
