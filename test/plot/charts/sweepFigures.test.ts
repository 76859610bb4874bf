/** Figures of a sweep over β: trade-off, panels, matrices, elbow, decoded candles. */
import { describe, expect, test } from "vitest";
import { type core, plot } from "../../../lib/index.js";

type Named = {
  readonly name?: string;
  readonly x?: unknown;
  readonly y?: unknown;
  readonly marker?: unknown;
};
const named = (data: readonly Named[], name: string) => data.find((trace) => trace.name === name)!;

test("a trade-off has a point for each network at its KL and error, and one for each prediction", () => {
  const networks = [
    { rate: 3, distortion: 0.3 },
    { rate: 2.5, distortion: 0.4 },
    { rate: 1, distortion: 0.9 },
  ];
  const betas = [
    { klPredicted: 2.8, errorPredicted: 0.32 },
    { klPredicted: 0.9, errorPredicted: 1 },
  ];
  const { data } = plot.tradeOff({ networks, betas }, { title: "Error against information" });
  expect(named(data, "trained networks")).toMatchObject({ x: [3, 2.5, 1], y: [0.3, 0.4, 0.9] });
  expect(named(data, "predicted from the eigenvalues")).toMatchObject({ x: [2.8, 0.9], y: [0.32, 1] });
});

test("sweep panels draw each quantity over the same settings, on axes of its own", () => {
  const quantities = [
    { title: "Active", yTitle: "dimensions", values: [6, 6, 2, 4] },
    { title: "Match", yTitle: "MIG", values: [0.1, 0.3, 0.5, 0.5], reference: { at: 0.25, label: "PCA" } },
  ];
  const { data, layout } = plot.sweepPanels({ title: "Two", xTitle: "β", settings: [1, 8], quantities });
  const medians = data.filter((trace) => trace.name === "trained");
  expect(medians.map((trace) => Array.from(trace.y as number[]))).toEqual([
    [6, 3],
    [0.2, 0.5],
  ]);
  expect(medians.map((trace) => trace.xaxis)).toEqual(["x", "x2"]);
  expect(JSON.stringify(layout.annotations)).toContain("PCA");
});

test("matrices behind a slider share one scale of colours, from the least to the greatest of all", () => {
  const steps = [
    { label: "β = 1", values: [[0.1, 0.9]] },
    { label: "β = 8", values: [[0, 0.4]] },
  ];
  const options = { name: "network", steps, rows: ["z"], columns: ["a", "b"], start: 1 };
  const figure = plot.heatmapSlider({ ...options, title: "Told", xTitle: "", yTitle: "", valueTitle: "bit" });
  expect(figure.data.map((trace) => [trace.zmin, trace.zmax])).toEqual([
    [0, 0.9],
    [0, 0.9],
  ]);
  expect(figure.data.map((trace) => trace.visible)).toEqual([false, true]);
  expect(JSON.stringify(figure.layout.title)).toContain("Told, β = 8");
  expect(() =>
    plot.heatmapSlider({ ...options, steps: [], title: "", xTitle: "", yTitle: "", valueTitle: "" }),
  ).toThrow("steps");
});

describe("plot.elbow", () => {
  const options = { title: "Elbow", xTitle: "TC", yTitle: "error", labels: ["β = 1", "β = 2", "β = 4"] };
  const points = { x: [3, 1, 0], y: [0.2, 0.3, 0.8] };

  test("the straight line joins the first point and the last, and every point has its label", () => {
    const { data, layout } = plot.elbow({ ...options, ...points, index: 1 });
    expect(named(data, "line between the ends")).toMatchObject({ x: [3, 0], y: [0.2, 0.8] });
    const marks = layout.annotations as { text: string; x: number; y: number }[];
    expect(marks.map(({ text, x, y }) => [text, x, y])).toEqual([
      ["β = 1", 3, 0.2],
      ["β = 2", 1, 0.3],
      ["β = 4", 0, 0.8],
    ]);
  });

  test("the elbow is the largest point, and one that is not there is refused", () => {
    const { data } = plot.elbow({ ...options, ...points, index: 1 });
    const { size } = named(data, "trained, mean of seeds").marker as { size: number[] };
    expect(size.indexOf(Math.max(...size))).toBe(1);
    expect(() => plot.elbow({ ...options, ...points, index: 3 })).toThrow("index");
    expect(() => plot.elbow({ ...options, x: [1, 2], y: [1, 2], index: 0 })).toThrow("labels");
  });
});

describe("plot.candleReconstructions", () => {
  const bars = (close: number[]): core.Bars => {
    const values = Float64Array.from(close);
    return {
      ...{ symbol: "X", stepMs: 1, openTime: values.map((_, t) => t), volume: values },
      ...{ open: values, high: values.map((v) => v + 1), low: values.map((v) => v - 1), close: values },
    };
  };
  const view = (kl: number[], active: number) => ({
    original: bars([100, 104]),
    decoded: bars([101, 103]),
    kl,
    active,
  });
  const options = { name: "β", settings: [1, 4], views: [view([2, 1], 2), view([1, 0], 1)] };

  test("the title of a step counts the dimensions in use, and the axis of the KL is that of the largest", () => {
    const { layout } = plot.candleReconstructions({ ...options, start: 1 });
    expect(JSON.stringify(layout.title)).toContain("β = 4: 1 of 2 latent dimensions in use");
    expect((layout.yaxis3 as { range: number[] }).range).toEqual([0, 1.05 * 2]);
  });

  test("there must be one view for each setting", () => {
    expect(() => plot.candleReconstructions({ ...options, settings: [1] })).toThrow("views");
  });
});
