/** The continuous ranked probability score of a forecast that is given by its draws. */
import { checkCount, checkFinite } from "../../core/index.js";

/**
 * mean |draw − value| − ½ mean |draw − draw′| over all pairs, in the unit of the value: the score of the draws' own distribution.
 *
 * For m draws of a normal it is too large by σ / (√π m) on average; `crpsFair` is not.
 * @throws RangeError when there is no draw or a number is not finite.
 * @see Gneiting & Raftery 2007, equation 20
 */
export function crpsOfDraws(draws: ArrayLike<number>, value: number): number {
  const { distance, spread } = parts(draws, value, 1);
  return distance - spread / draws.length ** 2;
}

/**
 * The same with the pairs of different draws alone: unbiased for the score of the distribution that the draws come from.
 * @throws RangeError when there are fewer than two draws or a number is not finite.
 * @see Ferro 2014
 */
export function crpsFair(draws: ArrayLike<number>, value: number): number {
  const { distance, spread } = parts(draws, value, 2);
  return distance - spread / (draws.length * (draws.length - 1));
}

/** Mean distance to the value, and Σ over unordered pairs of their distance, by sorting. */
function parts(
  draws: ArrayLike<number>,
  value: number,
  least: number,
): { readonly distance: number; readonly spread: number } {
  const size = draws.length;
  checkCount("draws", size, least);
  checkFinite("draws", draws);
  checkFinite("value", [value]);
  const sorted = Float64Array.from(draws).sort();
  const centre = sorted[size >> 1]!; // far from zero the products would cancel to nothing but rounding
  let [distance, spread] = [0, 0];
  sorted.forEach((x, i) => {
    distance += Math.abs(x - value) / size;
    spread += (x - centre) * (2 * i + 1 - size);
  });
  return { distance, spread };
}
