/** Forecasts of one event side by side: Brier scores, and paired differences with their errors; and a recalibrated forecast. */
import { checkLength, clusteredError, mean } from "../../core/index.js";
import { brierScore } from "./calibration.js";
import { applyIsotonic, isotonicRegression } from "./recalibration.js";

/** One forecaster, a row of a table. */
export type ProbabilityScores = {
  readonly forecast: string;
  readonly brier: number;
  /** Brier score less that of the first forecaster, and the standard error of the difference over clusters. */
  readonly difference: number;
  readonly error: number;
};

/**
 * Brier scores of probabilities of the same events; differences are paired, and errors count clusters as independent.
 * @param forecasts  name → probabilities [N]; the first is the reference
 * @param outcome    [N] 0 or 1
 * @param cluster    [N] such as the day of each event
 * @throws RangeError when lengths differ, or as `brierScore`.
 */
export function compareProbabilities(
  forecasts: Readonly<Record<string, ArrayLike<number>>>,
  outcome: ArrayLike<number>,
  cluster: ArrayLike<number>,
): ProbabilityScores[] {
  checkLength("cluster", cluster, outcome.length);
  const squares = (p: ArrayLike<number>) => Float64Array.from(p, (q, n) => (outcome[n]! - q) ** 2);
  const entries = Object.entries(forecasts);
  const reference = squares(entries[0]?.[1] ?? []);
  return entries.map(([forecast, probability]) => {
    const brier = brierScore(probability, outcome);
    const worse = squares(probability).map((square, n) => square - reference[n]!);
    return { forecast, brier, difference: mean(worse), error: clusteredError(worse, cluster) };
  });
}

/**
 * New probabilities mapped to how often events of that probability came true among those already known: isotonic regression.
 * @param known  probabilities [N] and outcomes [N] that lie before the new ones
 * @param now    [M]
 * @returns      [M], in the order of `now`
 * @throws RangeError as `isotonicRegression`.
 */
export function recalibrated(
  known: { readonly probability: ArrayLike<number>; readonly outcome: ArrayLike<number> },
  now: ArrayLike<number>,
): Float64Array {
  return applyIsotonic(isotonicRegression(known.probability, known.outcome), now);
}
