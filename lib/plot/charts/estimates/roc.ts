/** Figures of how well scores tell two outcomes apart. */
import { checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { fixed } from "../../numbers.js";
import { colourOf, INK } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";
import { thin } from "../../thin.js";
import { EQUAL_SCALE } from "../shapes/scatter.js";

/** The curve of one score. */
export interface RocSeries {
  readonly name: string;
  /** Points of the curve from (0, 0) to (1, 1). */
  readonly falsePositive: ArrayLike<number>;
  readonly truePositive: ArrayLike<number>;
  /** The area under the curve and, where known, the ends of its interval. */
  readonly area: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly colour?: string;
}

/** Options of `roc`. */
export interface RocOptions extends Pick<FigureOptions, "title" | "width" | "height"> {
  readonly series: readonly RocSeries[];
  /** Default "share of false alarms" and "share of events found". */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

const MOST_POINTS = 400;

/**
 * ROC curves over one another against the diagonal of chance, with area and interval in the legend.
 * @throws RangeError when lengths differ, a share is not in [0, 1], an interval has one end only, or as `themed`.
 */
export function rocFigure(options: RocOptions): Figure {
  const range = [-0.01, 1.01] as const;
  const titles = {
    xTitle: options.xTitle ?? "share of false alarms",
    yTitle: options.yTitle ?? "share of events found",
  };
  return themed(
    [chance(), ...options.series.map(curveTrace)],
    { width: 600, height: 600, ...options, ...titles, xRange: range, yRange: range },
    EQUAL_SCALE,
  );
}

function chance(): Trace {
  return {
    ...{
      type: "scatter",
      mode: "lines",
      name: "chance: AUROC 0.50",
      x: [0, 1],
      y: [0, 1],
      hoverinfo: "skip",
    },
    line: { color: INK.reference, width: 1.25, dash: "dash" },
  };
}

function curveTrace(series: RocSeries, i: number): Trace {
  const { name, falsePositive, truePositive } = series;
  checkLength(`truePositive of "${name}"`, truePositive, falsePositive.length);
  checkShares(`falsePositive of "${name}"`, falsePositive);
  checkShares(`truePositive of "${name}"`, truePositive);
  return {
    ...{ type: "scatter", mode: "lines", name: legendOf(series) },
    ...thin({ x: falsePositive, y: truePositive }, MOST_POINTS),
    line: { color: colourOf(i, series.colour), width: 2.25 },
    hovertemplate: "%{y} found at %{x} false alarms<extra></extra>",
  };
}

function legendOf({ name, area, lower, upper }: RocSeries): string {
  checkShares(`area of "${name}"`, [area]);
  if (lower === undefined && upper === undefined) return `${name}: ${fixed(area, 2)}`;
  if (lower === undefined || upper === undefined)
    throw new RangeError(`interval of "${name}": expected lower and upper, got one of them`);
  return `${name}: ${fixed(area, 2)} [${fixed(lower, 2)}, ${fixed(upper, 2)}]`;
}

function checkShares(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= 0 && values[i]! <= 1))
      throw new RangeError(`${name}[${i}]: expected a share in [0, 1], got ${values[i]}`);
  }
}
