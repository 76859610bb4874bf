import { expect, test } from "vitest";
import { triangle, weights } from "../../../lib/plot/index.js";

const corners = ["A", "B", "C"] as const;

test("a portfolio of one coin lies at its corner, equal weights at the centre", () => {
  const portfolios = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1 / 3, 1 / 3, 1 / 3],
  ];
  const { data } = triangle({ title: "t", corners, series: [{ name: "p", portfolios }] });
  const points = data.at(-1) as unknown as { x: number[]; y: number[] };
  expect(points.x[0]).toBe(0);
  expect(points.x[1]).toBe(1);
  expect(points.y[2]).toBeCloseTo(Math.sqrt(3) / 2, 12);
  expect(points.x[3]).toBeCloseTo(0.5, 12);
  expect(points.y[3]).toBeCloseTo(Math.sqrt(3) / 6, 12);
});

test("weights that do not add to one have no place in the triangle", () => {
  expect(() =>
    triangle({ title: "t", corners, series: [{ name: "p", portfolios: [[0.25, 0.125, 0.125]] }] }),
  ).toThrow(/sum 1, got 0.5/);
});

test("stacked weights are percent, one series an asset", () => {
  const { data } = weights({
    title: "t",
    xTitle: "x",
    labels: ["1"],
    assets: ["A", "B"],
    portfolios: [[0.25, 0.75]],
  });
  expect(data.map((trace) => Array.from(trace.y as number[]))).toEqual([[25], [75]]);
});
