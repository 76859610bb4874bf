/** Figures of estimates with their intervals, by name. */
import { checkCount } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { interval } from "../../notebook/say.js";
import { wrap } from "../../text.js";
import type { FigureOptions } from "../../theme.js";
import { barFigure } from "../shapes/bars.js";
import { type EstimatedInterval, intervalBars } from "./estimates.js";

/** Pixels that a category may take to the left of the bars, and its font size. */
const [WIDTH, SIZE_OF_LABEL] = [170, 12] as const;

/** Options of `intervals`. */
export interface IntervalOptions extends Pick<FigureOptions, "title" | "xTitle" | "width" | "height"> {
  /** Series → category → estimate; the categories are those of the first series. */
  readonly series: Readonly<Record<string, Readonly<Record<string, EstimatedInterval>>>>;
}

/**
 * Estimates as bars to the right or left of zero, each with its interval: a row a category, its name broken where it is long, a colour a series.
 * @throws RangeError when there is no series, a series lacks a category of the first, or as `themed`.
 */
export function intervalFigure({ series, ...options }: IntervalOptions): Figure {
  const { categories, rows } = byCategory(series);
  const wrapped = categories.map((category) => wrap(category, WIDTH, SIZE_OF_LABEL).join("<br>"));
  return barFigure({
    ...options,
    yTitle: "",
    horizontal: true,
    categories: wrapped,
    series: intervalBars(rows),
  });
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
  const { categories, rows } = byCategory(series);
  return categories.map((category, i) => {
    const cells = Object.entries(rows).map(([name, own]) => [
      name,
      `${interval(own[i]!)}, ${wordFor(own[i]!, words)}`,
    ]);
    return { difference: category, ...Object.fromEntries(cells) };
  });
}

/** The categories of the first series, and each series in their order. */
function byCategory(series: IntervalOptions["series"]): {
  readonly categories: readonly string[];
  readonly rows: Readonly<Record<string, readonly EstimatedInterval[]>>;
} {
  const named = Object.entries(series);
  checkCount("series", named.length);
  const categories = Object.keys(named[0]![1]);
  const rows = named.map(([name, own]) => [
    name,
    categories.map((category) => {
      const row = own[category];
      if (!row) throw new RangeError(`series "${name}": expected an estimate of ${category}, got none`);
      return row;
    }),
  ]);
  return { categories, rows: Object.fromEntries(rows) };
}

function wordFor({ lower, upper }: EstimatedInterval, { above, below, neither }: IntervalWords): string {
  if (lower > 0) return above;
  return upper < 0 ? below : neither;
}
