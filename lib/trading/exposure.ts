/** Sizes of different rules brought to one average, so that they differ in when and not in how much. */
import { checkFinite, checkPositive } from "../core/axes.js";
import { mean } from "../core/stats.js";

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
  if (all.length === 0) throw new RangeError("weights: expected at least one, got none");
  const held = mean(all.map(Math.abs));
  return held === 0 ? all : all.map((w) => (exposure * w) / held);
}
