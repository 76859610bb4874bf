import { expect, test } from "vitest";
import { key, normals } from "../../lib/core/random.js";
import { rocFigure } from "../../lib/plot/charts/estimates/roc.js";
import { associationFigure } from "../../lib/plot/charts/latents/associationGrid.js";
import { latentMapFigure } from "../../lib/plot/charts/latents/latentMap.js";
import { regimeStripFigure } from "../../lib/plot/charts/prices/regimeStrip.js";
import { hours, numbers, traceOf } from "./support/hours.js";

const words = { title: "One" };
const axes = { ...words, xTitle: "latent 0", yTitle: "latent 1" };
const regimes = ["bear", "sideways", "bull"];

const rows = 6000;
const regime = Uint8Array.from({ length: rows }, (_, n) => Math.floor(n / 100) % 3);
const x = normals(key("x"), rows).map((z, n) => z + 4 * regime[n]!);
const y = normals(key("y"), rows).map((z, n) => 2 * z + 0.5 * (x[n]! - 4 * regime[n]!));

// VI-26
test("each regime has its colour, and half of its rows inside its ellipse", () => {
  const figure = latentMapFigure({ ...axes, x, y, regimes, regime });
  expect(figure.data.map(({ name, mode, showlegend }) => [name, mode, showlegend])).toEqual([
    ...regimes.map((name) => [name, "markers", undefined]),
    ...regimes.map((name) => [name, "lines", false]),
  ]);
  const colours = figure.data.slice(3).map(({ line }) => (line as { color: string }).color);
  expect(new Set(colours).size).toBe(3);
  for (const [i, name] of regimes.entries()) {
    const line = figure.data[3 + i] as unknown as { x: number[]; y: number[] };
    const edge = line.x.slice(0, -1).map((px, p) => [px, line.y[p]!] as const);
    const own = Array.from(x.keys()).filter((n) => regimes[regime[n]!] === name);
    const held = own.filter((n) => inside(x[n]!, y[n]!, edge)).length / own.length;
    expect(Math.abs(held - 0.5)).toBeLessThan(0.035);
  }
});

/** Whether (x, y) lies inside the closed line, by the number of crossings. */
function inside(px: number, py: number, line: readonly (readonly [number, number])[]): boolean {
  let crossings = 0;
  for (let i = 1; i < line.length; i++) {
    const [[x0, y0], [x1, y1]] = [line[i - 1]!, line[i]!];
    if (y0 > py !== y1 > py && px < x0 + ((py - y0) * (x1 - x0)) / (y1 - y0)) crossings += 1;
  }
  return crossings % 2 === 1;
}

test("of many rows evenly spaced ones are drawn, of few all", () => {
  const drawn = (points?: number) => {
    const figure = latentMapFigure({ ...axes, x, y, regimes, regime, ...(points ? { points } : {}) });
    return regimes.map((name) => numbers(traceOf(figure, name).x).length);
  };
  expect(drawn()).toEqual([500, 500, 500]);
  expect(drawn(9000)).toEqual([2000, 2000, 2000]);
  const places = numbers(traceOf(latentMapFigure({ ...axes, x, y, regimes, regime }), "bull").x);
  expect(places.every((value) => x.includes(value))).toBe(true);
});

test("regimes without rows are left out, and those on a point have no ellipse", () => {
  const figure = latentMapFigure({
    ...axes,
    x: [1, 1, 1, 2, 5],
    y: [2, 2, 2, 7, 1],
    regimes,
    regime: [0, 0, 0, 2, 2],
  });
  expect(figure.data.map(({ name, mode }) => [name, mode])).toEqual([
    ["bear", "markers"],
    ["bull", "markers"],
  ]);
});

test("rows that do not fit a map are refused where they stand", () => {
  const map = (given: object) => () =>
    latentMapFigure({ ...axes, x: [1, 2], y: [1, 2], regimes, regime: [0, 1], ...given });
  expect(map({ regime: [0, 3] })).toThrow("regime[1]: expected an index below 3, got 3");
  expect(map({ y: [1] })).toThrow("y: expected 2 values, got 1");
  expect(map({ x: [1, Number.NaN] })).toThrow("x[1]: expected a finite number, got NaN");
});

const curve = { falsePositive: [0, 0, 0.5, 1], truePositive: [0, 0.5, 1, 1] };

// VI-84
test("curves stand against chance, with area and interval in the legend", () => {
  const series = [
    { name: "KL", ...curve, area: 0.875, lower: 0.7, upper: 0.951 },
    { name: "likelihood", ...curve, area: 0.5 },
  ];
  const figure = rocFigure({ ...words, series });
  expect(figure.data.map(({ name }) => name)).toEqual([
    ...["chance: AUROC 0.50", "KL: 0.88 [0.70, 0.95]", "likelihood: 0.50"],
  ]);
  expect(figure.data[1]).toMatchObject({ x: curve.falsePositive, y: curve.truePositive });
  expect(figure.layout.yaxis).toMatchObject({ scaleanchor: "x", range: [-0.01, 1.01] });
});

