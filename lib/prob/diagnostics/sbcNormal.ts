/** Simulation-based calibration of the simplest model there is, with a posterior of the right width or not. */
import { checkPositive, type Key, normals } from "../../core/index.js";
import { type SbcTest, sbcRanks, sbcTest } from "./sbc.js";

/** A test of calibration, and the fraction of simulations at each rank. */
export interface SbcNormal extends SbcTest {
  /** [draws + 1] */
  readonly fraction: number[];
}

/**
 * Ranks of truths θ ~ N(0, 1) among `draws` draws of N(y/2, sdRatio²/2) after one observation y ~ N(θ, 1): the posterior itself
 * where sdRatio is 1.
 * @throws RangeError when a count or the ratio is not positive.
 */
export function sbcNormal(
  sdRatio: number,
  { simulations, draws, key }: { readonly simulations: number; readonly draws: number; readonly key: Key },
): SbcNormal {
  checkPositive("sdRatio", sdRatio);
  const ranks = sbcRanks(simulations, key, (own) => {
    const noise = normals(own, 2 + draws);
    const truth = noise[0]!;
    const y = truth + noise[1]!;
    return { truth, draws: noise.subarray(2).map((e) => y / 2 + sdRatio * Math.SQRT1_2 * e) };
  });
  const test = sbcTest(ranks, draws);
  return { ...test, fraction: Array.from(test.histogram, (count) => count / simulations) };
}
