/** The Student-t distribution: the marginal of a normal whose variance is not known. */
import { checkPositive, logGammaRatio } from "../../core/index.js";

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
  return (
    logGammaRatio(half, 0.5) -
    0.5 * (Math.log(degreesOfFreedom) + Math.log(Math.PI)) -
    Math.log(scale) -
    (half + 0.5) * logOnePlusSquare(Math.abs(x - location), scale * Math.sqrt(degreesOfFreedom))
  );
}

/** log(1 + (distance / unit)²), also where the square is too large for a float64. */
function logOnePlusSquare(distance: number, unit: number): number {
  const ratio = distance / unit;
  if (ratio < 1e8) return Math.log1p(ratio * ratio);
  return 2 * (Math.log(distance) - Math.log(unit)); // the 1 is below the last digit
}