test("a curve of many thresholds keeps its ends and a few hundred points", () => {
  const grid = Float64Array.from({ length: 20_001 }, (_, i) => i / 20_000);
  const series = [{ name: "s", falsePositive: grid, truePositive: grid.map(Math.sqrt), area: 2 / 3 }];
  const places = numbers(rocFigure({ ...words, series }).data[1]!.x);
  expect([places[0], places.at(-1)]).toEqual([0, 1]);
  expect(places.length).toBeLessThan(410);
});

test("what is no curve is refused by name", () => {
  const roc = (given: object) => () =>
    rocFigure({ ...words, series: [{ name: "KL", ...curve, area: 0.8, ...given }] });
  expect(roc({ truePositive: [0, 1] })).toThrow('truePositive of "KL": expected 4 values, got 2');
  expect(roc({ falsePositive: [0, 0, 50, 100] })).toThrow('falsePositive of "KL"[2]: expected a share');
  expect(roc({ area: Number.NaN })).toThrow('area of "KL"[0]: expected a share in [0, 1], got NaN');
  expect(roc({ lower: 0.7 })).toThrow('interval of "KL": expected lower and upper, got one of them');
});

const cells = [
  { latent: 0, quantity: "volatility", measure: "spearman", value: -0.8, adjustedP: 0.005 },
  { latent: 0, quantity: "regime", measure: "eta²", value: 0.1, adjustedP: 0.4 },
  { latent: 3, quantity: "volatility", measure: "spearman", value: 0.02, adjustedP: 1 },
  { latent: 3, quantity: "regime", measure: "eta²", value: 0.6, adjustedP: 0.05 },
];

// VI-25
test("latents stand beside quantities, with a star where chance is no explanation", () => {
  const [trace] = associationFigure({ ...words, cells }).data;
  expect(trace).toMatchObject({
    ...{ y: ["z0", "z3"], x: ["volatility (ρ)", "regime (η²)"], zmin: -1, zmax: 1 },
    z: [
      [-0.8, 0.1],
      [0.02, 0.6],
    ],
    text: [
      ["−0.80 *", "0.10"],
      ["0.02", "0.60 *"],
    ],
  });
  const named = associationFigure({ ...words, cells, latents: ["a", "b", "c", "d"], level: 0.01 });
  expect(named.data[0]).toMatchObject({
    y: ["a", "d"],
    text: [
      ["−0.80 *", "0.10"],
      ["0.02", "0.60"],
    ],
  });
});

test("grids with holes, doubles or values beyond one are refused", () => {
  expect(() => associationFigure({ ...words, cells: cells.slice(1) })).toThrow(
    'cells: expected one of latent 0 and "volatility", got 0',
  );
  expect(() => associationFigure({ ...words, cells: [...cells, cells[3]!] })).toThrow(
    'cells: expected one of latent 3 and "regime", got 2',
  );
  expect(() => associationFigure({ ...words, cells: [{ ...cells[0]!, value: -1.2 }] })).toThrow(
    'value of latent 0 and "volatility": expected a number in [−1, 1], got -1.2',
  );
});

// VI-86
test("strips lie under one another, each run of a regime a box from its time to the next", () => {
  const time = hours(6);
  const figure = regimeStripFigure({
    ...{ ...words, regimes, time },
    rows: [
      { name: "truth", regime: [0, 0, 0, 2, 2, 2] },
      { name: "filtered", regime: [0, 0, 0, 0, 2, 2] },
    ],
  });
  expect(figure.data.map(({ name }) => name)).toEqual(["bear", "bull"]);
  const sides = numbers(traceOf(figure, "bull").x).filter(Number.isFinite);
  expect(sides).toEqual([time[3], time[5], time[5], time[3], time[4], time[5], time[5], time[4]]);
  const heights = numbers(traceOf(figure, "bear").y).filter(Number.isFinite);
  expect(heights.map((value) => value > 0.5)).toEqual([...Array(4).fill(true), ...Array(4).fill(false)]);
  expect(figure.layout.yaxis).toMatchObject({ tickvals: [1, 0], ticktext: ["truth", "filtered"] });
});

test("strips that do not fit the time are refused by row", () => {
  const strip = (own: ArrayLike<number>) => () =>
    regimeStripFigure({ ...words, regimes, time: hours(2), rows: [{ name: "truth", regime: own }] });
  expect(strip([0])).toThrow('regime of "truth": expected 2 values, got 1');
  expect(strip([0, 3])).toThrow("regime[1]: expected an index below 3, got 3");
  expect(() => regimeStripFigure({ ...words, regimes, time: hours(2), rows: [] })).toThrow(
    "rows: expected at least one, got none",
  );
});
