/** Several sets of portfolios: behind a slider, or side by side. */
import type { Figure } from "../../figure.js";
import { panels } from "../../panels.js";
import { sliderFigure } from "../shapes/slider.js";
import { type WeightOptions, weightFigure } from "./weights.js";

/** A set of portfolios with the title it stands under. */
export interface WeightStep {
  /** At the mark of the slider. */
  readonly label: string;
  readonly title: string;
  /** [N][A] */
  readonly portfolios: readonly ArrayLike<number>[];
}

/** Options of `weightSlider`. */
export interface WeightSliderOptions extends Pick<WeightOptions, "xTitle" | "assets"> {
  /** What the slider moves. */
  readonly name: string;
  /** One a portfolio, "1", "2" … by default. */
  readonly labels?: readonly string[];
  /** Index of the set that is shown first, 0 by default. */
  readonly start?: number;
}

/**
 * Weights of sets of portfolios as stacked bars, one set at a time.
 * @throws RangeError as `weights` and `slider`.
 */
export function weightSliderFigure(sets: readonly WeightStep[], options: WeightSliderOptions): Figure {
  const { name, start, labels, ...axes } = options;
  const steps = sets.map(({ label, title, portfolios }) => {
    const own = { ...axes, title, labels: labels ?? counted(portfolios.length), portfolios };
    return { label, figure: weightFigure(own) };
  });
  return sliderFigure({ name, steps, ...(start === undefined ? {} : { start }) });
}

/** Options of `weightPanels`. */
export interface WeightPanelOptions extends Pick<WeightOptions, "xTitle" | "assets"> {
  readonly title: string;
  readonly labels?: readonly string[];
}

/**
 * Weights of named sets of portfolios as stacked bars, two panels a row.
 * @throws RangeError as `weights` and `panels`.
 */
export function weightPanelFigure(
  sets: Readonly<Record<string, readonly ArrayLike<number>[]>>,
  { title, labels, ...axes }: WeightPanelOptions,
): Figure {
  const figures = Object.entries(sets).map(([name, portfolios]) =>
    weightFigure({ ...axes, title: name, labels: labels ?? counted(portfolios.length), portfolios }),
  );
  return panels(figures, { title, columns: 2 });
}

function counted(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n + 1}`);
}
