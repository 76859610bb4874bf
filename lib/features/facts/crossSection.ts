/** Facts of rows of returns of several assets, such as history beside scenarios. */
import { columnsOf, correlation, mean } from "../../core/index.js";
import { rawKurtosis } from "./dependence.js";

/** One set of rows. */
export type CrossSectionRow = {
  readonly rows: string;
  /** Mean over pairs of assets. */
  readonly "pair correlation": number;
  /** Of the mean of all assets: 3 for a normal distribution. */
  readonly kurtosis: number;
  /** Least mean of all assets, in the unit of the rows. */
  readonly worst: number;
};

/**
 * Correlation, kurtosis and worst row of each set of rows [N,A], row-major, about the mean of all assets.
 * @throws RangeError when rows are not whole.
 */
export function crossSections(
  sets: Readonly<Record<string, Float64Array>>,
  assets: number,
): CrossSectionRow[] {
  return Object.entries(sets).map(([rows, values]) => {
    const columns = columnsOf(values, assets);
    const pairs = columns.flatMap((x, a) => columns.slice(a + 1).map((y) => correlation(x, y)));
    const together = rowMeans(columns);
    const worst = together.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    return { rows, "pair correlation": mean(pairs), kurtosis: rawKurtosis(together), worst };
  });
}

/** Mean of the columns [A][N] in each row, [N]: what equal weights bring. */
export function rowMeans(columns: readonly Float64Array[]): Float64Array {
  return Float64Array.from(columns[0]!, (_, n) => mean(columns.map((column) => column[n]!)));
}
