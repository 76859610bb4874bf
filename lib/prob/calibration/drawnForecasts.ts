/** Forecasts made of draws, held against outcomes. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkLength, type NormalDraws } from "../../core/index.js";

/**
 * P(target ≤ level) of each row, [N], under the mixture of the draws' normals: of outcomes it is uniform where the forecast is right.
 * @param levels  [N]
 * @throws RangeError when lengths disagree.
 */
export function probabilityBelow(draws: NormalDraws, levels: ArrayLike<number>): Float64Array {
  return averageOf(draws, levels, (mean, variance, level) =>
    normalCdf((level - mean) / Math.sqrt(variance), 0, 1),
  );
}

/**
 * Fraction of the drawn means at or below the level, [N]: it leaves out the variance about the means, and is no probability of the target.
 * @throws RangeError when lengths disagree.
 */
export function meansBelow(draws: NormalDraws, levels: ArrayLike<number>): Float64Array {
  return averageOf(draws, levels, (mean, _, level) => (mean <= level ? 1 : 0));
}

/** Fraction of the outcomes inside the central interval of each level. @param below [N] of `probabilityBelow` at the outcomes */
export function centralCoverage(below: ArrayLike<number>, levels: readonly number[]): Float64Array {
  const distance = Float64Array.from(below, (p) => 2 * Math.abs(p - 0.5));
  return Float64Array.from(levels, (level) => distance.filter((d) => d <= level).length / distance.length);
}

function averageOf(
  { draws, mean, variance }: NormalDraws,
  levels: ArrayLike<number>,
  of: (mean: number, variance: number, level: number) => number,
): Float64Array {
  checkLength("levels", levels, mean.length / draws);
  const out = new Float64Array(levels.length);
  for (let i = 0; i < mean.length; i++) {
    const n = i % levels.length;
    out[n]! += of(mean[i]!, variance[i]!, levels[n]!) / draws;
  }
  return out;
}
