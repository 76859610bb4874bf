/** A bound that training raises, step by step. */
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { lineFigure } from "../shapes/curves.js";

/** Options of `climb`. */
export interface ClimbOptions extends Pick<FigureOptions, "title" | "width" | "height"> {
  /** The bound at each step, nats. */
  readonly values: ArrayLike<number>;
  /** The log evidence, which no bound exceeds but by the noise of its estimate. */
  readonly evidence: number;
}

const BELOW = 12;
const ABOVE = 2;

/**
 * The ELBO over the steps with the log evidence as a line across; the frame reaches from 12 nats below the evidence to 2 above.
 * @throws RangeError as `themed`.
 */
export function climbFigure({ values, evidence, ...options }: ClimbOptions): Figure {
  const y = Array.from(values);
  return lineFigure({
    ...{ ...options, xTitle: "step", yTitle: "ELBO [nats]", yRange: [evidence - BELOW, evidence + ABOVE] },
    series: [{ name: "ELBO", x: y.map((_, i) => i), y }],
    references: [{ axis: "y", at: evidence, label: "exact log evidence" }],
  });
}
