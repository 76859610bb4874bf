/** The mean of differences of pairs, with its interval: A and B measured on the same parts, compared by A − B. */
import {
  checkCount,
  checkFinite,
  checkLength,
  mean,
  standardDeviation,
  standardNormalQuantile,
  studentQuantile,
} from "../../core/index.js";

/** A mean difference of pairs with its interval, in the unit of the values. */
export interface PairedDifference {
  /** Mean of a − b. */
  readonly estimate: number;
  readonly standardError: number;
  /** Ends of the interval for the mean. */
  readonly lower: number;
  readonly upper: number;
  readonly pairs: number;
  /** Share of the pairs in which a is the greater. */
  readonly wins: number;
}

/**
 * The mean difference of pairs a [N], b [N] that are independent of one another, such as results on many simulated test parts, and its
 * interval, whose `level` is 0.95 by default: normal, or Student's t with N − 1 degrees of freedom for a few pairs such as seeds.
 * @throws RangeError when lengths differ, there are fewer than two pairs, or a number is not finite.
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95, tails = "normal" }: { readonly level?: number; readonly tails?: "normal" | "student" } = {},
): PairedDifference {
  checkLength("b", b, a.length);
  checkCount("pairs", a.length, 2);
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a share in (0, 1), got ${level}`);
  const difference = Float64Array.from(a, (value, n) => value - b[n]!);
  checkFinite("differences", difference);
  const estimate = mean(difference);
  const standardError = standardDeviation(difference) / Math.sqrt(difference.length);
  const upTo = 0.5 + level / 2;
  const multiple = tails === "student" ? studentQuantile(upTo, a.length - 1) : standardNormalQuantile(upTo);
  const half = multiple * standardError;
  const wins = difference.filter((value) => value > 0).length / difference.length;
  return {
    estimate,
    standardError,
    lower: estimate - half,
    upper: estimate + half,
    pairs: difference.length,
    wins,
  };
}
