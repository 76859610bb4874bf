/** Stress scenarios from a covariance: some assets fall, the others follow. */
import { checkCount, columnVector, type Matrix } from "../../core/index.js";

/**
 * Returns of all assets [A] when the equal-weight portfolio of `members` returns `size`: each asset's regression on that portfolio.
 * @param covariance [A,A]
 * @param size  simple return of the members' portfolio, such as −0.2
 * @throws RangeError when there is no member or one is no asset.
 */
export function shockScenario(covariance: Matrix, members: readonly number[], size: number): Float64Array {
  checkCount("members", members.length);
  const weights = new Float64Array(covariance.rows);
  for (const asset of members) {
    if (!(asset >= 0 && asset < weights.length))
      throw new RangeError(`members: expected assets below ${weights.length}, got ${asset}`);
    weights[asset] = 1 / members.length;
  }
  const together = covariance.mmul(columnVector(weights)).to1DArray();
  const variance = together.reduce((total, value, a) => total + value * weights[a]!, 0);
  return Float64Array.from(together, (value) => (size * value) / variance);
}
