/** Draws of several quantities as histograms beside one another. */
import type { Figure } from "../../figure.js";
import { panels } from "../../panels.js";
import { densityFigure } from "./curves.js";

/** Options of `histograms`. */
export interface HistogramOptions {
  readonly title: string;
  readonly xTitle: string;
  /** Name → draws, a panel each. */
  readonly draws: Readonly<Record<string, ArrayLike<number>>>;
  /** Draws outside are left out. */
  readonly xRange: readonly [number, number];
  /** A line across, such as the true value. */
  readonly reference?: { readonly at: number; readonly label: string };
  readonly bins?: number;
}

/**
 * A panel a quantity with the histogram of its draws inside the range.
 * @throws RangeError when fewer than two different draws lie inside, or as `panels`.
 */
export function histogramFigure(options: HistogramOptions): Figure {
  const { title, xTitle, draws, xRange, reference, bins = 70 } = options;
  const [from, to] = xRange;
  const cells = Object.entries(draws).map(([name, all]) => {
    const values = Array.from(all).filter((value) => value >= from && value <= to);
    return densityFigure({
      ...{ title: name, xTitle, xRange, draws: { name: "draws", values, bins } },
      ...(reference ? { references: [{ axis: "x" as const, ...reference }] } : {}),
    });
  });
  return panels(cells, { title, columns: Math.min(2, cells.length) });
}
