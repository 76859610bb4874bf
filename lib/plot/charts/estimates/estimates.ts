/** Series of estimates by name: lines with a band of standard errors, and bars with their intervals. */
import { checkLength } from "../../../core/index.js";
import type { BarOptions } from "../shapes/bars.js";
import type { LineSeries, Positions } from "../shapes/curves.js";

/** A curve of estimates and their standard errors, [x]. */
export interface EstimatedCurve {
  readonly value: ArrayLike<number>;
  readonly error: ArrayLike<number>;
}

/** An estimate with the ends of its interval. */
export interface EstimatedInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Series of `line`: each curve by its name, with a band of `reach` standard errors to either side.
 * @param x      [x] places of the values, the same for all curves
 * @param reach  2 by default
 * @throws RangeError naming the curve whose values or errors are not as many as the places.
 */
export function bands(
  x: Positions,
  curves: Readonly<Record<string, EstimatedCurve>>,
  reach = 2,
): LineSeries[] {
  return Object.entries(curves).map(([name, { value, error }]) => {
    checkLength(`value of "${name}"`, value, x.length);
    checkLength(`error of "${name}"`, error, x.length);
    const end = (side: number) => Array.from(value, (one, i) => one + side * reach * error[i]!);
    return { name, x, y: value, lower: end(-1), upper: end(1) };
  });
}

/** Series of `bars`: each list of estimates by its name, with its intervals as error bars; one estimate a category. */
export function intervalBars(
  lists: Readonly<Record<string, readonly EstimatedInterval[]>>,
): BarOptions["series"] {
  return Object.entries(lists).map(([name, rows]) => ({
    name,
    values: rows.map(({ estimate }) => estimate),
    lower: rows.map(({ lower }) => lower),
    upper: rows.map(({ upper }) => upper),
  }));
}
