/** Figures of uncertainty: bands by method, both parts over time and along an input, differences with their errors. */
import { describe, expect, test } from "vitest";
import { plot } from "../../../lib/index.js";

describe("plot.curveBands", () => {
  const band = (method: string, label: string, at: number) => ({
    ...{ method, label, mean: [at, at], lower: [at - 1, at - 1], upper: [at + 1, at + 1] },
  });
  const curve = { grid: [0, 1], truth: [0, 0], x: [0.5], y: [0.1] };
  const options = { title: "Bands", yRange: [-3, 3] as const };

  test("the reference stands in every step beside one other method, with the truth and the data", () => {
    const bands = [
      band("exact posterior", "exact", 0),
      band("ensemble of 2", "ensemble", 1),
      band("MC dropout", "dropout", 2),
    ];
    const { data, layout } = plot.curveBands({ ...curve, bands }, options);
    const lines = (name: string) => data.filter((trace) => trace.name === name);
    expect(lines("exact posterior").length).toBe(2);
    expect(lines("ensemble of 2").map((trace) => trace.visible)).toEqual([true]);
    expect(lines("MC dropout").map((trace) => trace.visible)).toEqual([false]);
    expect(lines("MC dropout")[0]!.y).toEqual([2, 2]);
    expect(lines("true curve").length).toBe(2);
    const [slider] = layout.sliders as { steps: { label: string }[] }[];
    expect(slider!.steps.map(({ label }) => label)).toEqual(["ensemble", "dropout"]);
  });

  test("a reference alone is refused", () => {
    expect(() =>
      plot.curveBands({ ...curve, bands: [band("exact posterior", "exact", 0)] }, options),
    ).toThrow("got 1");
  });
});

describe("plot.relativeLines", () => {
  const options = { title: "Falls", xTitle: "rows", x: [100, 400] };

  test("every line begins at 100 per cent", () => {
    const { data } = plot.relativeLines({ ...options, series: { epistemic: [8, 4], aleatoric: [50, 55] } });
    expect(data.map((trace) => [trace.name, trace.y])).toEqual([
      ["epistemic", [100, 50]],
      ["aleatoric", [100, expect.closeTo(110, 9)]],
    ]);
    expect(data[0]!.x).toEqual(["100", "400"]);
  });

  test("a line that begins at zero, or is too short, is refused by name", () => {
    expect(() => plot.relativeLines({ ...options, series: { epistemic: [0, 4] } })).toThrow(
      "epistemic: expected a first",
    );
    expect(() => plot.relativeLines({ ...options, series: { epistemic: [1] } })).toThrow("epistemic");
  });
});

test("both parts over time have a panel each, with the marked times in both", () => {
  const path = { time: [0, 3_600_000], aleatoric: [70, 80], epistemic: [4, 5] };
  const { data, layout } = plot.uncertaintyPaths({ title: "Two parts", ...path, marks: [1_800_000] });
  expect(data.map((trace) => [trace.name, trace.xaxis, Array.from(trace.y as number[])])).toEqual([
    ["aleatoric", "x", [70, 80]],
    ["epistemic", "x2", [4, 5]],
  ]);
  expect((layout.shapes as { x0: number }[]).map(({ x0 }) => x0)).toEqual([1_800_000, 1_800_000]);
  expect(() => plot.uncertaintyPaths({ title: "x", ...path, epistemic: [4] })).toThrow("epistemic");
});

test("along an input a variance four times that of the middle is one doubling of the standard deviation", () => {
  const answers = [
    { input: "volume", aleatoric: [1, 1, 4], epistemic: [16, 1, 1] },
    { input: "rsi", aleatoric: [2, 2, 2], epistemic: [0.5, 2, 8] },
  ];
  const { data } = plot.uncertaintyAlong({ places: [-1, 0, 1], answers, yRange: [-2, 2] });
  expect(data.map((trace) => Array.from(trace.y as number[]))).toEqual([
    [0, 0, 1],
    [2, 0, 0],
    [0, 0, 0],
    [-1, 0, 1],
  ]);
});

describe("plot.differences", () => {
  const options = { title: "Differences", xTitle: "nats" };

  test("columns name what stands for name, value and error; the interval is 1.645 errors to either side", () => {
    const columns = { name: "model", value: "difference", error: "error" };
    const rows = [{ model: "a", difference: 2, error: 1, nll: 7 }];
    const renamed = plot.differences({ ...options, rows, columns });
    expect(renamed).toEqual(plot.differences({ ...options, rows: [{ name: "a", value: 2, error: 1 }] }));
    expect(JSON.stringify(renamed.data)).toContain("1.645");
  });

  test("a column that is not there is refused", () => {
    const columns = { name: "model", value: "gap", error: "error" };
    const rows = [{ model: "a", difference: 2, error: 1 }];
    expect(() => plot.differences({ ...options, rows, columns })).toThrow("column gap");
  });
});
