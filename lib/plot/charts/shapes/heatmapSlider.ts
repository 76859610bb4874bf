/** Several matrices of one kind, one at a time. */
import { checkCount } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { type HeatmapOptions, heatmapFigure } from "./fields.js";
import { sliderFigure } from "./slider.js";

/** Options of `heatmapSlider`. */
export interface HeatmapSliderOptions extends Omit<HeatmapOptions, "values"> {
  /** What the slider moves, such as "network". */
  readonly name: string;
  /** A label and a matrix [rows][columns] for each step. */
  readonly steps: readonly { readonly label: string; readonly values: HeatmapOptions["values"] }[];
  /** Index of the step that is shown first, 0 by default. */
  readonly start?: number;
}

/**
 * A heatmap for each step, with one scale of colours unless `valueRange` is given; the step's label ends the title.
 * @throws RangeError when there is no step, or as `heatmap` and `slider`.
 */
export function heatmapSliderFigure(options: HeatmapSliderOptions): Figure {
  const { name, steps, start = 0, title, valueRange, ...rest } = options;
  checkCount("steps", steps.length);
  const all = steps.flatMap(({ values }) => values.flatMap((row) => Array.from(row)));
  const range = valueRange ?? [Math.min(...all), Math.max(...all)];
  const figures = steps.map(({ label, values }) => ({
    label,
    figure: heatmapFigure({ ...rest, values, title: `${title}, ${label}`, valueRange: range }),
  }));
  return sliderFigure({ name, steps: figures, start });
}
