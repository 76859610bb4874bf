/** The house style: what all figures have in common. */
import { checkPositive } from "../core/index.js";
import { checkFigure, type Figure, type Layout, type Trace } from "./figure.js";
import { INK, PALETTE } from "./palette.js";
import { type AxisType, type ReferenceAxes, referenceMarks } from "./references.js";
import { textWidth, wrap } from "./text.js";

/** Pixels of a figure where no other size is asked for. */
export const SIZE = { width: 760, height: 420 } as const;

const FONT = "Open Sans, Helvetica Neue, Helvetica, Arial, sans-serif";
const TITLE = { size: 16, line: 21, top: 14, side: 16 } as const;
const LEGEND = { size: 12.5, row: 20, symbol: 40, gap: 8 } as const;
const MARGIN = { left: 60, right: 24, bottom: 52 } as const;

/** What every figure is told. Axis titles carry their units: "time [h]", "log-return [bp]". */
export interface FigureOptions extends ReferenceAxes {
  /** The finding as a sentence; wrapped to the figure's width. */
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xRange?: readonly [number, number];
  /** Pixels of the picture. A live figure keeps the height and takes the width it gets. */
  readonly width?: number;
  readonly height?: number;
}

/** What a figure function may set beyond its caller's options. */
export interface Extras {
  readonly xaxis?: Layout;
  readonly yaxis?: Layout;
  readonly layout?: Layout;
}

/**
 * The traces in the house style, checked: title and legend above the plot, where they cover no data.
 * @throws RangeError as `checkFigure`, when a size is not positive, or a range has no length or does not fit a log axis.
 */
export function themed(traces: readonly Trace[], options: FigureOptions, extras: Extras = {}): Figure {
  const base = frame(options.title, traces, options);
  const { t, b } = base.margin as { t: number; b: number };
  const { xTitle, yTitle, xType, yType, xRange, yRange } = options;
  const across = (options.width ?? SIZE.width) - MARGIN.left - MARGIN.right;
  const up = (base.height as number) - t - b;
  return checkFigure({
    data: traces,
    layout: {
      ...base,
      xaxis: { ...axis({ title: xTitle, room: across, type: xType, range: xRange }), ...extras.xaxis },
      yaxis: { ...axis({ title: yTitle, room: up, type: yType, range: yRange }), ...extras.yaxis },
      ...referenceMarks(options),
      ...extras.layout,
    },
  });
}

/** The layout without its axes: title, legend, and margins that leave room for both. */
export function frame(
  title: string,
  traces: readonly Trace[],
  size: { readonly width?: number; readonly height?: number },
): Layout {
  const width = size.width ?? SIZE.width;
  const height = size.height ?? SIZE.height;
  checkPositive("width", width);
  checkPositive("height", height);
  const lines = wrap(title, width - 2 * TITLE.side, TITLE.size * 1.04);
  const rows = legendRows(traces, width - MARGIN.left - MARGIN.right);
  const top = TITLE.top + lines.length * TITLE.line + 8 + rows * LEGEND.row + (rows > 0 ? 6 : 0);
  return {
    title: {
      text: lines.join("<br>"),
      font: { size: TITLE.size, weight: 600, color: INK.text },
      ...{ x: 0, xref: "container", xanchor: "left" },
      ...{ y: 1, yref: "container", yanchor: "top" },
      pad: { l: TITLE.side, t: TITLE.top + ((lines.length - 1) * TITLE.line) / 2 }, // Plotly centres the lines there
    },
    font: { family: FONT, size: 13, color: INK.text },
    ...(size.width === undefined ? {} : { width }),
    height,
    margin: { l: MARGIN.left, r: MARGIN.right, t: top, b: MARGIN.bottom },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    colorway: PALETTE,
    showlegend: rows > 0,
    legend: {
      orientation: "h",
      ...{ x: 0, xanchor: "left", y: 1.0, yanchor: "bottom" },
      font: { size: LEGEND.size },
      bgcolor: "rgba(255,255,255,0)",
      tracegroupgap: 0,
    },
    hovermode: "closest",
    hoverlabel: { font: { family: FONT, size: 12 } },
  };
}

/** What an axis is told. */
export interface AxisOptions {
  readonly title: string;
  /** Pixels its title may take before it is wrapped. */
  readonly room: number;
  readonly type?: AxisType | undefined;
  readonly range?: readonly [number, number] | undefined;
}

/** An axis in the house style. */
export function axis({ title, room, type = "linear", range }: AxisOptions): Layout {
  return {
    title: { text: wrap(title, room, 13).join("<br>"), standoff: 10, font: { size: 13 } },
    type,
    automargin: true,
    ...{ showline: true, linecolor: INK.axis, linewidth: 1 },
    ...{ ticks: "outside", ticklen: 4, tickcolor: INK.axis, tickfont: { size: 12 } },
    ...{ showgrid: true, gridcolor: INK.grid, zeroline: false },
    ...{ exponentformat: "power", minexponent: 6 },
    ...(range ? { range: axisRange(range, type), autorange: false } : {}),
  };
}

/** Plotly takes the range of a log axis as powers of ten. */
function axisRange([from, to]: readonly [number, number], type: AxisType): number[] {
  if (!(Math.abs(to - from) > 0) || (type === "log" && !(from > 0 && to > 0))) {
    throw new RangeError(`range of a ${type} axis: expected two different ends, got ${from} and ${to}`);
  }
  return type === "log" ? [Math.log10(from), Math.log10(to)] : [from, to];
}

/** Rows the legend takes at `width` pixels: none for a single entry. */
function legendRows(traces: readonly Trace[], width: number): number {
  const shown = traces.filter((trace) => trace.name !== undefined && trace.showlegend !== false);
  const names = new Set(shown.map((trace) => trace.name!));
  if (names.size < 2) return 0;
  const entries = [...names].map((name) => LEGEND.symbol + textWidth(name, LEGEND.size) + LEGEND.gap);
  if (entries.reduce((total, entry) => total + entry, 0) <= width) return 1;
  const columns = Math.max(1, Math.floor(width / Math.max(...entries)));
  return Math.ceil(entries.length / columns);
}
