/** Columns of loadings drawn in a plane. */
import type { Matrix } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { lineFigure } from "../shapes/curves.js";

const STYLES = ["solid", "dash", "dot", "solid"] as const;

/**
 * The columns of named matrices [2,K] as lines through the origin, from each column's negative to itself: axes in a plane, a colour a model.
 * @throws RangeError when a matrix has no two rows, or as `line`.
 */
export function loadingAxesFigure(
  models: Readonly<Record<string, Matrix>>,
  options: Pick<FigureOptions, "title" | "xTitle" | "yTitle">,
): Figure {
  const series = Object.entries(models).map(([name, loadings], i) => {
    if (loadings.rows !== 2) throw new RangeError(`"${name}": expected 2 rows, got ${loadings.rows}`);
    const ends = (row: number) => loadings.getRow(row).flatMap((value) => [-value, value, Number.NaN]);
    return { name, x: ends(0), y: ends(1), style: STYLES[i % STYLES.length]! };
  });
  return lineFigure({ ...options, series });
}
