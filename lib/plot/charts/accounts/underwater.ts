/** Figures of drawdown. */

import type { Figure, Layout, Trace } from "../../figure.js";
import { fixed } from "../../numbers.js";
import { colourOf, INK, translucent } from "../../palette.js";
import { themed } from "../../theme.js";
import { thin } from "../../thin.js";
import { duration, pointsOf, TIME_AXIS, TIME_HOVER, type TimeOptions, utcDay } from "../../time.js";
import { checkEquity, type EquitySeries, underPeak } from "./equity.js";

/** Options of `underwater`. */
export interface UnderwaterOptions extends TimeOptions {
  /** The deepest fall of the first is marked with its dates. Their intervals and roles are not used. */
  readonly series: readonly EquitySeries[];
}

/** The deepest fall from a peak: bars of its series, and the share that was lost. */
interface Deepest {
  readonly depth: number;
  /** −1 for the capital before the first bar. */
  readonly peak: number;
  readonly trough: number;
  /** The first bar back at the peak; −1 when there is none. */
  readonly back: number;
}

/**
 * Depth of equity under its running peak, over time; the first series' deepest fall is shaded from peak to recovery.
 * @throws RangeError when there is no series, times do not ascend, a value is not finite, or as `themed`.
 */
export function underwaterFigure(options: UnderwaterOptions): Figure {
  const [first] = options.series;
  if (!first) throw new RangeError("series: expected at least one, got none");
  for (const series of options.series) checkEquity(series);
  const falls = options.series.map(({ equity, capital }) =>
    underPeak(equity, capital).map((share) => -100 * share),
  );
  const lowest = Math.min(-0.1, ...falls.map((fall) => fall.reduce((a, b) => Math.min(a, b), 0)));
  const deepest = deepestOf(falls[0]!);
  const points = options.points ?? pointsOf(options.series.length);
  const figure = themed(
    options.series.map((series, i) => fallTrace(series, falls[i]!, { i, points })),
    {
      yRange: [1.3 * lowest, -0.02 * lowest],
      ...spanOf(options.series),
      ...options,
      ...TIME_AXIS,
      yTitle: "drawdown [%]",
    },
    { xaxis: TIME_HOVER },
  );
  return deepest.depth > 0 ? marked(figure, first, { ...deepest, below: lowest }) : figure;
}

/** All times, without the margin that Plotly leaves beside a dot. */
function spanOf(series: readonly EquitySeries[]): Pick<UnderwaterOptions, "xRange"> {
  const from = Math.min(...series.map(({ time }) => time[0]!));
  const to = Math.max(...series.map(({ time }) => time[time.length - 1]!));
  return to > from ? { xRange: [from, to] } : {};
}

/** An equity back at its peak, or above it, has lost exactly nothing. */
function deepestOf(fall: Float64Array): Deepest {
  const trough = fall.reduce((least, value, t) => (value < fall[least]! ? t : least), 0);
  return {
    depth: -fall[trough]!,
    peak: fall.subarray(0, trough).lastIndexOf(0),
    trough,
    back: fall.findIndex((value, t) => t > trough && value === 0),
  };
}

function fallTrace(
  series: EquitySeries,
  fall: Float64Array,
  { i, points }: { readonly i: number; readonly points: number },
): Trace {
  const colour = colourOf(i, series.colour);
  const { x, y } = thin({ x: series.time, y: fall }, points);
  return {
    ...{ type: "scatter", mode: "lines", name: series.name, x, y },
    line: { color: colour, width: i === 0 ? 1.25 : 1.5 },
    ...(i === 0 ? { fill: "tozeroy", fillcolor: translucent(colour, 0.22) } : {}),
  };
}

/** The figure with the deepest fall shaded, its trough dotted, and told below all lines. */
function marked(
  figure: Figure,
  { time, colour }: EquitySeries,
  deepest: Deepest & { readonly below: number },
): Figure {
  const last = time.length - 1;
  const from = time[Math.max(0, deepest.peak)]!;
  const to = time[deepest.back < 0 ? last : deepest.back]!;
  const at = time[deepest.trough]!;
  const toRight = at - time[0]! < (time[last]! - time[0]!) / 2;
  const shade: Layout = {
    ...{ type: "rect", layer: "below", xref: "x", yref: "y domain", x0: from, x1: to, y0: 0, y1: 1 },
    ...{ fillcolor: translucent("#7f7f7f", 0.14), line: { width: 0 } },
  };
  const told: Layout = {
    text: textOf(time, deepest),
    ...{
      xref: "x",
      x: at,
      yref: "y",
      y: -deepest.depth,
      showarrow: false,
      font: { size: 12, color: INK.text },
    },
    ...(toRight ? { xanchor: "left", align: "left" } : { xanchor: "right", align: "right" }),
    ...{ yanchor: "top", yshift: -6 },
  };
  const dot: Trace = {
    ...{ type: "scatter", mode: "markers", name: "deepest", showlegend: false, cliponaxis: false },
    ...{ x: [at], y: [-deepest.depth], marker: { color: colourOf(0, colour), size: 8 } },
  };
  const { shapes, annotations } = figure.layout as Record<string, Layout[]>;
  return {
    data: [...figure.data, dot],
    layout: { ...figure.layout, shapes: [shade, ...shapes!], annotations: [...annotations!, told] },
  };
}

function textOf(time: ArrayLike<number>, { depth, peak, trough, back }: Deepest): string {
  const span = time[time.length - 1]! - time[0]!;
  const day = (t: number): string => utcDay(time[Math.max(0, t)]!, span);
  const open = depth >= 100 ? "ruined" : "not recovered";
  const end = back < 0 ? open : `recovered ${day(back)}`;
  const under = duration(time[back < 0 ? time.length - 1 : back]! - time[Math.max(0, peak)]!);
  return `−${fixed(depth, 1)} %: ${under} under water<br>peak ${day(peak)}, trough ${day(trough)}, ${end}`;
}
