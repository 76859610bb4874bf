/** The path of the price between the open and the close of a simulated bar. */

/**
 * How far above its open a Brownian bridge from 0 to `move` reaches, by inversion of its exact distribution
 * P(M > m) = exp(−2 m (m − move) / variance), m ≥ max(0, move). Of −move it is how far below.
 *
 * High and low from two uniforms are drawn apart: their slight dependence is left out.
 * @param uniform  in (0, 1)
 */
export function reach(move: number, variance: number, uniform: number): number {
  return (move + Math.sqrt(move * move - 2 * variance * Math.log(uniform))) / 2;
}
