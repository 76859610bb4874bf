/** Drawings of a chain of steps: boxes in rows that are read like lines, with an arrow from each to the next. */
import { checkCount } from "../../../core/index.js";
import type { Figure, Layout } from "../../figure.js";
import { INK, PALETTE, translucent } from "../../palette.js";
import { wrap } from "../../text.js";
import { themed } from "../../theme.js";
import type { DiagramBox } from "./diagram.js";

/** Settings of a drawing of steps, one after the other. */
export interface ChainOptions {
  readonly title: string;
  /** In the order of the chain: as boxes, or a text by name, which is broken into lines that fit. */
  readonly boxes: readonly DiagramBox[] | Readonly<Record<string, string>>;
  /** Boxes in a row, 3 by default: so many fit the width of a phone. */
  readonly perRow?: number;
  readonly width?: number;
  readonly height?: number;
}

const BOX = { width: 0.8, height: 0.62 };
const FONT_SIZE = 12;
/** Pixels of a line in a box on a phone. */
const LINE = 104;

/**
 * Boxes in rows, read from left to right and from top to bottom, and an arrow from each to the next.
 * @throws RangeError when there is no box.
 */
export function chainFigure({ title, boxes: given, perRow = 3, width, height }: ChainOptions): Figure {
  checkCount("perRow", perRow);
  const boxes = boxesOf(given);
  checkCount("boxes", boxes.length);
  const rows = Math.ceil(boxes.length / perRow);
  const places = boxes.map((box, i) => ({
    ...{ box, x: i % perRow, y: rows - 1 - Math.floor(i / perRow) },
    colour: box.colour ?? PALETTE[Math.floor(i / perRow) % PALETTE.length]!,
  }));
  const hidden = { visible: false, showgrid: false, zeroline: false };
  const figure = themed(
    [
      {
        ...{ type: "scatter", mode: "markers", name: title, showlegend: false, hoverinfo: "skip" },
        ...{ x: [0, perRow - 1], y: [0, rows - 1], marker: { opacity: 0 } },
      },
    ],
    {
      ...{ title, xTitle: "", yTitle: "", height: height ?? 120 + 120 * rows },
      ...(width === undefined ? {} : { width }),
      ...{ xRange: [-0.5, perRow - 0.5], yRange: [-0.5, rows - 0.5] },
    },
    { xaxis: hidden, yaxis: hidden },
  );
  const arrows = places.slice(1).map((to, i) => arrow(places[i]!, to));
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

function boxesOf(given: ChainOptions["boxes"]): readonly DiagramBox[] {
  if (Array.isArray(given)) return given;
  return Object.entries(given).map(([name, text]) => ({ name, lines: wrap(text, LINE, FONT_SIZE) }));
}

interface Place {
  readonly box: DiagramBox;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

function rectangle({ x, y, colour }: Place): Layout {
  return {
    ...{ type: "rect", xref: "x", yref: "y", layer: "below" },
    ...{ x0: x - BOX.width / 2, x1: x + BOX.width / 2, y0: y - BOX.height / 2, y1: y + BOX.height / 2 },
    ...{ line: { color: colour, width: 1.5 }, fillcolor: translucent(colour, 0.12) },
  };
}

function label({ box, x, y }: Place): Layout {
  const text = [`<b>${box.name}</b>`, ...(box.lines ?? [])].join("<br>");
  return { text, x, y, xref: "x", yref: "y", showarrow: false, font: { size: FONT_SIZE, color: INK.text } };
}

/** To the right within a row; from the foot of a row's last box to the head of the next row's first. */
function arrow(from: Place, to: Place): Layout {
  const style = { text: "", showarrow: true, arrowhead: 2, arrowwidth: 1.25, arrowcolor: INK.axis };
  const axes = { xref: "x", yref: "y", axref: "x", ayref: "y" };
  const ends =
    from.y === to.y
      ? { x: to.x - BOX.width / 2, y: to.y, ax: from.x + BOX.width / 2, ay: from.y }
      : { x: to.x, y: to.y + BOX.height / 2, ax: from.x, ay: from.y - BOX.height / 2 };
  return { ...style, ...axes, ...ends };
}
