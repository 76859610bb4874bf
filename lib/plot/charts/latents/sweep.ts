/** A quantity over the settings of a sweep, one thin line a seed. */
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { lineFigure } from "../shapes/curves.js";

/** Options of `sweep`. */
export interface SweepFigureOptions {
  readonly title: string;
  /** Name of the setting, such as "β". */
  readonly xTitle: string;
  readonly yTitle: string;
  /** [S] evenly spaced on the axis, in this order. */
  readonly settings: readonly (number | string)[];
  /** [S · seeds] values of the networks: all seeds of the first setting, then of the next. */
  readonly values: ArrayLike<number>;
  /** A value to compare with, and its name. */
  readonly reference?: { readonly at: number; readonly label: string };
}

/**
 * Thin lines for the seeds and a thick one for their median.
 * @throws RangeError when the values are not whole seeds.
 */
export function sweepFigure(options: SweepFigureOptions): Figure {
  const { title, xTitle, yTitle, settings, values, reference } = options;
  checkCount("settings", settings.length, 2);
  const seeds = Math.round(values.length / settings.length);
  checkLength("values", values, seeds * settings.length);
  const lines = Array.from({ length: seeds }, (_, s) => settings.map((_, b) => values[b * seeds + s]!));
  return lineFigure({
    ...{ title, xTitle, yTitle, xType: "category" },
    series: [{ name: "trained", x: settings.map(String), seeds: lines }],
    ...(reference ? { references: [{ axis: "y", labelAt: "start", ...reference }] } : {}),
  });
}
