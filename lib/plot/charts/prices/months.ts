/** Figures of returns by calendar month. */

import type { Figure } from "../../figure.js";
import { INK, PALETTE } from "../../palette.js";
import { themed } from "../../theme.js";
import { TIME_AXIS, type TimeOptions } from "../../time.js";
import { checkEquity, type EquitySeries } from "../accounts/equity.js";

/** The return of one month. */
export type MonthRow = {
  /** "2025-03", UTC. */
  month: string;
  /** Equity at the end of the month over that before it, minus one, in per cent. */
  returnPercent: number;
};

const DAY = 86_400_000;

/**
 * The return of each calendar month (UTC), the first and the last as far as the equity goes.
 *
 * What is known at midnight of the first closes the month before. A month without an entry is left out, and so are those after the one
 * in which nothing was left.
 * @throws RangeError when times do not ascend, an equity is not finite, or it rises from nothing.
 */
export function monthlyReturns(series: EquitySeries): MonthRow[] {
  checkEquity(series);
  const { name, time, equity, capital = equity[0]! } = series;
  const ends = new Map<string, number>();
  Array.from(time).forEach((ms, t) => {
    ends.set(new Date(ms - 1).toISOString().slice(0, 7), equity[t]!);
  });
  let before = capital;
  return [...ends].flatMap(([month, after]) => {
    if (before <= 0 && after === before) return [];
    if (!(before > 0))
      throw new RangeError(`equity of "${name}" before ${month}: expected a positive number, got ${before}`);
    const row = { month, returnPercent: 100 * (after / before - 1) };
    before = after;
    return row;
  });
}

/**
 * The return of each month as a bar, gains blue and losses orange.
 * @throws RangeError as `monthlyReturns` and `themed`.
 */
export function monthFigure(
  options: Omit<TimeOptions, "points"> & { readonly series: EquitySeries },
): Figure {
  const rows = monthlyReturns(options.series);
  const trace = {
    ...{ type: "bar", name: options.series.name, width: 24 * DAY },
    x: rows.map(({ month }) => Date.parse(`${month}-15T00:00:00Z`)),
    y: rows.map(({ returnPercent }) => returnPercent),
    marker: {
      color: rows.map(({ returnPercent }) => PALETTE[returnPercent < 0 ? 1 : 0]),
      line: { width: 0 },
    },
    ...{ text: rows.map(({ month }) => month), textposition: "none" },
    hovertemplate: "%{text}: %{y} %<extra></extra>",
  };
  return themed(
    [trace],
    { ...options, ...TIME_AXIS, yTitle: "return of the month [%]" },
    { yaxis: { zeroline: true, zerolinecolor: INK.axis, zerolinewidth: 1 } },
  );
}
