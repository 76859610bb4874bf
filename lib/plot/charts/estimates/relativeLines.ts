/** Quantities of different size as percentages of where they start. */
import { checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { lineFigure, type Positions } from "../shapes/curves.js";

/** Options of `relativeLines`. */
export interface RelativeLineOptions {
  readonly title: string;
  readonly xTitle: string;
  /** [N] places, evenly spaced on the axis, in this order. */
  readonly x: Positions;
  /** Name → values [N], the first of which is not zero. */
  readonly series: Readonly<Record<string, ArrayLike<number>>>;
}

/**
 * A line for each quantity, in per cent of its first value; the axis begins at zero.
 * @throws RangeError when lengths differ, a first value is zero, or as `line`.
 */
export function relativeLineFigure({ title, xTitle, x, series }: RelativeLineOptions): Figure {
  const places = Array.from(x as ArrayLike<number | string>, String);
  const lines = Object.entries(series).map(([name, values]) => {
    checkLength(name, values, places.length);
    const first = values[0]!;
    if (first === 0) throw new RangeError(`${name}: expected a first value other than zero, got 0`);
    return { name, x: places, y: Array.from(values, (value) => (100 * value) / first) };
  });
  const top = 1.15 * Math.max(...lines.flatMap(({ y }) => y));
  return lineFigure({
    ...{ title, xTitle, xType: "category", yTitle: "[% of the first]", yRange: [0, top] },
    series: lines,
  });
}
