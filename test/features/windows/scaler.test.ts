import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import { applyScaler, fitScaler, takeRows } from "../../../lib/features/windows/scaler.js";

const matrix = {
  x: normals(fold(key(3), "matrix"), 200).map((v, i) => 5 + (i % 2 ? 10 : 1) * v),
  shape: [100, 2] as const,
};
const rows = Uint32Array.from({ length: 70 }, (_, i) => i);

test("training rows become of mean 0 and deviation 1", () => {
  const { x } = takeRows(applyScaler(fitScaler(matrix, rows), matrix), rows);
  for (const f of [0, 1]) {
    const column = x.filter((_, i) => i % 2 === f);
    expect(mean(column)).toBeCloseTo(0, 12);
    expect(standardDeviation(column)).toBeCloseTo(1, 12);
  }
});

test("changing rows outside the training leaves the scaler as it was", () => {
  const poked = { ...matrix, x: matrix.x.map((v, i) => (i >= 140 ? v + 1e6 : v)) };
  expect(fitScaler(poked, rows)).toEqual(fitScaler(matrix, rows));
});

test("rows are taken in the order asked for", () => {
  const taken = takeRows(matrix, [99, 0]);
  expect(taken).toEqual({
    x: Float64Array.of(...matrix.x.slice(198), ...matrix.x.slice(0, 2)),
    shape: [2, 2],
  });
});

test("a constant column, a wrong shape and a row that is not there are refused", () => {
  const flat = { x: Float64Array.of(1, 2, 2, 2, 3, 2), shape: [3, 2] as const };
  expect(() => fitScaler(flat, [0, 1, 2])).toThrow("column 1: expected values that vary, got deviation 0");
  expect(() => fitScaler({ x: flat.x, shape: [3, 3] }, [0, 1])).toThrow("x: expected 9 values, got 6");
  expect(() => takeRows(flat, [3])).toThrow("expected a row below 3, got 3");
  expect(() => fitScaler(flat, [0])).toThrow("rows: expected an integer of at least 2, got 1");
});
