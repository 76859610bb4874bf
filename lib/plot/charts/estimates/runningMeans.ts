/** Means of more and more draws against the value they estimate. */
import { checkCount, mean, standardDeviation } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { lineFigure } from "../shapes/curves.js";

/** Options of `runningMeans`. */
export interface RunningMeanOptions
  extends Pick<FigureOptions, "title" | "yTitle" | "yRange" | "width" | "height"> {
  /** Name → draws, each an unbiased estimate of the truth. */
  readonly draws: Readonly<Record<string, ArrayLike<number>>>;
  readonly truth: number;
}

const FEWEST = 10;
const PLACES = 41;

/**
 * The mean of the first n draws over n on a log axis from 10 to all of them; the band of each is the truth ± two standard errors.
 * @throws RangeError when an estimate has fewer than 20 draws, or as `themed`.
 */
export function runningMeanFigure({ draws, truth, ...options }: RunningMeanOptions): Figure {
  const series = Object.entries(draws).map(([name, values]) => {
    checkCount(`draws of "${name}"`, values.length, 2 * FEWEST);
    const counts = Array.from({ length: PLACES }, (_, i) =>
      Math.round(FEWEST * (values.length / FEWEST) ** (i / (PLACES - 1))),
    );
    const all = Float64Array.from(values);
    const sd = standardDeviation(all);
    const reach = counts.map((n) => (2 * sd) / Math.sqrt(n));
    return {
      ...{ name, x: counts, y: counts.map((n) => mean(all.subarray(0, n))) },
      ...{ lower: reach.map((half) => truth - half), upper: reach.map((half) => truth + half) },
    };
  });
  return lineFigure({ ...options, xTitle: "draws averaged", xType: "log", series });
}
