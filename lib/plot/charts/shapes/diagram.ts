/** Drawings of networks: boxes in columns, with arrows from each column to the next. */
import { checkCount } from "../../../core/index.js";
import type { Figure, Layout } from "../../figure.js";
import { INK, PALETTE, translucent } from "../../palette.js";
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

/** Options of `diagram`. */
export interface DiagramOptions {
  readonly title: string;
  /** From left to right; the boxes of a column stand below one another. */
  readonly columns: readonly (readonly DiagramBox[])[];
  readonly width?: number;
  readonly height?: number;
}

const BOX = 0.76;

/**
 * Boxes in columns, and an arrow from every box to every box of the next column: how data pass through a network.
 * @throws RangeError when there is no column or a column has no box.
 */
export function diagramFigure({ title, columns, width, height = 360 }: DiagramOptions): Figure {
  checkCount("columns", columns.length);
  columns.forEach((boxes, c) => {
    checkCount(`boxes of column ${c}`, boxes.length);
  });
  const places = columns.map((boxes, c) => boxes.map((box, b) => placeOf(box, c, b, boxes.length)));
  const arrows = places.flatMap((column, c) =>
    column.flatMap((from) => (places[c + 1] ?? []).map((to) => arrow(from, to))),
  );
  const hidden = { visible: false, showgrid: false, zeroline: false };
  const figure = themed(
    [
      {
        ...{ type: "scatter", mode: "markers", name: title, showlegend: false, hoverinfo: "skip" },
        ...{ x: [0, columns.length - 1], y: [0, 1], marker: { opacity: 0 } },
      },
    ],
    {
      ...{ title, xTitle: "", yTitle: "", height, ...(width === undefined ? {} : { width }) },
      ...{ xRange: [-0.5, columns.length - 0.5], yRange: [0, 1] },
    },
    { xaxis: hidden, yaxis: hidden },
  );
  const all = places.flat();
  return {
    ...figure,
    layout: {
      ...figure.layout,
      margin: { ...(figure.layout.margin as Layout), l: 12, r: 12, b: 12 },
      shapes: all.map(rectangle),
      annotations: [...arrows, ...all.map(label)],
    },
  };
}

interface Place {
  readonly box: DiagramBox;
  readonly colour: string;
  readonly x: number;
  /** 0 at the bottom. */
  readonly y: number;
  readonly half: number;
}

/** Box `b` of `count` in a column: as high as its lines, and never so high that it meets the next. */
function placeOf(box: DiagramBox, column: number, b: number, count: number): Place {
  const colour = box.colour ?? PALETTE[column % PALETTE.length]!;
  const half = Math.min(0.045 * (1.6 + (box.lines?.length ?? 0)), 0.47 / count);
  return { box, colour, x: column, y: 1 - (b + 0.5) / count, half };
}

function rectangle({ x, y, half, colour }: Place): Layout {
  return {
    ...{ type: "rect", xref: "x", yref: "y", layer: "below" },
    ...{ x0: x - BOX / 2, x1: x + BOX / 2, y0: y - half, y1: y + half },
    ...{ line: { color: colour, width: 1.5 }, fillcolor: translucent(colour, 0.12) },
  };
}

function label({ box, x, y }: Place): Layout {
  const text = [`<b>${box.name}</b>`, ...(box.lines ?? [])].join("<br>");
  return { text, x, y, xref: "x", yref: "y", showarrow: false, font: { size: 12, color: INK.text } };
}

function arrow(from: Place, to: Place): Layout {
  return {
    ...{ text: "", showarrow: true, arrowhead: 2, arrowsize: 1, arrowwidth: 1.25, arrowcolor: INK.axis },
    ...{ xref: "x", yref: "y", x: to.x - BOX / 2, y: to.y },
    ...{ axref: "x", ayref: "y", ax: from.x + BOX / 2, ay: from.y },
  };
}
