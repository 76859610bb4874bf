/** Two columns of several sets of rows, side by side. */
import { columnsOf } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { panels } from "../../panels.js";
import { scatterFigure } from "./scatter.js";

/** Options of `pairPanels`. */
export interface PairPanelOptions {
  readonly title: string;
  /** [W] names of the columns. */
  readonly names: readonly string[];
  /** Indices of the columns that are drawn to the right and upwards. */
  readonly pair: readonly [number, number];
  /** Ends of both axes, the same in all panels. */
  readonly range: readonly [number, number];
  /** Rows drawn of each set, from the first on; 1,500 by default. */
  readonly most?: number;
}

/**
 * Two columns of named sets of rows [N,W], row-major: a panel of points a set, with equal axes.
 * @throws RangeError when rows are not whole, a column is not there, or as `scatter`.
 */
export function pairPanelFigure(
  sets: Readonly<Record<string, Float64Array>>,
  { title, names, pair, range, most = 1500 }: PairPanelOptions,
): Figure {
  const [right, up] = pair;
  for (const index of pair)
    if (!names[index]) throw new RangeError(`pair: expected an index below ${names.length}, got ${index}`);
  const figures = Object.entries(sets).map(([name, rows]) => {
    const columns = columnsOf(rows, names.length);
    const points = { x: columns[right]!.subarray(0, most), y: columns[up]!.subarray(0, most) };
    return scatterFigure({
      ...{ title: name, xTitle: names[right]!, yTitle: names[up]! },
      ...{ xRange: [range[0], range[1]], yRange: [range[0], range[1]] },
      series: [{ name: "rows", ...points }],
    });
  });
  return panels(figures, { title, columns: figures.length });
}
