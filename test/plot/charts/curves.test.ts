import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import { reliabilityFigure } from "../../../lib/plot/charts/estimates/calibration.js";
import { barFigure } from "../../../lib/plot/charts/shapes/bars.js";
import { densityFigure, lineFigure } from "../../../lib/plot/charts/shapes/curves.js";
import { heatmapFigure } from "../../../lib/plot/charts/shapes/fields.js";
import { scatterFigure } from "../../../lib/plot/charts/shapes/scatter.js";
import type { Figure, Trace } from "../../../lib/plot/figure.js";

const words = { title: "One", xTitle: "time [h]", yTitle: "return [bp]" };
const traceOf = (figure: Figure, name: string): Trace => figure.data.find((trace) => trace.name === name)!;
const numbers = (values: unknown): number[] => Array.from(values as ArrayLike<number>);

test("a band goes up one end and back the other, without the points that have no ends", () => {
  const figure = lineFigure({
    ...words,
    series: [{ name: "mean", x: [1, 2, 3], y: [5, 6, 7], lower: [4, Number.NaN, 6], upper: [8, 9, 10] }],
  });
  expect(traceOf(figure, "mean, band")).toMatchObject({
    ...{ x: [1, 3, 3, 1], y: [8, 10, 6, 4], fill: "toself", showlegend: false },
  });
  expect(figure.data.map((trace) => trace.name)).toEqual(["mean, band", "mean"]);
});

test("seeds are thin lines behind their thick median", () => {
  const seeds = [
    [1, 2],
    [3, 2],
    [8, 5],
  ];
  const figure = lineFigure({ ...words, series: [{ name: "ELBO", x: [0, 1], seeds }] });
  expect(figure.data.map((trace) => trace.name)).toEqual(["ELBO, seeds", "ELBO"]);
  expect(numbers(traceOf(figure, "ELBO").y)).toEqual([3, 2]);
  expect(traceOf(figure, "ELBO, seeds").y).toEqual([1, 2, Number.NaN, 3, 2, Number.NaN, 8, 5, Number.NaN]);
  const widths = figure.data.map((trace) => (trace.line as { width: number }).width);
  expect(widths[0]).toBeLessThan(widths[1]!);
});

test("series that do not fit together are refused by name", () => {
  const line = (series: object) => () =>
    lineFigure({ ...words, series: [{ name: "ELBO", x: [1, 2], ...series }] });
  expect(line({ y: [1] })).toThrow('x of "ELBO": expected 1 values, got 2');
  expect(line({})).toThrow("series: expected y or at least one seed, got neither");
  expect(line({ y: [1, 2], lower: [1, 2] })).toThrow(
    'band of "ELBO": expected lower and upper, got one of them',
  );
  expect(line({ y: [1, 2], lower: [1, 2], upper: [1] })).toThrow('upper of "ELBO": expected 2 values, got 1');
});

test("a histogram of draws has area one and lies behind the curves", () => {
  const values = normals(key("draws"), 1000);
  values[0] = Number.NaN;
  const curves = [{ name: "exact", x: [-1, 0, 1], y: [0.2, 0.4, 0.2] }];
  const figure = densityFigure({
    title: "One",
    xTitle: "x",
    draws: { name: "draws", values, bins: 25 },
    curves,
  });
  expect(figure.data.map((trace) => trace.name)).toEqual(["draws", "exact"]);
  const { y, width, x } = traceOf(figure, "draws") as unknown as { y: number[]; width: number; x: number[] };
  expect(y).toHaveLength(25);
  expect(y.reduce((total, height) => total + height * width, 0)).toBeCloseTo(1, 12);
  expect(x[1]! - x[0]!).toBeCloseTo(width, 12);
});

test("draws that are all alike are refused", () => {
  expect(() => densityFigure({ title: "One", xTitle: "x", draws: { name: "d", values: [1, 1] } })).toThrow(
    'draws "d": expected at least two different finite values',
  );
});

test("error bars reach the ends they are given", () => {
  const series = [{ name: "a", x: [1, 2], y: [10, 20], yLower: [8, 19], yUpper: [13, 21] }];
  const { error_y: error } = traceOf(scatterFigure({ ...words, series }), "a");
  expect(error).toMatchObject({ array: [3, 1], arrayminus: [2, 1], symmetric: false });
  expect(() => scatterFigure({ ...words, series: [{ name: "a", x: [1], y: [1], xLower: [0] }] })).toThrow(
    'error bar in x of "a": expected lower and upper, got one of them',
  );
});

test("the diagonal spans all groups on both axes", () => {
  const series = [
    { name: "a", x: [1, 2], y: [Number.NaN, 20] },
    { name: "b", x: [-5, 2], y: [3, 4] },
  ];
  expect(traceOf(scatterFigure({ ...words, series, diagonal: "equal" }), "equal")).toMatchObject({
    ...{ x: [-5, 20], y: [-5, 20] },
  });
});

test("bars lie down when asked, the first category on top, and their error bars with them", () => {
  const series = [{ name: "net", values: [1, 2], lower: [0, 1], upper: [2, 4] }];
  const { data, layout } = barFigure({ ...words, categories: ["BTC", "ETH"], series, horizontal: true });
  expect(data[0]).toMatchObject({
    orientation: "h",
    x: [1, 2],
    y: ["BTC", "ETH"],
    error_x: { array: [1, 2] },
  });
  expect(layout.yaxis).toMatchObject({ autorange: "reversed", type: "category" });
  expect(() => barFigure({ ...words, categories: ["BTC"], series })).toThrow(
    'values of "net": expected 1 values, got 2',
  );
});

test("a diverging heatmap is white at zero, whatever its values", () => {
  const matrix = { ...words, rows: ["a"], columns: ["b", "c"], valueTitle: "correlation" };
  const diverging = heatmapFigure({ ...matrix, values: [[-0.2, 0.9]], scale: "diverging", decimals: 2 });
  expect(diverging.data[0]).toMatchObject({ zmin: -0.9, zmax: 0.9, text: [["−0.20", "0.90"]] });
  expect(heatmapFigure({ ...matrix, values: [[-0.2, 0.9]] }).data[0]).toMatchObject({
    zmin: -0.2,
    zmax: 0.9,
  });
  expect(() => heatmapFigure({ ...matrix, values: [[1]] })).toThrow(
    'row "a" of values: expected 2 values, got 1',
  );
});

test("a reliability figure shows the bins that have forecasts", () => {
  const bins = [
    { predicted: 0.1, observed: 0.12, low: 0.05, high: 0.15, count: 40 },
    { predicted: 0.5, observed: Number.NaN, low: 0, high: 1, count: 0 },
    { predicted: 0.9, observed: 0.7, low: 0.85, high: 0.95, count: 20 },
  ];
  const figure = reliabilityFigure({ title: "One", series: [{ name: "net", bins }] });
  expect(traceOf(figure, "net")).toMatchObject({ x: [0.1, 0.9], y: [0.12, 0.7] });
  expect(traceOf(figure, "net, forecasts")).toMatchObject({ y: [40, 20], yaxis: "y2" });
  expect(numbers(traceOf(figure, "net, consistency bars").y).filter(Number.isFinite)).toEqual([
    0.05, 0.15, 0.85, 0.95,
  ]);
  expect(() => reliabilityFigure({ title: "One", series: [{ name: "net", bins: [] }] })).toThrow(
    'bins of "net": expected at least one with forecasts',
  );
});
