/** A trade-off with its elbow: the point furthest from the line between the ends. */
import { checkLength } from "../../../core/index.js";
import type { Figure, Layout, Trace } from "../../figure.js";
import { colourOf, INK } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";

/** Options of `elbow`. */
export interface ElbowOptions
  extends Pick<FigureOptions, "title" | "xTitle" | "yTitle" | "width" | "height"> {
  /** [N] points, in the order of the curve. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** One a point, written beside it. */
  readonly labels: readonly string[];
  /** Index of the elbow, which stands out. */
  readonly index: number;
}

/**
 * The points joined by a line, with the straight line between the first and the last; every point has its label.
 * @throws RangeError when lengths differ, there is no such point, or as `themed`.
 */
export function elbowFigure({ x, y, labels, index, ...options }: ElbowOptions): Figure {
  const count = x.length;
  checkLength("y", y, count);
  checkLength("labels", labels, count);
  if (!(index in labels)) throw new RangeError(`index: expected a point below ${count}, got ${index}`);
  const places = Array.from(x);
  const [least, most] = [Math.min(...places), Math.max(...places)];
  const ends = (values: ArrayLike<number>) => [values[0]!, values[count - 1]!];
  const line: Trace = {
    ...{ type: "scatter", mode: "lines", name: "line between the ends", x: ends(x), y: ends(y) },
    line: { color: INK.reference, width: 1.25, dash: "dash" },
  };
  const points: Trace = {
    ...{ type: "scatter", mode: "lines+markers", name: "trained, mean of seeds", x, y },
    line: { color: colourOf(0), width: 2.25 },
    marker: { color: colourOf(0), size: labels.map((_, i) => (i === index ? 14 : 7)) },
  };
  const beside = (label: string, i: number): Layout => ({
    ...{ text: label, x: x[i]!, y: y[i]!, xref: "x", yref: "y", showarrow: false },
    ...{ xanchor: "left", xshift: 10, yanchor: "bottom" },
    font: { size: 12, color: INK.text, weight: i === index ? 600 : 400 },
  });
  const room = most - least;
  return themed(
    [line, points],
    { ...options, xRange: [least - 0.04 * room, most + 0.16 * room] },
    {
      layout: { annotations: labels.map(beside) },
    },
  );
}
