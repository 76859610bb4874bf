/** Far tails: survival functions, quantiles and ratios of gamma functions that keep their digits where 1 − P has none left. */
import betaln from "@stdlib/math-base-special-betaln";
import erfcinv from "@stdlib/math-base-special-erfcinv";
import gammainc from "@stdlib/math-base-special-gammainc";
import gammaln from "@stdlib/math-base-special-gammaln";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";

/**
 * P(X > x) of a chi-square with `degreesOfFreedom`, to full relative precision as long as it is a float64 at all.
 * @see Abramowitz & Stegun 1964, 26.4.19
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  if (Number.isNaN(x)) return x;
  return x > 0 ? gammainc(x / 2, degreesOfFreedom / 2, true, true) : 1;
}

/** log Γ(x + step) − log Γ(x) for positive x and step: the difference of two logarithms loses all digits where x is large. */
export function logGammaRatio(x: number, step: number): number {
  return gammaln(step) - betaln(x, step);
}

/** log of n over k. */
export function logChoose(n: number, k: number): number {
  return -Math.log1p(n) - betaln(k + 1, n - k + 1);
}

/** The z with P(Z ≤ z) = probability under N(0, 1): as exact in the lower tail as in the upper; NaN outside [0, 1]. */
export function standardNormalQuantile(probability: number): number {
  return probability < 0.5
    ? -Math.SQRT2 * erfcinv(2 * probability)
    : Math.SQRT2 * erfcinv(2 * (1 - probability));
}

/** The t with P(T ≤ t) = probability under Student's t with `degreesOfFreedom`; NaN outside [0, 1]. */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  return tQuantile(probability, degreesOfFreedom);
}
