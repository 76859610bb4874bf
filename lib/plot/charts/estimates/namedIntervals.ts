/** Figures of estimates with their intervals, by name. */
import { checkCount } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { interval } from "../../notebook/say.js";
import { wrap } from "../../text.js";
import type { FigureOptions } from "../../theme.js";
import { barFigure } from "../shapes/bars.js";

/** Pixels that a category may take to the left of the bars, and its font size. */
const [WIDTH, SIZE_OF_LABEL] = [170, 12] as const;

/** An estimate with the ends of its interval. */
export interface NamedInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** Options of `intervals`. */
export interface IntervalOptions extends Pick<FigureOptions, "title" | "xTitle" | "width" | "height"> {
  /** Series → category → estimate; the categories are those of the first series. */
  readonly series: Readonly<Record<string, Readonly<Record<string, NamedInterval>>>>;
}

/**
 * Estimates as bars to the right or left of zero, each with its interval: a row a category, its name broken where it is long, a colour a series.
 * @throws RangeError when there is no series, a series lacks a category of the first, or as `themed`.
 */
export function intervalFigure({ series, ...options }: IntervalOptions): Figure {
  const named = Object.entries(series);
  checkCount("series", named.length);
  const categories = Object.keys(named[0]![1]);
  const bars = named.map(([name, own]) => {
    const rows = categories.map((category) => {
      const row = own[category];
      if (!row) throw new RangeError(`series "${name}": expected an estimate of ${category}, got none`);
      return row;
    });
    return {
      name,
      values: rows.map(({ estimate }) => estimate),
      lower: rows.map(({ lower }) => lower),
      upper: rows.map(({ upper }) => upper),
    };
  });
  const wrapped = categories.map((category) => wrap(category, WIDTH, SIZE_OF_LABEL).join("<br>"));
  return barFigure({ ...options, yTitle: "", horizontal: true, categories: wrapped, series: bars });
}

/** Words for an interval that lies above zero, below it, or holds it. */
export interface IntervalWords {
  readonly above: string;
  readonly below: string;
  readonly neither: string;
}

/**
 * The same estimates as rows of a table, one a category: for each series the estimate with its interval, and the word for where that lies.
 * @throws RangeError as `intervals`.
 */
export function intervalRows(
  series: IntervalOptions["series"],
  words: IntervalWords,
): Record<string, string>[] {
  const named = Object.entries(series);
  checkCount("series", named.length);
  return Object.keys(named[0]![1]).map((category) => {
    const cells = named.map(([name, own]) => {
      const row = own[category];
      if (!row) throw new RangeError(`series "${name}": expected an estimate of ${category}, got none`);
      return [name, `${interval(row)}, ${wordFor(row, words)}`];
    });
    return { difference: category, ...Object.fromEntries(cells) };
  });
}

function wordFor({ lower, upper }: NamedInterval, { above, below, neither }: IntervalWords): string {
  if (lower > 0) return above;
  return upper < 0 ? below : neither;
}
