/** The path of coordinate ascent on two weights. */

import { pairPosterior } from "../comparison/comparePairs.js";
import { caviCorrelatedGaussian } from "./cavi.js";

/** Means of q on the way; each sweep moves the first weight, then the second. */
export interface CaviPath {
  /** Every step, from the start on. */
  readonly steps: { readonly x: number[]; readonly y: number[] };
  /** The start and the end of each sweep. */
  readonly sweeps: { readonly x: number[]; readonly y: number[] };
  /** [2] variances of q. */
  readonly variance: Float64Array;
}

/**
 * Coordinate ascent from `start` on a posterior with mean 0, variance 1 and correlation rho.
 * @throws RangeError as `pairPosterior` and `caviCorrelatedGaussian`.
 */
export function caviPath(
  rho: number,
  { start, sweeps }: { readonly start: readonly [number, number]; readonly sweeps: number },
): CaviPath {
  const { mean, precision } = pairPosterior(-rho);
  const all = caviCorrelatedGaussian(mean, precision.to1DArray(), { start, sweeps });
  const ends = [start, ...all.map(({ mean: [x, y] }) => [x!, y!] as const)];
  const corners = ends.flatMap((end, i) => (i === 0 ? [end] : [[end[0], ends[i - 1]![1]] as const, end]));
  const columns = (points: readonly (readonly [number, number])[]) => ({
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
  });
  return { steps: columns(corners), sweeps: columns(ends), variance: all.at(-1)!.variance };
}
