/** Coverage of central intervals as rows of a table. */
import { centralCoverage } from "./drawnForecasts.js";

/** One forecaster: its name, and a column a level, such as "90 %", with the percentage of outcomes inside. */
export type HeldRow = Record<string, string | number> & { intervals: string };

/**
 * A row a forecaster: the percentage of the outcomes inside its central interval of each level.
 * @param below   name → [N] probability of a target at most as large as the outcome, as `probabilityBelow` returns it
 * @param levels  such as [0.5, 0.9]
 */
export function coverageTable(
  below: Readonly<Record<string, ArrayLike<number>>>,
  levels: readonly number[],
): HeldRow[] {
  return Object.entries(below).map(([intervals, own]) => {
    const row: HeldRow = { intervals };
    const held = centralCoverage(own, levels);
    levels.forEach((level, i) => {
      row[`${Number((100 * level).toPrecision(12))} %`] = 100 * held[i]!;
    });
    return row;
  });
}
