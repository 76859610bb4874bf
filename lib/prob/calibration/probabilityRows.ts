/** Predicted probabilities of one event by several readings, as rows of a table. */
import { brierScore, type CalibrationBin } from "./calibration.js";

/** One reading: its range, how many of its bins lie outside their consistency intervals, and its Brier score. */
export type ProbabilityRow = {
  readonly probability: string;
  readonly least: number;
  readonly greatest: number;
  readonly "bins outside": number;
  readonly bins: number;
  readonly Brier: number;
};

/**
 * A row a reading of the probability of `outcome` [N], 1 or 0.
 * @param readings  name → probabilities [N]
 * @param tables    of each reading, as `reliabilityTable` returns them
 * @throws RangeError when a reading has no table, or as `brierScore`.
 */
export function probabilityRows(
  readings: Readonly<Record<string, Float64Array>>,
  outcome: readonly number[],
  tables: Readonly<Record<string, readonly CalibrationBin[]>>,
): ProbabilityRow[] {
  return Object.entries(readings).map(([probability, own]) => {
    const table = tables[probability];
    if (!table) throw new RangeError(`tables: expected one of "${probability}", got none`);
    const outside = table.filter(({ observed, low, high }) => observed < low || observed > high);
    const least = own.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const greatest = own.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return {
      ...{ probability, least, greatest, "bins outside": outside.length, bins: table.length },
      Brier: brierScore(own, outcome),
    };
  });
}
