/** Figures of portfolios of three assets: the simplex as a triangle, an asset at each corner. */
import { checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { INK } from "../../palette.js";
import { scatterFigure } from "./scatter.js";

/** A series of portfolios of three assets. */
export interface TriangleSeries {
  readonly name: string;
  /** [N][3] weights of sum 1; with a sum beside 1 a portfolio lies off the plane and cannot be drawn. */
  readonly portfolios: readonly ArrayLike<number>[];
  readonly colour?: string;
}

/** Options of `triangle`. */
export interface TriangleOptions {
  readonly title: string;
  /** Assets at the lower left, the lower right, and the upper corner. */
  readonly corners: readonly [string, string, string];
  readonly series: readonly TriangleSeries[];
  readonly width?: number;
  readonly height?: number;
}

const TOP = Math.sqrt(3) / 2;
const SLACK = 1e-6;

/**
 * Portfolios of three assets as points of a triangle: at a corner all capital is in one asset, at the centre a third in each.
 * @throws RangeError naming the portfolio that has not three weights of sum 1.
 */
export function triangleFigure({ corners, series, ...rest }: TriangleOptions): Figure {
  const [left, right, upper] = corners;
  const figure = scatterFigure({
    ...{
      ...rest,
      xTitle: `left corner ${left}, right corner ${right}`,
      yTitle: `upper corner ${upper}`,
      equalScale: true,
    },
    ...{ xRange: [-0.08, 1.08] as const, yRange: [-0.06, TOP + 0.06] as const },
    series: series.map((one) => {
      const points = one.portfolios.map((w, n) => pointOf(w, `${one.name}, portfolio ${n}`));
      return {
        ...{ name: one.name, x: points.map(([x]) => x), y: points.map(([, y]) => y) },
        ...(one.colour && { colour: one.colour }),
      };
    }),
  });
  const outline = {
    ...{
      type: "scatter",
      mode: "lines",
      x: [0, 1, 0.5, 0],
      y: [0, 0, TOP, 0],
      hoverinfo: "skip",
      showlegend: false,
    },
    ...{ name: "all portfolios", line: { color: INK.axis, width: 1.25 } },
  };
  const bare = { showgrid: false, showticklabels: false, ticks: "", zeroline: false };
  const { xaxis, yaxis } = figure.layout as Record<string, object>;
  return {
    data: [outline, ...figure.data],
    layout: { ...figure.layout, xaxis: { ...xaxis, ...bare }, yaxis: { ...yaxis, ...bare } },
  };
}

function pointOf(w: ArrayLike<number>, what: string): readonly [number, number] {
  checkLength(what, w, 3);
  const total = w[0]! + w[1]! + w[2]!;
  if (!(Math.abs(total - 1) < SLACK))
    throw new RangeError(`${what}: expected weights of sum 1, got ${total}`);
  return [w[1]! + w[2]! / 2, w[2]! * TOP];
}
