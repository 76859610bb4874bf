/** Drawings of a chain of steps: boxes in rows that are read like lines, with an arrow from each to the next. */
import { checkCount } from "../../../core/index.js";
import type { Figure, Layout } from "../../figure.js";
import { INK, PALETTE } from "../../palette.js";
import { wrap } from "../../text.js";
import { BOX_FONT_SIZE, type BoxPlace, boxFigure, type DiagramBox } from "./boxes.js";

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

const HALF = { halfWidth: 0.4, halfHeight: 0.31 };
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
    ...{ box, x: i % perRow, y: rows - 1 - Math.floor(i / perRow), ...HALF },
    colour: box.colour ?? PALETTE[Math.floor(i / perRow) % PALETTE.length]!,
  }));
  return boxFigure(places, {
    ...{ title, width, height: height ?? 120 + 120 * rows },
    ...{ xRange: [-0.5, perRow - 0.5], yRange: [-0.5, rows - 0.5] },
    corners: { x: [0, perRow - 1], y: [0, rows - 1] },
    arrows: places.slice(1).map((to, i) => arrow(places[i]!, to)),
  });
}

function boxesOf(given: ChainOptions["boxes"]): readonly DiagramBox[] {
  if (Array.isArray(given)) return given;
  return Object.entries(given).map(([name, text]) => ({ name, lines: wrap(text, LINE, BOX_FONT_SIZE) }));
}

/** To the right within a row; from the foot of a row's last box to the head of the next row's first. */
function arrow(from: BoxPlace, to: BoxPlace): Layout {
  const style = { text: "", showarrow: true, arrowhead: 2, arrowwidth: 1.25, arrowcolor: INK.axis };
  const axes = { xref: "x", yref: "y", axref: "x", ayref: "y" };
  const ends =
    from.y === to.y
      ? { x: to.x - to.halfWidth, y: to.y, ax: from.x + from.halfWidth, ay: from.y }
      : { x: to.x, y: to.y + to.halfHeight, ax: from.x, ay: from.y - from.halfHeight };
  return { ...style, ...axes, ...ends };
}
