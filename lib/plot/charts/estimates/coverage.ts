/** Claimed probabilities of central intervals against the fraction of outcomes they hold. */
import { checkCount } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { lineFigure } from "../shapes/curves.js";

/** One forecaster. */
export interface CoverageSeries {
  readonly name: string;
  /** [N] probability of a target at most as large as the outcome, such as `probabilityBelow` returns. */
  readonly below: ArrayLike<number>;
  readonly colour?: string;
}

/** Options of `coverage`. */
export interface CoverageOptions extends Pick<FigureOptions, "title" | "width" | "height"> {
  readonly series: readonly CoverageSeries[];
  /** Outcomes that count as independent, of which the band is made: fewer than there are where they move together. */
  readonly independent: number;
}

const LEVELS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/**
 * A line a forecaster over the promised probability, and the diagonal of calibration with a band of two standard errors.
 * @throws RangeError when `independent` is not positive, or as `lineFigure`.
 */
export function coverageFigure({ series, independent, ...options }: CoverageOptions): Figure {
  checkCount("independent", Math.floor(independent));
  const reach = LEVELS.map((p) => 2 * Math.sqrt((p * (1 - p)) / independent));
  const band = { lower: LEVELS.map((p, i) => p - reach[i]!), upper: LEVELS.map((p, i) => p + reach[i]!) };
  return lineFigure({
    ...options,
    ...{ xTitle: "promised probability", yTitle: "fraction of outcomes inside" },
    ...{ xRange: [0, 1] as const, yRange: [0, 1] as const },
    series: [
      { name: "calibrated ± 2 se", x: LEVELS, y: LEVELS, ...band, style: "dash", colour: "#888888" },
      ...series.map(({ name, below, colour }) => ({
        ...{ name, x: LEVELS, y: LEVELS.map((level) => heldBy(below, level)) },
        ...(colour ? { colour } : {}),
      })),
    ],
  });
}

/** Fraction of the outcomes inside the central interval of a level. */
function heldBy(below: ArrayLike<number>, level: number): number {
  const inside = Array.from(below).filter((p) => 2 * Math.abs(p - 0.5) <= level);
  return inside.length / below.length;
}
