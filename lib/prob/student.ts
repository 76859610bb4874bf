/** The Student-t distribution: the marginal of a normal whose variance is not known. */
import gammaln from "@stdlib/math-base-special-gammaln";
import { checkPositive } from "../core/axes.js";

/**
 * log density of the location-scale t with `degreesOfFreedom`.
 * @throws RangeError when the degrees of freedom or the scale are not positive.
 */
export function studentLogDensity(
  x: number,
  degreesOfFreedom: number,
  location: number,
  scale: number,
): number {
  checkPositive("degreesOfFreedom", degreesOfFreedom);
  checkPositive("scale", scale);
  const half = degreesOfFreedom / 2;
  const z = (x - location) / scale;
  return (
    gammaln(half + 0.5) -
    gammaln(half) -
    0.5 * Math.log(degreesOfFreedom * Math.PI) -
    Math.log(scale) -
    (half + 0.5) * Math.log1p((z * z) / degreesOfFreedom)
  );
}
