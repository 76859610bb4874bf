/** Figures of bars. */
import { checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { colourOf, INK } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";
import { errorBar } from "./scatter.js";

/** One bar a category. */
export interface BarSeries {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Ends of an error bar, in the units of the values. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
  readonly colour?: string;
}

/** Options of `bars`. */
export interface BarOptions extends FigureOptions {
  readonly categories: readonly string[];
  readonly series: readonly BarSeries[];
  /** True for bars to the right, one below the other: room for long names. The titles stay with their axes: x is the value's. */
  readonly horizontal?: boolean;
  /** True to put the series on top of one another instead of side by side. */
  readonly stacked?: boolean;
}

/**
 * Bars by category, side by side for several series, with optional error bars.
 * @throws RangeError when lengths differ, an error bar has one end only, or as `themed`.
 */
export function barFigure(options: BarOptions): Figure {
  const horizontal = options.horizontal ?? false;
  const traces = options.series.map((series, i) => barTrace(series, i, options.categories, horizontal));
  const names = { type: "category", showgrid: false, ...(horizontal ? { autorange: "reversed" } : {}) };
  const value = { zeroline: true, zerolinecolor: INK.axis, zerolinewidth: 1 };
  return themed(traces, options, {
    xaxis: horizontal ? value : names,
    yaxis: horizontal ? names : value,
    layout: { barmode: options.stacked ? "relative" : "group", bargap: 0.3, bargroupgap: 0.08 },
  });
}

function barTrace(series: BarSeries, i: number, categories: readonly string[], horizontal: boolean): Trace {
  const { name, values, lower, upper } = series;
  checkLength(`values of "${name}"`, values, categories.length);
  const error = errorBar(`"${name}"`, horizontal ? "error_x" : "error_y", values, lower, upper, INK.text);
  return {
    ...{ type: "bar", name, marker: { color: colourOf(i, series.colour), line: { width: 0 } } },
    ...(horizontal ? { orientation: "h", x: values, y: categories } : { x: categories, y: values }),
    ...error,
  };
}
