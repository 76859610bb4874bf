/** Quantities over a stretch of bars, each held until the next. */
import { checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { TIME_AXIS } from "../../time.js";
import { lineFigure } from "../shapes/curves.js";

/** Options of `stretch`. */
export interface StretchOptions
  extends Pick<FigureOptions, "title" | "yTitle" | "yRange" | "width" | "height"> {
  /** [T] UTC milliseconds */
  readonly time: ArrayLike<number>;
  /** First bar shown, and the first that is not. */
  readonly from: number;
  readonly to: number;
  /** Name → values [T]. */
  readonly series: Readonly<Record<string, ArrayLike<number>>>;
  /** Multiplies every value, such as 1e4 for basis points; 1 by default. */
  readonly unit?: number;
}

/**
 * Step lines of the series from bar `from` to before bar `to`.
 * @throws RangeError when the stretch is not inside the times, lengths differ, or as `themed`.
 */
export function stretchFigure(options: StretchOptions): Figure {
  const { time, from, to, series, unit = 1, ...rest } = options;
  if (!(from >= 0 && to > from && to <= time.length))
    throw new RangeError(`stretch: expected 0 ≤ from < to ≤ ${time.length}, got ${from} and ${to}`);
  const some = (values: ArrayLike<number>, scale: number) =>
    Array.from(values)
      .slice(from, to)
      .map((value) => scale * value);
  const x = some(time, 1);
  const lines = Object.entries(series).map(([name, values]) => {
    checkLength(`"${name}"`, values, time.length);
    return { name, x, y: some(values, unit), style: "steps" as const };
  });
  return lineFigure({ ...rest, ...TIME_AXIS, series: lines });
}
