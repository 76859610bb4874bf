/** Figures of differences with their intervals. */
import { checkFinite } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { barFigure } from "../shapes/bars.js";

/** A difference and its standard error. */
export interface DifferenceRow {
  readonly name: string;
  readonly value: number;
  readonly error: number;
}

/** Options of `differences`. */
export interface DifferenceOptions extends Pick<FigureOptions, "title" | "xTitle" | "width" | "height"> {
  /** Rows with a name, a value and an error, or with other columns that stand for these. */
  readonly rows: readonly (DifferenceRow | Readonly<Record<string, unknown>>)[];
  /** The columns of the rows that are name, value and error. */
  readonly columns?: { readonly name: string; readonly value: string; readonly error: string };
  /** Half width of the intervals in standard errors: 1.645 by default, for 90 %. */
  readonly reach?: number;
}

const COLUMNS = { name: "name", value: "value", error: "error" } as const;

/**
 * Differences as bars to the right or left of zero, each with its interval; an interval that holds zero is no difference.
 * @throws RangeError when a row lacks a column or its number is not finite, or as `themed`.
 */
export function differenceFigure(options: DifferenceOptions): Figure {
  const { rows, columns = COLUMNS, reach = 1.645, ...figure } = options;
  const numbers = (column: string) =>
    rows.map((row) => Number((row as Readonly<Record<string, unknown>>)[column]));
  const names = rows.map((row) => String((row as Readonly<Record<string, unknown>>)[columns.name]));
  const [values, errors] = [numbers(columns.value), numbers(columns.error)];
  checkFinite(`column ${columns.value}`, values);
  checkFinite(`column ${columns.error}`, errors);
  const ends = (sign: number) => values.map((value, i) => value + sign * reach * errors[i]!);
  return barFigure({
    ...{ ...figure, yTitle: "", horizontal: true, categories: names },
    series: [{ name: "difference", values, lower: ends(-1), upper: ends(1) }],
  });
}
