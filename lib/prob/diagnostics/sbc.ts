/** Simulation-based calibration: if posteriors are right, the truth's rank among their draws is uniform. */

import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import {
  checkCount,
  checkPositive,
  chiSquareSurvival,
  fold,
  integers,
  type Key,
  logChoose,
  standardNormalQuantile,
} from "../../core/index.js";
import { integrate } from "../distributions/quadrature.js";

/** Where the truth falls among L posterior draws. */
export interface SbcRank {
  /** Draws strictly below the truth: 0 … L. */
  readonly rank: number;
  /** Draws equal to the truth, which a continuous posterior never has. */
  readonly ties: number;
}

/** @see Talts, Betancourt, Simpson, Vehtari & Gelman 2018, algorithm 1 */
export function sbcRank(truth: number, draws: ArrayLike<number>): SbcRank {
  let rank = 0;
  let ties = 0;
  for (let i = 0; i < draws.length; i++) {
    if (draws[i]! < truth) rank++;
    else if (draws[i] === truth) ties++;
  }
  return { rank, ties };
}

/**
 * The ranks [simulations] of truths among their own posterior draws; a tie is broken at random.
 * @param simulate  draws a truth from the prior, data from the truth and draws from the posterior, all from the key it gets
 * @throws RangeError when `simulations` is not a positive integer.
 */
export function sbcRanks(
  simulations: number,
  key: Key,
  simulate: (key: Key) => { readonly truth: number; readonly draws: ArrayLike<number> },
): Uint32Array {
  checkCount("simulations", simulations);
  return Uint32Array.from({ length: simulations }, (_, i) => {
    const { truth, draws } = simulate(fold(key, i));
    const { rank, ties } = sbcRank(truth, draws);
    return ties === 0 ? rank : rank + integers(fold(key, i, "tie"), 1, ties + 1)[0]!;
  });
}

/** Ranks counted and tested against uniformity. */
export interface SbcTest {
  /** [L + 1] */
  readonly histogram: Uint32Array;
  readonly chiSquare: number;
  readonly pValue: number;
}

/**
 * Chi-square test of ranks [N] among L draws, each 0 … L, against the uniform distribution.
 * @throws RangeError when a rank is out of range.
 */
export function sbcTest(ranks: ArrayLike<number>, draws: number): SbcTest {
  checkCount("draws", draws);
  const histogram = new Uint32Array(draws + 1);
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i]!;
    if (!(Number.isInteger(rank) && rank >= 0 && rank <= draws)) {
      throw new RangeError(`rank ${i}: expected an integer from 0 to ${draws}, got ${rank}`);
    }
    histogram[rank]!++;
  }
  const expected = ranks.length / (draws + 1);
  const chiSquare = histogram.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  return { histogram, chiSquare, pValue: chiSquareSurvival(chiSquare, draws) };
}

/**
 * The distribution of the rank when the posterior's mean is right and its standard deviation is `sdRatio` times the true one, [L + 1].
 *
 * Exact for a Gaussian posterior: the rank given the truth's true quantile u is binomial with p = Φ(Φ⁻¹(u) / sdRatio).
 * @throws RangeError when an argument is not positive.
 */
export function expectedRankPmf(draws: number, sdRatio: number): Float64Array {
  checkCount("draws", draws);
  checkPositive("sdRatio", sdRatio);
  return Float64Array.from({ length: draws + 1 }, (_, k) =>
    integrate(
      (z) => {
        const p = normalCdf(z / sdRatio, 0, 1);
        const q = normalCdf(-z / sdRatio, 0, 1);
        const logLikelihood = (k > 0 ? k * Math.log(p) : 0) + (k < draws ? (draws - k) * Math.log(q) : 0);
        return Math.exp(logChoose(draws, k) + logLikelihood - 0.5 * z * z) / Math.sqrt(2 * Math.PI);
      },
      [-12, -6, -3, -1, 0, 1, 3, 6, 12],
    ),
  );
}

/** The range of the empirical share of ranks ≤ r with probability `level`, for each r, point by point, [L + 1]. */
export interface EcdfBand {
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The pointwise band of the distribution function of `simulations` ranks that are uniform, by the normal approximation: a rank plot that
 * leaves it tells a posterior that is not calibrated.
 * @throws RangeError when there is no simulation, or `level` is not in (0, 1).
 */
export function sbcEcdfBand(draws: number, simulations: number, level = 0.95): EcdfBand {
  checkCount("simulations", simulations);
  if (!(level > 0 && level < 1))
    throw new RangeError(`level: expected a probability in (0, 1), got ${level}`);
  const reach = standardNormalQuantile(0.5 + level / 2);
  const expected = Float64Array.from({ length: draws + 1 }, (_, r) => (r + 1) / (draws + 1));
  const half = expected.map((p) => reach * Math.sqrt((p * (1 - p)) / simulations));
  return {
    expected,
    lower: expected.map((p, r) => Math.max(0, p - half[r]!)),
    upper: expected.map((p, r) => Math.min(1, p + half[r]!)),
  };
}
