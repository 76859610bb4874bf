import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import { contourFigure } from "../../../lib/plot/charts/shapes/contours.js";
import type { Trace } from "../../../lib/plot/figure.js";

const words = { title: "One", xTitle: "intercept", yTitle: "slope" };
const cov = [
  [2, 1.2],
  [1.2, 1],
];
const grid = Array.from({ length: 121 }, (_, i) => (i - 60) / 10);

/** Whether (x, y) lies inside the closed line, by the number of crossings. */
function inside(x: number, y: number, line: readonly (readonly [number, number])[]): boolean {
  let crossings = 0;
  for (let i = 1; i < line.length; i++) {
    const [[x0, y0], [x1, y1]] = [line[i - 1]!, line[i]!];
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) * (x1 - x0)) / (y1 - y0)) crossings += 1;
  }
  return crossings % 2 === 1;
}

test("an ellipse holds the share of the draws that it says", () => {
  const { data } = contourFigure({ ...words, ellipses: [{ name: "q", mean: [3, -1], cov, levels: [0.8] }] });
  const { x, y } = data[0] as unknown as { x: number[]; y: number[] };
  const line = x.map((value, i) => [value, y[i]!] as const).slice(0, -1);
  const count = 40_000;
  const [a, b] = [normals(key("a"), count), normals(key("b"), count)];
  let held = 0;
  for (let i = 0; i < count; i++) {
    const first = Math.SQRT2 * a[i]!;
    const second = (1.2 / Math.SQRT2) * a[i]! + Math.sqrt(1 - 0.72) * b[i]!;
    if (inside(3 + first, second - 1, line)) held += 1;
  }
  expect(Math.abs(held / count - 0.8)).toBeLessThan(0.008); // four standard errors
});

/** Share of the mass of exp(−r²/2) on the grid where the drawn ranks reach `rank`. */
function massAbove(trace: Trace, rank: number): number {
  const z = trace.z as number[][];
  let [held, total] = [0, 0];
  for (const [i, y] of grid.entries()) {
    for (const [j, x] of grid.entries()) {
      const mass = Math.exp(-(x * x + y * y) / 2);
      total += mass;
      if (z[i]![j]! >= rank) held += mass;
    }
  }
  return held / total;
}

test("the lines of a gridded density hold the shares of its mass", () => {
  const density = grid.map((y) => grid.map((x) => 7 * Math.exp(-(x * x + y * y) / 2)));
  const { data } = contourFigure({
    ...words,
    grids: [{ name: "p", x: grid, y: grid, density, levels: [0.5, 0.9] }],
  });
  expect(data[0]).toMatchObject({
    type: "contour",
    contours: { start: 1, end: 2, size: 1 },
    showlegend: false,
  });
  expect(Math.abs(massAbove(data[0]!, 1) - 0.9)).toBeLessThan(0.01);
  expect(Math.abs(massAbove(data[0]!, 2) - 0.5)).toBeLessThan(0.01);
});

test("what lies on top is drawn last, and colours go round once", () => {
  const density = grid.map(() => grid.map((x) => Math.exp(-x * x)));
  const { data } = contourFigure({
    ...words,
    grids: [{ name: "exact", x: grid, y: grid, density }],
    ellipses: [{ name: "mean field", mean: [0, 0], cov }],
    points: [{ name: "draws", x: [1], y: [1] }],
  });
  expect(data.map((trace) => trace.name)).toEqual(["draws", "exact", "exact", "mean field"]);
  const colours = data.map((trace) => (trace.line as { color: string } | undefined)?.color);
  expect(new Set(colours.slice(1)).size).toBe(2);
});

test.each<[string, object, string]>([
  ["a level of one", { levels: [1] }, 'levels of "q": expected shares between 0 and 1, got [1]'],
  ["no levels", { levels: [] }, 'levels of "q": expected shares between 0 and 1, got []'],
  ["a mean of three", { mean: [0, 0, 0] }, 'mean of "q": expected 2 values, got 3'],
  [
    "a covariance that is none",
    {
      cov: [
        [1, 2],
        [2, 1],
      ],
    },
    'cov of "q": expected a symmetric positive definite matrix, got [[1, 2], [2, 1]]',
  ],
  [
    "a covariance that is not symmetric",
    {
      cov: [
        [1, 0.5],
        [0.4, 1],
      ],
    },
    "expected a symmetric positive definite matrix",
  ],
])("%s is refused by name", (_, given, message) => {
  expect(() => contourFigure({ ...words, ellipses: [{ name: "q", mean: [0, 0], cov, ...given }] })).toThrow(
    message,
  );
});
