/** Portfolios against the worst case: of means in an ellipsoid, or of given scenarios. */
import { checkCount, checkFinite, checkLength, columnOf, type Matrix, mean } from "../../core/index.js";
import { checkUncertainty, type MeanVarianceInput, meanVariance } from "./meanVariance.js";

export interface RobustInput extends MeanVarianceInput {
  /** [A] standard deviations of the expected returns. */
  readonly uncertainty: ArrayLike<number>;
  /** κ: how many of them, together, the means may lie off. */
  readonly radius: number;
}

const MOST_STEPS = 100;

/**
 * The weights [A] of greatest wᵀμ − κ √Σ(uw)² − ½ λ wᵀΣw: the best under the worst means with Σ((m − μ)/u)² ≤ κ².
 *
 * For a fixed √Σ(uw)² = t the penalty is a quadratic, so t is searched for outside of a quadratic program.
 * @throws RangeError as `meanVariance`, or when an uncertainty or the radius is negative.
 * @see Goldfarb & Iyengar 2003; Fabozzi et al. 2007
 */
export function robustMeanVariance(input: RobustInput): Float64Array {
  const { expected, covariance, riskAversion, uncertainty, radius, limits } = input;
  checkUncertainty(uncertainty, covariance.rows);
  if (!(radius >= 0 && radius < Number.POSITIVE_INFINITY))
    throw new RangeError(`radius: expected 0 or more, got ${radius}`);
  const at = (t: number) => {
    const raised = covariance.clone();
    for (let a = 0; a < raised.rows; a++) {
      raised.set(a, a, raised.get(a, a) + (radius * uncertainty[a]! ** 2) / (t * riskAversion));
    }
    return meanVariance({ expected, covariance: raised, riskAversion, ...(limits && { limits }) });
  };
  const uncertaintyOf = (w: Float64Array) => Math.hypot(...w.map((value, a) => value * uncertainty[a]!));
  const free = meanVariance(input);
  const most = uncertaintyOf(free);
  if (radius === 0 || most === 0) return free;
  return at(fixedPoint((t) => uncertaintyOf(at(t)), most));
}

/** The t in (0, most] with f(t) = t, for an f that never falls and ends at or below `most`: false position (Illinois). */
function fixedPoint(f: (t: number) => number, most: number): number {
  let [high, above] = [most, f(most) - most];
  let [low, below] = [most, above];
  for (let step = 0; below < 0 && step < MOST_STEPS; step++) {
    [high, above] = [low, below];
    low /= 2;
    below = f(low) - low;
  }
  let side = 0;
  for (let step = 0; step < MOST_STEPS && high - low > 1e-14 * most && above !== 0; step++) {
    const t = low + ((high - low) * below) / (below - above);
    const value = f(t) - t;
    if (value === 0) return t;
    if (value < 0) {
      [high, above] = [t, value];
      if (side < 0) below /= 2;
      side = -1;
    } else {
      [low, below] = [t, value];
      if (side > 0) above /= 2;
      side = 1;
    }
  }
  return below === 0 ? low : high;
}

/** The worst returns of portfolios over scenarios, with the best portfolio by them and by the average. */
export interface WorstCase {
  /** [N] smallest return of each portfolio over the scenarios. */
  readonly worst: Float64Array;
  /** Index of the portfolio whose worst return is greatest. */
  readonly best: number;
  /** Index of the portfolio of greatest average return. */
  readonly bestByMean: number;
}

/**
 * The worst return of each portfolio over the scenarios, with the best portfolio by it and by the average.
 * @param portfolios  [N,A]
 * @param scenarios   [S,A] simple returns
 * @throws RangeError when there is no portfolio, no scenario, or their assets differ in number.
 */
export function worstCase(portfolios: Matrix, scenarios: Matrix): WorstCase {
  checkCount("portfolios", portfolios.rows);
  checkCount("scenarios", scenarios.rows);
  checkLength("scenarios: columns", scenarios.getRow(0), portfolios.columns);
  const earned = scenarios.mmul(portfolios.transpose());
  checkFinite("portfolio returns", earned.to1DArray());
  const columns = Array.from({ length: portfolios.rows }, (_, n) => columnOf(earned, n));
  const worst = Float64Array.from(columns, (returns) => Math.min(...returns));
  const average = Float64Array.from(columns, mean);
  const largest = (x: Float64Array) => x.reduce((best, value, n) => (value > x[best]! ? n : best), 0);
  return { worst, best: largest(worst), bestByMean: largest(average) };
}
