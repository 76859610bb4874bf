/** Several quantities over the settings of one sweep, side by side. */
import type { Figure } from "../../figure.js";
import { panels } from "../../panels.js";
import { type SweepFigureOptions, sweepFigure } from "./sweep.js";

/** Options of `sweepPanels`. */
export interface SweepPanelOptions extends Pick<SweepFigureOptions, "title" | "xTitle" | "settings"> {
  /** One quantity each: at most four. */
  readonly quantities: readonly Pick<SweepFigureOptions, "title" | "yTitle" | "values" | "reference">[];
  /** Panels in a row, 3 by default. */
  readonly columns?: number;
}

/**
 * The figure `sweep` of each quantity over the same settings, as panels of one figure.
 * @throws RangeError as `sweep` and `panels`.
 */
export function sweepPanelFigure(options: SweepPanelOptions): Figure {
  const { title, xTitle, settings, quantities, columns = 3 } = options;
  const figures = quantities.map((own) => sweepFigure({ ...own, xTitle, settings }));
  return panels(figures, { title, columns });
}
