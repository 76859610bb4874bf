/** Parts of a data set as a table, stretches of a part, panels of signals, and reconstructed candles. */
import { describe, expect, test } from "vitest";
import { features } from "../../../../lib/index.js";

const part = (returns: number[]) => ({
  ...{ rows: returns.length, returns: Float64Array.from(returns) },
  decidedAt: Float64Array.from(returns, (_, n) => 1000 * n),
});

test("partTable has the three parts in the order of time, with the scatter of returns in basis points", () => {
  const data = {
    train: part([0.01, -0.01, 0.01, -0.01]),
    validation: part([0, 0]),
    test: part([0.02, 0.02]),
  };
  const rows = features.partTable(data);
  expect(rows.map((row) => [row.part, row.rows])).toEqual([
    ["training", 4],
    ["validation", 2],
    ["test", 2],
  ]);
  expect(rows[0]!.deviation).toBeCloseTo(100 * Math.sqrt(4 / 3), 9); // divided by one less than the rows
  expect(rows[2]!.deviation).toBeCloseTo(0, 9);
});

describe("spanOf", () => {
  test("goes from the time of one row to that of another, by their fractions", () => {
    expect(features.spanOf(part(new Array(10).fill(0)), 0.25, 0.6)).toEqual({ from: 2000, until: 6000 });
  });

  test.each([
    [-0.1, 0.5],
    [0.5, 0.5],
    [0.5, 1],
    [0.1, 0.15],
  ])("refuses %d to %d of ten rows", (from, until) => {
    expect(() => features.spanOf(part(new Array(10).fill(0)), from, until)).toThrow("span");
  });
});

test("rowsPanels places the values of each signal at their time and asset", () => {
  const rows = { asset: Uint16Array.of(0, 1, 1), decidedAt: Float64Array.of(5, 5, 9) };
  const panels = features.rowsPanels(["A", "B"], rows, { one: [1, 2, 3], minus: [-1, -2, -3] });
  expect(Array.from(panels.one!.values)).toEqual([1, 2, Number.NaN, 3]);
  expect(Array.from(panels.minus!.values)).toEqual([-1, -2, Number.NaN, -3]);
  expect(Array.from(panels.one!.time)).toEqual([5, 9]);
});

test("reconstructedCandles decodes both rows and keeps what else the view says", () => {
  const width = features.CANDLE_COLUMNS.length;
  const data = {
    ...{ columns: [...features.CANDLE_COLUMNS], length: 3, stepMs: 3_600_000 },
    scaler: { x: { mean: new Float64Array(width), standardDeviation: new Float64Array(width).fill(1) } },
  };
  const input = Float32Array.from({ length: 3 * width }, (_, i) => 0.1 * (i % 3));
  const decoded = input.map((v) => 0.5 * v);
  const view = features.reconstructedCandles(data, { input, decoded, active: 2 });
  expect(view.active).toBe(2);
  expect(view.original).toEqual(features.decodedCandles(data, input));
  expect(view.decoded).toEqual(features.decodedCandles(data, decoded));
  expect(view.decoded).not.toEqual(view.original);
});
