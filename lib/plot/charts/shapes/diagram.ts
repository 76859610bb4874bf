/** Drawings of networks: boxes in columns, with arrows from each column to the next. */
import { checkCount } from "../../../core/index.js";
import type { Figure, Layout } from "../../figure.js";
import { INK, PALETTE } from "../../palette.js";
import { type BoxPlace, boxFigure, type DiagramBox } from "./boxes.js";

/** Options of `diagram`. */
export interface DiagramOptions {
  readonly title: string;
  /** From left to right; the boxes of a column stand below one another. */
  readonly columns: readonly (readonly DiagramBox[])[];
  readonly width?: number;
  readonly height?: number;
}

const HALF_WIDTH = 0.38;

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
  return boxFigure(places.flat(), {
    ...{ title, width, height, arrows },
    ...{ xRange: [-0.5, columns.length - 0.5], yRange: [0, 1] },
    corners: { x: [0, columns.length - 1], y: [0, 1] },
  });
}

/** Box `b` of `count` in a column: as high as its lines, and never so high that it meets the next. */
function placeOf(box: DiagramBox, column: number, b: number, count: number): BoxPlace {
  const colour = box.colour ?? PALETTE[column % PALETTE.length]!;
  const halfHeight = Math.min(0.045 * (1.6 + (box.lines?.length ?? 0)), 0.47 / count);
  return { box, colour, x: column, y: 1 - (b + 0.5) / count, halfWidth: HALF_WIDTH, halfHeight };
}

function arrow(from: BoxPlace, to: BoxPlace): Layout {
  return {
    ...{ text: "", showarrow: true, arrowhead: 2, arrowsize: 1, arrowwidth: 1.25, arrowcolor: INK.axis },
    ...{ xref: "x", yref: "y", x: to.x - to.halfWidth, y: to.y },
    ...{ axref: "x", ayref: "y", ax: from.x + from.halfWidth, ay: from.y },
  };
}
