/** Reference lines: values to compare with, straight across a figure. */
import type { Layout } from "./figure.js";
import { INK } from "./palette.js";

/** How an axis counts. On "date" positions are UTC milliseconds or ISO strings. */
export type AxisType = "linear" | "log" | "date" | "category";

/** A straight line across the figure at a value of one axis. */
export interface Reference {
  readonly axis: "x" | "y";
  readonly at: number | string;
  readonly label?: string;
  /** The end of the line at which the label stands: default "end", which is right or top. */
  readonly labelAt?: "start" | "end";
}

/** What the lines need to know of the axes. */
export interface ReferenceAxes {
  readonly xType?: AxisType;
  readonly yType?: AxisType;
  /** [from, to] in the units of the axis, on a log axis too. */
  readonly yRange?: readonly [number, number];
  readonly references?: readonly Reference[];
}

const ENDS = {
  start: { x: { x: 0, xanchor: "left" }, y: { y: 0, yanchor: "bottom" } },
  end: { x: { x: 1, xanchor: "right" }, y: { y: 1, yanchor: "top" } },
} as const;
const OVER = { yanchor: "bottom", yshift: 2 } as const;
const UNDER = { yanchor: "top", yshift: -2 } as const;

/** The part of a layout that draws the lines and their labels. */
export function referenceMarks(axes: ReferenceAxes): Layout {
  const references = axes.references ?? [];
  return {
    shapes: references.map(lineOf),
    annotations: references.flatMap((reference) => labelOf(reference, axes)),
  };
}

function lineOf({ axis: along, at }: Reference): Layout {
  return {
    type: "line",
    layer: "above",
    line: { color: INK.reference, width: 1.25, dash: "dash" },
    ...(along === "x"
      ? { xref: "x", yref: "y domain", x0: at, x1: at, y0: 0, y1: 1 }
      : { xref: "x domain", yref: "y", x0: 0, x1: 1, y0: at, y1: at }),
  };
}

/** The label of a vertical line stands at its right, that of a horizontal one above it where there is room. */
function labelOf({ axis: along, at, label, labelAt = "end" }: Reference, axes: ReferenceAxes): Layout[] {
  if (label === undefined) return [];
  const type = along === "x" ? axes.xType : axes.yType;
  const place = type === "log" && typeof at === "number" ? Math.log10(at) : at; // Plotly's labels want the power
  const below = isNearTop(at, axes);
  const end = ENDS[labelAt];
  return [
    {
      text: label,
      showarrow: false,
      font: { size: 12, color: INK.reference },
      ...{ bgcolor: "rgba(255,255,255,0.8)", borderpad: 1 },
      ...(along === "x"
        ? { xref: "x", x: place, xanchor: "left", xshift: 3, yref: "y domain", ...end.y }
        : { yref: "y", y: place, xref: "x domain", ...end.x, ...(below ? UNDER : OVER) }),
    },
  ];
}

/** Whether a label above `at` would leave the range that the caller fixed. */
function isNearTop(at: number | string, { yRange, yType }: ReferenceAxes): boolean {
  if (!yRange || typeof at !== "number") return false;
  const scale = yType === "log" ? Math.log10 : (value: number) => value;
  const [from, to] = [scale(yRange[0]), scale(yRange[1])];
  return (scale(at) - from) / (to - from) > 0.92;
}
