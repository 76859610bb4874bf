/** Sizes of different rules brought to one average, so that they differ in when and not in how much. */
import { checkFinite, checkPositive } from "../core/axes.js";

/**
 * `weights` times the one number that makes the mean of |w| equal to `exposure`; all zero where all are zero.
 *
 * A rule that never trades cannot be brought to an exposure: it stays flat, and its result is that of holding nothing.
 * @param weights   [N] signed shares of equity
 * @throws RangeError naming the weight that is not finite; when there is none, or `exposure` is not positive.
 */
export function atExposure(weights: ArrayLike<number>, exposure: number): Float64Array {
  checkPositive("exposure", exposure);
  checkFinite("weights", weights);
  const all = Float64Array.from(weights);
  const held = meanSize(all);
  return held === 0 ? all : all.map((w) => (exposure * w) / held);
}

function meanSize(weights: Float64Array): number {
  if (weights.length === 0) throw new RangeError("weights: expected at least one, got none");
  return weights.reduce((total, w) => total + Math.abs(w), 0) / weights.length;
}
