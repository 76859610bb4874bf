/** Calibration where it is needed: forecasts that are right on average may be wrong in every regime. */
import { checkLength, quantile } from "../../core/index.js";
import {
  checkNormalForecasts,
  type NormalForecasts,
  normalCoverage,
  normalScores,
} from "../scores/normalForecasts.js";

/** Forecasts of one group. */
export type GroupCalibration = {
  readonly group: string;
  readonly count: number;
  /** Share inside the central interval, and its standard error if the claim holds and rows are independent. */
  readonly coverage: number;
  readonly standardError: number;
  readonly width90: number;
  readonly crps: number;
  readonly nll: number;
  /** Variance of the standardised errors: 1 when calibrated, more when over-confident. */
  readonly standardisedVariance: number;
};

/**
 * Coverage, sharpness and scores of each group that has a row.
 * @param group  [N] index into `names`
 * @throws RangeError when a group has no name.
 */
export function calibrationByGroup(
  forecasts: NormalForecasts,
  group: ArrayLike<number>,
  options: { readonly names: readonly string[]; readonly level: number },
): GroupCalibration[] {
  const { names, level } = options;
  const { mean, sd, value } = checkNormalForecasts(forecasts);
  checkLength("group", group, value.length);
  const rows = names.map((): number[] => []);
  for (let n = 0; n < group.length; n++) {
    const own = rows[group[n]!];
    if (!own) throw new RangeError(`group[${n}]: expected an index below ${names.length}, got ${group[n]}`);
    own.push(n);
  }
  return rows.flatMap((at, g) => {
    if (at.length === 0) return [];
    const part = (of: ArrayLike<number>) => Float64Array.from(at, (n) => of[n]!);
    const own = { mean: part(mean), sd: part(sd), value: part(value) };
    const { width90, crps, nll, standardisedVariance } = normalScores(own);
    return [
      {
        ...{ group: names[g]!, count: at.length, coverage: normalCoverage(own, level) },
        standardError: Math.sqrt((level * (1 - level)) / at.length),
        ...{ width90, crps, nll, standardisedVariance },
      },
    ];
  });
}

/** The edges at which `reference` falls into `groups` parts of equal count: learn them on the past, [groups − 1]. */
export function groupEdges(reference: ArrayLike<number>, groups: number): Float64Array {
  return Float64Array.from({ length: groups - 1 }, (_, g) => quantile(reference, (g + 1) / groups));
}

/**
 * The part that each value falls into, [N] from 0 to M, such as the regime of its volatility.
 * @param value  [N]
 * @param edges  [M] ascending, as `groupEdges` returns them
 */
export function groupOf(value: ArrayLike<number>, edges: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: value.length }, (_, n) => {
    let group = 0;
    while (group < edges.length && value[n]! > edges[group]!) group++;
    return group;
  });
}
