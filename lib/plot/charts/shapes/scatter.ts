/** Figures of points. */
import { checkLength } from "../../../core/index.js";
import type { Figure, Layout, Trace } from "../../figure.js";
import { colourOf, INK, translucent } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";
import type { Positions } from "./curves.js";

/** Points of one group. */
export interface ScatterSeries {
  readonly name: string;
  readonly x: Positions;
  readonly y: ArrayLike<number>;
  /** Ends of an error bar through each point, in the units of its axis. */
  readonly xLower?: ArrayLike<number>;
  readonly xUpper?: ArrayLike<number>;
  readonly yLower?: ArrayLike<number>;
  readonly yUpper?: ArrayLike<number>;
  /** What hovering over each point tells. */
  readonly labels?: readonly string[];
  /** "#RRGGBB"; default the palette's next. */
  readonly colour?: string;
}

/** Options of `scatter`. */
export interface ScatterOptions extends FigureOptions {
  readonly series: readonly ScatterSeries[];
  /** Draws the line y = x, labelled with this text. */
  readonly diagonal?: string;
  /** True to give both axes the same scale, so that a circle is round. */
  readonly equalScale?: boolean;
}

/**
 * Groups of points, with optional error bars and the line of equality.
 * @throws RangeError when lengths differ, an error bar has one end only, or as `themed`.
 */
export function scatterFigure(options: ScatterOptions): Figure {
  const groups = options.series.map((series, i) => pointTrace(series, colourOf(i, series.colour)));
  const line = options.diagonal === undefined ? [] : [diagonalTrace(options.diagonal, options)];
  return themed([...line, ...groups], options, options.equalScale ? EQUAL_SCALE : {});
}

/** Both axes with the same scale: the plot becomes as narrow as its data. */
export const EQUAL_SCALE = {
  xaxis: { constrain: "domain", constraintoward: "left" },
  yaxis: { scaleanchor: "x", scaleratio: 1, constrain: "domain" },
} as const;

function pointTrace(series: ScatterSeries, colour: string): Trace {
  const { name, x, y, labels } = series;
  checkLength(`x of "${name}"`, x, y.length);
  if (labels) checkLength(`labels of "${name}"`, labels, y.length);
  const crowded = y.length > 300;
  return {
    ...{ type: "scatter", mode: "markers", name, legendgroup: name, x, y },
    marker: { color: translucent(colour, crowded ? 0.5 : 0.8), size: crowded ? 4 : 7, line: { width: 0 } },
    ...errorBar(`x of "${name}"`, "error_x", x as ArrayLike<number>, series.xLower, series.xUpper, colour),
    ...errorBar(`y of "${name}"`, "error_y", y, series.yLower, series.yUpper, colour),
    ...(labels ? { text: labels, hovertemplate: "%{text}<br>%{x}, %{y}<extra></extra>" } : {}),
  };
}

/**
 * The Plotly attribute of error bars from `lower` to `upper` about `centre`; nothing where neither is given.
 * @throws RangeError when only one is given or the lengths differ.
 */
export function errorBar(
  what: string,
  attribute: "error_x" | "error_y",
  centre: ArrayLike<number>,
  lower: ArrayLike<number> | undefined,
  upper: ArrayLike<number> | undefined,
  colour: string,
): Layout {
  if (!lower && !upper) return {};
  if (!lower || !upper)
    throw new RangeError(`error bar in ${what}: expected lower and upper, got one of them`);
  checkLength(`lower end in ${what}`, lower, centre.length);
  checkLength(`upper end in ${what}`, upper, centre.length);
  return {
    [attribute]: {
      type: "data",
      symmetric: false,
      array: Array.from(centre, (value, i) => upper[i]! - value),
      arrayminus: Array.from(centre, (value, i) => value - lower[i]!),
      ...{ color: colour, thickness: 1.25, width: 3 },
    },
  };
}

/** From the least to the greatest number on either axis. */
function diagonalTrace(name: string, options: ScatterOptions): Trace {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { x, y } of options.series) {
    for (const value of [...Array.from(x as ArrayLike<number>), ...Array.from(y)]) {
      if (!Number.isFinite(value)) continue;
      from = Math.min(from, value);
      to = Math.max(to, value);
    }
  }
  return {
    ...{ type: "scatter", mode: "lines", name, x: [from, to], y: [from, to] },
    line: { color: INK.reference, width: 1.25, dash: "dash" },
    hoverinfo: "skip",
  };
}
