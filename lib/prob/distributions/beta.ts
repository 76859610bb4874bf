/** The Beta distribution of an unknown rate after whole numbers of hits and misses. */
import { checkCount, logChoose } from "../../core/index.js";

/**
 * The probability that a rate with the distribution Beta(hits, misses) exceeds `threshold`.
 *
 * For whole numbers it is the probability of fewer than `hits` successes in hits + misses − 1 trials at the rate `threshold`.
 * @throws RangeError when hits or misses are not positive integers, or the threshold is not in (0, 1).
 * @see Abramowitz & Stegun 1964, equation 26.5.24
 */
export function betaAbove(threshold: number, hits: number, misses: number): number {
  checkCount("hits", hits);
  checkCount("misses", misses);
  if (!(threshold > 0 && threshold < 1))
    throw new RangeError(`threshold: expected a number in (0, 1), got ${threshold}`);
  const trials = hits + misses - 1;
  let total = 0;
  for (let k = 0; k < hits; k++) {
    const logMass = logChoose(trials, k) + k * Math.log(threshold) + (trials - k) * Math.log1p(-threshold);
    total += Math.exp(logMass);
  }
  return Math.min(1, total);
}
