/** What drawings of boxes and arrows share: the boxes at their places, and a figure without axes that holds them. */
import type { Figure, Layout } from "../../figure.js";
import { INK, translucent } from "../../palette.js";
import { themed } from "../../theme.js";

/** One box. */
export interface DiagramBox {
  /** Stands in bold. */
  readonly name: string;
  /** Lines below the name, such as shapes and formulas. */
  readonly lines?: readonly string[];
  /** "#RRGGBB"; default that of its column. */
  readonly colour?: string;
}

/** A box and where it stands: its middle, and half of its width and height. */
export interface BoxPlace {
  readonly box: DiagramBox;
  readonly colour: string;
  readonly x: number;
  /** Grows upwards. */
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** Pixels of the text in a box. */
export const BOX_FONT_SIZE = 12;

/** What a drawing of boxes needs beside them. */
export interface BoxOptions {
  readonly title: string;
  /** As annotations of Plotly. */
  readonly arrows: readonly Layout[];
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  /** A corner and the one across: what an invisible marker stands at, so that the axes have a trace. */
  readonly corners: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly width?: number | undefined;
  readonly height: number;
}

/** Boxes at their places with arrows between them, and no axes. */
export function boxFigure(places: readonly BoxPlace[], options: BoxOptions): Figure {
  const { title, arrows, xRange, yRange, corners, width, height } = options;
  const hidden = { visible: false, showgrid: false, zeroline: false };
  const figure = themed(
    [
      {
        ...{ type: "scatter", mode: "markers", name: title, showlegend: false, hoverinfo: "skip" },
        ...{ ...corners, marker: { opacity: 0 } },
      },
    ],
    {
      ...{ title, xTitle: "", yTitle: "", height, ...(width === undefined ? {} : { width }) },
      ...{ xRange, yRange },
    },
    { xaxis: hidden, yaxis: hidden },
  );
  return {
    ...figure,
    layout: {
      ...figure.layout,
      margin: { ...(figure.layout.margin as Layout), l: 12, r: 12, b: 12 },
      shapes: places.map(rectangle),
      annotations: [...arrows, ...places.map(label)],
    },
  };
}

function rectangle({ x, y, halfWidth, halfHeight, colour }: BoxPlace): Layout {
  return {
    ...{ type: "rect", xref: "x", yref: "y", layer: "below" },
    ...{ x0: x - halfWidth, x1: x + halfWidth, y0: y - halfHeight, y1: y + halfHeight },
    ...{ line: { color: colour, width: 1.5 }, fillcolor: translucent(colour, 0.12) },
  };
}

function label({ box, x, y }: BoxPlace): Layout {
  const text = [`<b>${box.name}</b>`, ...(box.lines ?? [])].join("<br>");
  const font = { size: BOX_FONT_SIZE, color: INK.text };
  return { text, x, y, xref: "x", yref: "y", showarrow: false, font };
}
