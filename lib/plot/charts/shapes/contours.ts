/** Figures of two-dimensional densities laid over one another. */
import { checkFinite, checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { colourOf, translucent } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";
import { EQUAL_SCALE } from "./scatter.js";

/** A Gaussian, drawn as the ellipses that hold given shares of its mass. */
export interface Ellipse {
  readonly name: string;
  readonly mean: ArrayLike<number>;
  /** [2][2], positive definite. */
  readonly cov: readonly ArrayLike<number>[];
  /** Shares of the mass inside each line, such as [0.5, 0.95]. */
  readonly levels?: readonly number[];
  readonly style?: "solid" | "dash" | "dot";
  readonly colour?: string;
}

/** A density known on a grid, drawn as the lines that hold given shares of its mass (highest-density regions). */
export interface GridDensity {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** [y][x], not normalised, on an even grid. */
  readonly density: readonly ArrayLike<number>[];
  readonly levels?: readonly number[];
  readonly style?: "solid" | "dash" | "dot";
  readonly colour?: string;
}

/** Draws from a density. */
export interface Cloud {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly colour?: string;
}

/** Options of `contours`. */
export interface ContourOptions extends FigureOptions {
  readonly grids?: readonly GridDensity[];
  readonly ellipses?: readonly Ellipse[];
  readonly points?: readonly Cloud[];
  /** True to give both axes the same scale, so that an uncorrelated Gaussian of equal variances is round. */
  readonly equalScale?: boolean;
}

const LEVELS: readonly number[] = [0.5, 0.95];
const CORNERS = 96;

/**
 * Gridded and Gaussian densities as lines over one another, with optional draws: colours go to grids, ellipses, points.
 *
 * The lines hold half and 95 % of the mass unless `levels` says otherwise.
 * @throws RangeError when a level is not inside (0, 1), a covariance is not positive definite, lengths differ, or as `themed`.
 */
export function contourFigure(options: ContourOptions): Figure {
  const { grids = [], ellipses = [], points = [] } = options;
  const traces = [
    ...grids.map((grid, i) => gridTraces(grid, colourOf(i, grid.colour))),
    ...ellipses.map((ellipse, i) => [ellipseTrace(ellipse, colourOf(grids.length + i, ellipse.colour))]),
  ].flat();
  const clouds = points.map((cloud, i) =>
    cloudTrace(cloud, colourOf(grids.length + ellipses.length + i, cloud.colour)),
  );
  return themed([...clouds, ...traces], options, options.equalScale ? EQUAL_SCALE : {});
}

/** Within r standard deviations lies 1 − exp(−r²/2) of a Gaussian on the plane. */
function ellipseTrace({ name, mean, cov, levels = LEVELS, style = "solid" }: Ellipse, colour: string): Trace {
  checkLevels(name, levels);
  checkLength(`mean of "${name}"`, mean, 2);
  const [a, b, c] = choleskyOf(name, cov);
  const x: number[] = [];
  const y: number[] = [];
  for (const level of levels) {
    const radius = Math.sqrt(-2 * Math.log1p(-level));
    for (let i = 0; i <= CORNERS; i++) {
      const angle = (2 * Math.PI * i) / CORNERS;
      x.push(mean[0]! + radius * a * Math.cos(angle));
      y.push(mean[1]! + radius * (b * Math.cos(angle) + c * Math.sin(angle)));
    }
    x.push(mean[0]!);
    y.push(Number.NaN);
  }
  return {
    ...{ type: "scatter", mode: "lines", name, legendgroup: name, x, y },
    line: { color: colour, width: 2, dash: style },
    hoverinfo: "name",
  };
}

/** The lower factor of a 2 × 2 covariance: [l11, l21, l22]. */
function choleskyOf(name: string, cov: readonly ArrayLike<number>[]): [number, number, number] {
  checkLength(`cov of "${name}"`, cov, 2);
  const [top, bottom] = [cov[0]!, cov[1]!];
  const variance = top[0]!;
  const covariance = bottom[0]!;
  const left = bottom[1]! - covariance ** 2 / variance;
  if (
    !(variance > 0 && left > 0 && Math.abs(covariance - top[1]!) <= 1e-9 * Math.sqrt(variance * bottom[1]!))
  ) {
    const came = [top, bottom].map((row) => `[${Array.from(row).join(", ")}]`).join(", ");
    throw new RangeError(`cov of "${name}": expected a symmetric positive definite matrix, got [${came}]`);
  }
  return [Math.sqrt(variance), covariance / Math.sqrt(variance), Math.sqrt(left)];
}

/** Heights are mapped so that the lines wanted stand at 1, 2, …: one trace draws them all. A second names them in the legend. */
function gridTraces(grid: GridDensity, colour: string): Trace[] {
  const { name, x, y, density, levels = LEVELS, style = "solid" } = grid;
  checkLevels(name, levels);
  checkLength(`rows of the density of "${name}"`, density, y.length);
  for (const row of density) checkFinite(`density of "${name}"`, row);
  const heights = thresholds(density, levels);
  const knots = [...heights, density.reduce((most, row) => Math.max(most, ...Array.from(row)), 0)];
  const line = { color: colour, width: 2, dash: style };
  return [
    {
      ...{
        type: "contour",
        name,
        legendgroup: name,
        x,
        y,
        showscale: false,
        showlegend: false,
        hoverinfo: "skip",
      },
      z: density.map((row) => Array.from(row, (value) => rankOf(value, knots))),
      autocontour: false,
      contours: { start: 1, end: heights.length, size: 1, coloring: "none" },
      line,
    },
    {
      type: "scatter",
      mode: "lines",
      name,
      legendgroup: name,
      x: [x[0], x[0]],
      y: [y[0], y[0]],
      line,
      hoverinfo: "skip",
    },
  ];
}

/** Densities above which lie the given shares of the mass, ascending. */
function thresholds(density: readonly ArrayLike<number>[], levels: readonly number[]): number[] {
  const descending = Float64Array.from(density.flatMap((row) => Array.from(row)))
    .sort()
    .reverse();
  const above = Float64Array.from(descending);
  for (let i = 1; i < above.length; i++) above[i]! += above[i - 1]!;
  const total = above[above.length - 1]!;
  const heights = levels.map((level) => descending[above.findIndex((mass) => mass >= level * total)]!);
  return heights.sort((a, b) => a - b);
}

/** Piecewise linear: 0 at no density, i at the i-th of `knots`; three digits are enough for a line. */
function rankOf(value: number, knots: readonly number[]): number {
  const above = knots.findIndex((knot) => value < knot);
  if (above < 0) return knots.length;
  const from = above === 0 ? 0 : knots[above - 1]!;
  return Math.round(1000 * (above + (value - from) / (knots[above]! - from))) / 1000;
}

function cloudTrace({ name, x, y }: Cloud, colour: string): Trace {
  return {
    ...{ type: "scatter", mode: "markers", name, legendgroup: name, x, y, hoverinfo: "skip" },
    marker: { color: translucent(colour, 0.5), size: 4.5, line: { width: 0 } },
  };
}

function checkLevels(name: string, levels: readonly number[]): void {
  if (levels.length > 0 && levels.every((level) => level > 0 && level < 1)) return;
  throw new RangeError(`levels of "${name}": expected shares between 0 and 1, got [${levels.join(", ")}]`);
}
