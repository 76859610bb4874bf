/** Figures of a sweep: lines over settings, and a window beside its reconstruction. */
import { describe, expect, test } from "vitest";
import { type core, plot } from "../../../lib/index.js";

describe("plot.sweep", () => {
  const options = { title: "Gap", xTitle: "β", yTitle: "MIG", settings: [1, 4, 16] };

  test("a thin line goes through the values of one seed, the thick one through the medians", () => {
    const { data, layout } = plot.sweep({ ...options, values: [1, 3, 2, 4, 5, 9] });
    const median = data.find((trace) => trace.name === "trained")!;
    expect(Array.from(median.y as number[])).toEqual([2, 3, 7]);
    expect(median.x).toEqual(["1", "4", "16"]);
    const seeds = data.find((trace) => trace.name === "trained, seeds")!;
    expect((seeds.y as number[]).slice(0, 3)).toEqual([1, 2, 5]);
    expect((layout.xaxis as { type: string }).type).toBe("category");
  });

  test("values that are no whole seeds are refused", () => {
    expect(() => plot.sweep({ ...options, values: [1, 2, 3, 4] })).toThrow("values");
  });
});

test("a reconstruction has the prices of the window on both panels, and a bar a dimension", () => {
  const bars = (close: number[]): core.Bars => {
    const values = Float64Array.from(close);
    const openTime = values.map((_, t) => t * 3_600_000);
    return {
      symbol: "X",
      stepMs: 3_600_000,
      openTime,
      open: values,
      high: values.map((v) => v + 1),
      low: values.map((v) => v - 1),
      close: values,
      volume: values,
    };
  };
  const { data, layout } = plot.reconstruction({
    ...{
      title: "β = 4",
      original: bars([100, 104, 101]),
      decoded: bars([100, 101, 102]),
      kl: [2, 0.5],
      most: 3,
    },
  });
  expect((layout.yaxis as { range: number[] }).range).toEqual((layout.yaxis2 as { range: number[] }).range);
  expect((layout.yaxis as { range: number[] }).range[0]).toBeCloseTo(99 - 0.2 * 6, 9);
  const bar = data.find((trace) => trace.type === "bar")!;
  expect(Array.from(bar.y as number[])).toEqual([2, 0.5]);
});
