/** Drawings of networks, and windows over one another. */
import { expect, test } from "vitest";
import { coverageFigure } from "../../../lib/plot/charts/estimates/coverage.js";
import { signalStripFigure } from "../../../lib/plot/charts/prices/signalStrip.js";
import { reconstructionSliderFigure, windowPathFigure } from "../../../lib/plot/charts/prices/windowPaths.js";
import { diagramFigure } from "../../../lib/plot/charts/shapes/diagram.js";

test("every box has its rectangle and its text, and an arrow to each box of the next column", () => {
  const figure = diagramFigure({
    title: "A network",
    columns: [[{ name: "x" }], [{ name: "a", lines: ["two", "lines"] }, { name: "b" }], [{ name: "y" }]],
  });
  expect(figure.layout.shapes).toHaveLength(4);
  const marks = figure.layout.annotations as { showarrow: boolean; text: string }[];
  expect(marks.filter(({ showarrow }) => showarrow)).toHaveLength(4);
  expect(marks.map(({ text }) => text)).toContain("<b>a</b><br>two<br>lines");
  expect(() => diagramFigure({ title: "A network", columns: [[]] })).toThrow("boxes of column 0");
});

test("returns are drawn as the path of the price in per cent, other features as they are", () => {
  const figure = windowPathFigure({
    ...{ title: "A window", columns: ["return", "volume"], length: 3, features: ["return", "volume"] },
    series: [{ name: "input", values: [0.01, 5, 0.02, 6, -0.01, 7] }],
  });
  const [path, volume] = figure.data.map(({ y }) => Array.from(y as Float64Array));
  [1, 3, 2].forEach((value, t) => {
    expect(path![t]).toBeCloseTo(value, 12);
  });
  expect(volume).toEqual([5, 6, 7]);
  expect(figure.data[0]!.x).toEqual([-2, -1, 0]);
});

test("a reconstruction has a step for each number of dimensions, the last shown first", () => {
  const figure = reconstructionSliderFigure({
    ...{ columns: ["volume"], length: 2, features: ["volume"], latents: 2, kept: [0, 2] },
    values: [
      [1, 2],
      [1.5, 1.5],
      [1, 2],
    ],
  });
  expect(figure.data.map(({ visible }) => visible)).toEqual([false, false, true, true]);
  expect(figure.layout.sliders).toHaveLength(1);
});

test("uniform probabilities lie on the diagonal; a strip shows one asset's sides", () => {
  const below = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
  const coverage = coverageFigure({ title: "Coverage", series: [{ name: "even", below }], independent: 100 });
  const line = coverage.data.find(({ name }) => name === "even")!;
  Array.from(line.y as Float64Array).forEach((held, i) => {
    expect(held).toBeCloseTo((i + 1) / 20, 2);
  });
  const signals = (["LONG", "SHORT", "HOLD", "SHORT"] as const).map((direction) => ({ direction }));
  const decisions = { asset: [0, 1, 0, 1], decidedAt: [1e6, 1e6, 2e6, 2e6], signals };
  const strip = signalStripFigure({ title: "Sides", asset: 1, rows: [{ name: "rule", decisions }] });
  expect(strip.data.map(({ name }) => name)).toEqual(["SHORT"]);
});

test("boxes of a column do not meet, however many lines they have", () => {
  const lines = ["one", "two", "three"];
  const boxes = ["a", "b", "c", "d"].map((name) => ({ name, lines }));
  const shapes = diagramFigure({ title: "A network", columns: [boxes] }).layout.shapes as {
    y0: number;
    y1: number;
  }[];
  for (let i = 1; i < 4; i++) expect(shapes[i]!.y1).toBeLessThan(shapes[i - 1]!.y0);
});
