/** Figures of differences with their intervals. */
import type { Figure } from "../figure.js";
import type { FigureOptions } from "../theme.js";
import { barFigure } from "./bars.js";

/** A difference and its standard error. */
export interface DifferenceRow {
  readonly name: string;
  readonly value: number;
  readonly error: number;
}

/** Options of `differences`. */
export interface DifferenceOptions extends Pick<FigureOptions, "title" | "xTitle" | "width" | "height"> {
  readonly rows: readonly DifferenceRow[];
  /** Half width of the intervals in standard errors: 1.645 by default, for 90 %. */
  readonly reach?: number;
}

/**
 * Differences as bars to the right or left of zero, each with its interval; an interval that holds zero is no difference.
 * @throws RangeError as `themed`.
 */
export function differenceFigure({ rows, reach = 1.645, ...options }: DifferenceOptions): Figure {
  const ends = (sign: number) => rows.map(({ value, error }) => value + sign * reach * error);
  return barFigure({
    ...{ ...options, yTitle: "", horizontal: true, categories: rows.map(({ name }) => name) },
    series: [{ name: "difference", values: rows.map(({ value }) => value), lower: ends(-1), upper: ends(1) }],
  });
}
