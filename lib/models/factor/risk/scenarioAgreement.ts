/** How far scenarios are from rows that came later: correlations, distribution, joint tails and coverage. */
import { columnsOf, correlation, mean, percentWhere, quantile, rootMeanSquare } from "../../../core/index.js";
import { energyDistance, tailDependence } from "../../../prob/scores/index.js";

/** Agreement of one set of scenarios with the reference. */
export interface ScenarioAgreement {
  /** Root mean square over pairs of assets of the difference of correlations. */
  readonly correlationMissed: number;
  /** Unbiased estimate from the first 1,000 rows of either: near zero, and below it by chance, where the distributions are equal. */
  readonly energyDistance: number;
  /** Probability that one asset is in its worst 1 % given that another is, mean over pairs; of the scenarios alone. */
  readonly tailDependence: number;
  /** Fraction of the reference between the scenarios' 5 % and 95 % quantiles, mean over assets. */
  readonly coverage: number;
}

const ROWS = 1000;
const TAIL = 0.01;

/**
 * Agreement of scenarios [S,A] with later rows [N,A], both row-major and in one unit.
 * @throws RangeError when either is no whole number of rows of `width`.
 */
export function scenarioAgreement(
  scenarios: Float64Array,
  later: Float64Array,
  width: number,
): ScenarioAgreement {
  const [drawn, came] = [columnsOf(scenarios, width), columnsOf(later, width)];
  const reference = overPairs(came, correlation);
  const missed = overPairs(drawn, correlation).map((value, pair) => value - reference[pair]!);
  const inside = drawn.map((column, asset) => {
    const [low, high] = [quantile(column, 0.05), quantile(column, 0.95)];
    return percentWhere(Array.from(came[asset]!), (value) => value >= low && value <= high) / 100;
  });
  return {
    correlationMissed: rootMeanSquare(missed),
    energyDistance: energyDistance(later.slice(0, ROWS * width), scenarios.slice(0, ROWS * width), width),
    tailDependence: mean(overPairs(drawn, (p, q) => tailDependence(p, q, TAIL))),
    coverage: mean(inside),
  };
}

function overPairs(
  columns: readonly Float64Array[],
  of: (p: Float64Array, q: Float64Array) => number,
): number[] {
  return columns.flatMap((p, a) => columns.slice(a + 1).map((q) => of(p, q)));
}
