/** A β picked from a sweep: the elbow of a trade-off, and a score of several criteria. */
import { checkCount, checkFinite, checkLength, checkPositive } from "../../core/index.js";

/** The elbow of a curve. */
export interface Elbow {
  /** Index of the point. */
  readonly index: number;
  /** [N] distance of each point from the straight line between the ends, both axes scaled to [0, 1]. */
  readonly distance: Float64Array;
}

/**
 * The point of a curve that bends furthest away from the line between its ends.
 *
 * It always finds one, also on a straight line: look at the distance. The ends of the sweep decide what the line is.
 * @param x  [N] ascending, such as log β or the rate
 * @param y  [N] such as the distortion
 * @throws RangeError when there are fewer than three points, x does not ascend, or the ends are at the same height.
 * @see Satopää, Albrecht, Irwin & Raghavan 2011
 */
export function elbow(x: ArrayLike<number>, y: ArrayLike<number>): Elbow {
  checkCount("points", x.length, 3);
  checkLength("y", y, x.length);
  checkFinite("x", x);
  checkFinite("y", y);
  const last = x.length - 1;
  for (let i = 0; i < last; i++)
    if (!(x[i + 1]! > x[i]!))
      throw new RangeError(`x[${i + 1}]: expected more than ${x[i]}, got ${x[i + 1]}`);
  const rise = y[last]! - y[0]!;
  if (rise === 0) throw new RangeError(`y: expected ends at different heights, got ${y[0]} at both`);
  const distance = Float64Array.from({ length: x.length }, (_, i) => {
    const across = (x[i]! - x[0]!) / (x[last]! - x[0]!);
    return Math.abs((y[i]! - y[0]!) / rise - across) / Math.SQRT2;
  });
  return { index: distance.indexOf(Math.max(...distance)), distance };
}

/** One thing that a choice should be good at. */
export interface Criterion {
  readonly name: string;
  /** [N] one a candidate. */
  readonly values: ArrayLike<number>;
  readonly better: "high" | "low";
  readonly weight: number;
}

/** The best of several candidates by several criteria. */
export interface Selection {
  /** Index of the best candidate. */
  readonly index: number;
  /** [N] weighted mean of the criteria, each scaled to 0 (worst candidate) … 1 (best). */
  readonly score: Float64Array;
}

/**
 * The candidate with the best weighted mean of criteria, such as a β by reconstruction, disentanglement and predictive power.
 *
 * Scaling by the candidates at hand makes the score depend on them: leave a hopeless one out and the others move. Criteria that
 * look at returns must be measured on rows that the choice will not be judged by.
 * @throws RangeError when there is no criterion, lengths differ, a value is not finite or a weight is not positive.
 */
export function selectByCriteria(criteria: readonly Criterion[]): Selection {
  checkCount("criteria", criteria.length);
  const candidates = criteria[0]!.values.length;
  checkCount("candidates", candidates);
  const total = criteria.reduce((sum, { weight }) => sum + weight, 0);
  const score = new Float64Array(candidates);
  for (const { name, values, better, weight } of criteria) {
    checkLength(name, values, candidates);
    checkFinite(name, values);
    checkPositive(`weight of ${name}`, weight);
    const [low, high] = [Math.min(...Array.from(values)), Math.max(...Array.from(values))];
    score.forEach((_, i) => {
      const share = high > low ? (values[i]! - low) / (high - low) : 0;
      score[i]! += (weight / total) * (better === "high" || high === low ? share : 1 - share);
    });
  }
  return { index: score.indexOf(Math.max(...score)), score };
}
