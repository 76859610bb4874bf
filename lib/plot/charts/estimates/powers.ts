/** Powers of a size, on log axes. */
import { checkCount, checkPositive } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { lineFigure } from "../shapes/curves.js";

/** Options of `powers`. */
export interface PowerOptions
  extends Pick<FigureOptions, "title" | "xTitle" | "yTitle" | "width" | "height"> {
  readonly sizes: readonly number[];
  /** Name → power of the size. */
  readonly powers: Readonly<Record<string, number>>;
}

/**
 * A line a power, relative to the first size.
 * @throws RangeError when there is no size or one is not positive.
 */
export function powerFigure({ sizes, powers, ...options }: PowerOptions): Figure {
  checkCount("sizes", sizes.length);
  for (const size of sizes) checkPositive("size", size);
  const series = Object.entries(powers).map(([name, power]) => ({
    ...{ name: `${name}: N to the power ${power}`, x: sizes },
    y: sizes.map((size) => (size / sizes[0]!) ** power),
  }));
  return lineFigure({ ...options, xType: "log", yType: "log", series });
}
