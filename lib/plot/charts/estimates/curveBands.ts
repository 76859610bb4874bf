/** Bands of a curve by several methods beside a reference: a slider moves from one method to the next. */
import type { Figure } from "../../figure.js";
import { lineFigure } from "../shapes/curves.js";
import { sliderFigure } from "../shapes/slider.js";

/** A curve by one method, [G] each, such as those of `models.bayesian.curveStudy`. */
export interface MethodBand {
  readonly method: string;
  /** One word for it, at its mark of the slider. */
  readonly label: string;
  readonly mean: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** Bands on a grid [G], the true curve there, and the points [N] they were learnt from. */
export interface CurveBands {
  readonly grid: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** The reference first: it stands in every step. */
  readonly bands: readonly MethodBand[];
}

/**
 * The reference's band and that of one other method, with the true curve and the data; the slider has a step for each other method.
 * @throws RangeError when there are fewer than two bands, or as `line`.
 */
export function curveBandFigure(
  { grid, truth, x, y, bands }: CurveBands,
  { title, yRange }: { readonly title: string; readonly yRange: readonly [number, number] },
): Figure {
  const [reference, ...others] = bands;
  if (!reference || others.length === 0)
    throw new RangeError(`bands: expected a reference and at least one other, got ${bands.length}`);
  const bandOf = ({ method, mean, lower, upper }: MethodBand) =>
    ({ name: method, x: grid, y: mean, lower, upper }) as const;
  const drawn = [
    { name: "true curve", x: grid, y: truth, colour: "#222222" },
    { name: "data", x, y, style: "points", colour: "#777777" },
  ] as const;
  const steps = others.map((own) => ({
    label: own.label,
    figure: lineFigure({
      ...{ title, yRange, xTitle: "x", yTitle: "y" },
      series: [bandOf(reference), bandOf(own), ...drawn],
    }),
  }));
  return sliderFigure({ name: "method", steps });
}
