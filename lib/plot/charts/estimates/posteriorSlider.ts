/** Posteriors of two parameters, one at a time under a slider. */
import type { Figure } from "../../figure.js";
import { sliderFigure } from "../shapes/slider.js";
import { type PosteriorOptions, posteriorFigure } from "./posteriors.js";

/** One place of the slider. */
export interface PosteriorStep extends Pick<PosteriorOptions, "posteriors" | "draws"> {
  /** Such as "−0.9". */
  readonly label: string;
  readonly title: string;
}

/** Options of `posteriorSlider`. */
export interface PosteriorSliderOptions {
  /** What the slider moves. */
  readonly name: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Both axes reach from −range to range, on one scale. */
  readonly range: number;
  readonly steps: readonly PosteriorStep[];
  /** Index of the step that is shown at first, 0 by default. */
  readonly start?: number;
}

const SIDE = 560;

/**
 * The posteriors of each step on square axes, one at a time.
 * @throws RangeError as `posteriors` and `slider`.
 */
export function posteriorSliderFigure(options: PosteriorSliderOptions): Figure {
  const { name, xTitle, yTitle, range, steps, start = 0 } = options;
  const axes = { xRange: [-range, range], yRange: [-range, range], equalScale: true } as const;
  const figures = steps.map(({ label, ...step }) => ({
    label,
    figure: posteriorFigure({ ...step, ...axes, xTitle, yTitle, width: SIDE, height: SIDE }),
  }));
  return sliderFigure({ name, steps: figures, start });
}
