import { expect, test } from "vitest";
import { barFigure } from "../../lib/plot/charts/shapes/bars.js";
import { lineFigure } from "../../lib/plot/charts/shapes/curves.js";
import { heatmapFigure } from "../../lib/plot/charts/shapes/fields.js";
import { scatterFigure } from "../../lib/plot/charts/shapes/scatter.js";
import type { Figure, Layout } from "../../lib/plot/figure.js";
import { panels } from "../../lib/plot/panels.js";

const words = { xTitle: "time [h]", yTitle: "return [bp]" };
const line = (title: string): Figure =>
  lineFigure({
    ...{ ...words, title },
    references: [{ axis: "x", at: 1, label: "here" }],
    series: [
      { name: "first", x: [0, 1], y: [0, 1] },
      { name: "second", x: [0, 1], y: [1, 0] },
    ],
  });
const heat = heatmapFigure({
  ...words,
  title: "Heat",
  values: [[1, 2]],
  rows: ["a"],
  columns: ["b", "c"],
  valueTitle: "v",
});

const domainOf = (layout: Layout, axis: string): [number, number] =>
  (layout[axis] as { domain: [number, number] }).domain;

test("every panel has axes of its own, row by row, that do not overlap", () => {
  const { data, layout } = panels([line("One"), line("Two"), line("Three")], { columns: 2, title: "All" });
  expect(data.map((trace) => [trace.xaxis, trace.yaxis])).toEqual([
    ["x", "y"],
    ["x", "y"],
    ["x2", "y2"],
    ["x2", "y2"],
    ["x3", "y3"],
    ["x3", "y3"],
  ]);
  expect(domainOf(layout, "xaxis")[1]).toBeLessThan(domainOf(layout, "xaxis2")[0]);
  expect(domainOf(layout, "xaxis3")).toEqual(domainOf(layout, "xaxis"));
  expect(domainOf(layout, "yaxis")).toEqual(domainOf(layout, "yaxis2"));
  expect(domainOf(layout, "yaxis3")[1]).toBeLessThan(domainOf(layout, "yaxis")[0]);
  for (const axis of ["xaxis", "xaxis2", "yaxis", "yaxis3"]) {
    const [from, to] = domainOf(layout, axis);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeLessThanOrEqual(1);
    expect(to - from).toBeGreaterThan(0.2);
  }
});

test("marks and titles go with their panel", () => {
  const { layout } = panels([line("One"), line("Two")], { columns: 2, title: "All" });
  expect(layout.shapes).toMatchObject([
    { xref: "x", yref: "y domain" },
    { xref: "x2", yref: "y2 domain" },
  ]);
  expect(layout.annotations).toMatchObject([
    { text: "One", xref: "x domain", yref: "y domain" },
    { text: "here", xref: "x" },
    { text: "Two", xref: "x2 domain", yref: "y2 domain" },
    { text: "here", xref: "x2" },
  ]);
});

test("a name stands once in the legend and switches its traces in all panels", () => {
  const { data } = panels([line("One"), line("Two")], { columns: 2, title: "All" });
  expect(data.map((trace) => [trace.legendgroup, trace.showlegend])).toEqual([
    ["first", undefined],
    ["second", undefined],
    ["first", false],
    ["second", false],
  ]);
});

test("a colour bar stands beside its own panel", () => {
  const { data, layout } = panels([heat, line("Two")], { columns: 2, title: "All" });
  const bar = data[0]!.colorbar as { x: number };
  expect(bar.x).toBe(domainOf(layout, "xaxis")[1]);
  expect(bar.x).toBeLessThan(domainOf(layout, "xaxis2")[0] - 0.1);
});

test("axes of one scale stay so in any panel", () => {
  const square = scatterFigure({
    ...words,
    title: "Square",
    equalScale: true,
    series: [{ name: "a", x: [1], y: [1] }],
  });
  expect(panels([line("One"), square], { columns: 2, title: "All" }).layout.yaxis2).toMatchObject({
    scaleanchor: "x2",
  });
});

test("names that do not fit under narrow bars are turned and get room", () => {
  const bars = (...categories: string[]): Figure =>
    barFigure({
      ...words,
      title: "Bars",
      categories,
      series: [{ name: "a", values: categories.map(() => 1) }],
    });
  const short = panels([bars("a", "b")], { columns: 1, title: "All" }).layout;
  const long = panels(
    [bars("a", "b"), bars("buy and hold", "equal weight", "mean reversion", "cross-sectional momentum")],
    {
      columns: 2,
      title: "All",
    },
  );
  expect(short.xaxis).not.toHaveProperty("tickangle");
  expect(long.layout.xaxis2).toMatchObject({ tickangle: 30 });
  expect((long.layout.margin as { b: number }).b).toBeGreaterThan((short.margin as { b: number }).b + 40);
});

test("the height grows with the rows unless it is given", () => {
  const four = [line("1"), line("2"), line("3"), line("4")];
  const heightOf = (columns: number, height?: number): unknown =>
    panels(four, { columns, title: "All", ...(height ? { height } : {}) }).layout.height;
  expect(heightOf(2)).toBeGreaterThan(heightOf(4) as number);
  expect(heightOf(2, 700)).toBe(700);
});

test("panels of nothing or of panels are refused", () => {
  expect(() => panels([], { columns: 2, title: "All" })).toThrow(
    "number of figures: expected an integer of at least 1",
  );
  expect(() => panels([line("One")], { columns: 0, title: "All" })).toThrow("columns: expected an integer");
  const nested = panels([line("One"), line("Two")], { columns: 2, title: "All" });
  expect(() => panels([line("One"), nested], { columns: 2, title: "All" })).toThrow(
    "figure 1: expected one pair of axes a panel, got several",
  );
});
