/** The mixture of normals that draws of a prediction make: probabilities, quantiles, intervals and density, row by row. */

import type { NormalDraws } from "../../core/index.js";
import { checkCount, checkFinite, checkLength, logSumExp } from "../../core/index.js";
import { normalLogDensity, normalProbability, normalQuantile } from "./gaussian.js";

/** P(value ≤ level) of each row under the mixture of its draws, [N]. */
export function mixtureProbability(of: NormalDraws, level: number): Float64Array {
  const rows = rowsOfDraws(of);
  const out = new Float64Array(rows);
  for (let i = 0; i < of.draws * rows; i++)
    out[i % rows]! += normalProbability(level, of.mean[i]!, Math.sqrt(of.variance[i]!)) / of.draws;
  return out;
}

/**
 * The quantile of each row's mixture, [N].
 * @throws RangeError when the probability is not in (0, 1), or lengths disagree.
 */
export function mixtureQuantile(of: NormalDraws, probability: number): Float64Array {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`probability: expected a number in (0, 1), got ${probability}`);
  const rows = rowsOfDraws(of);
  return Float64Array.from({ length: rows }, (_, n) => quantileOf(rowOf(of, rows, n), probability));
}

/** Ends [N] of the central interval that holds a share of each row's mixture. */
export interface Intervals {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The central interval of each row's mixture.
 * @param level  share of the distribution that the interval holds
 * @throws RangeError when the level is not in (0, 1), or lengths disagree.
 */
export function mixtureInterval(of: NormalDraws, level: number): Intervals {
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a share in (0, 1), got ${level}`);
  return { lower: mixtureQuantile(of, 0.5 - level / 2), upper: mixtureQuantile(of, 0.5 + level / 2) };
}

/**
 * The negative log density −log mean_s N(value | mean_s, variance_s) of each row, [N] nats.
 *
 * It is the score of the mixture itself, neither the mean of the draws' scores nor that of a normal with the mixture's moments.
 * @param value  [N]
 * @throws RangeError when lengths disagree.
 */
export function mixtureNll(of: NormalDraws, value: ArrayLike<number>): Float64Array {
  const rows = rowsOfDraws(of);
  checkLength("value", value, rows);
  return Float64Array.from({ length: rows }, (_, n) => {
    const { means, deviations } = rowOf(of, rows, n);
    const logs = means.map((m, s) => normalLogDensity(value[n]!, m, deviations[s]!));
    return Math.log(of.draws) - logSumExp(logs);
  });
}

/** The normals of one row, [S]. */
interface Mixture {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

const STEPS = 100;
/** A miss in probability so small is the last: the step after it leaves less than a millionth. */
const SMALL = 3e-5;

/** The quantile of a mixture by Halley's steps from that of one normal, halving the bracket where they leave it. */
function quantileOf(mixture: Mixture, probability: number): number {
  const { means, deviations } = mixture;
  const z = normalQuantile(probability, 0, 1);
  // The quantile of a mixture lies among those of its parts.
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [first, second] = [0, 0];
  for (let s = 0; s < means.length; s++) {
    const [m, d] = [means[s]!, deviations[s]!];
    low = Math.min(low, m + z * d);
    high = Math.max(high, m + z * d);
    first += m / means.length;
    second += (m * m + d * d) / means.length;
  }
  const sd = Math.sqrt(Math.max(0, second - first * first)); // of a first guess
  let x = Math.min(high, Math.max(low, first + z * sd));
  for (let i = 0; i < STEPS && high > low; i++) {
    const { below, density, slope } = mixtureAt(mixture, x);
    const miss = probability - below;
    if (miss > 0) low = x;
    else high = x;
    const bend = (0.5 * miss * slope) / density;
    const step = miss / (density + bend);
    // Where the density bends too much for a parabola, a step tells nothing.
    const sound = Math.abs(bend) < 0.5 * density && x + step >= low && x + step <= high;
    if (sound && Math.abs(miss) < SMALL) return x + step;
    x = sound ? x + step : 0.5 * (low + high);
  }
  return x;
}

/** Distribution function of a mixture, its density, and the density's slope. */
function mixtureAt({ means, deviations }: Mixture, x: number) {
  let [below, density, slope] = [0, 0, 0];
  for (let s = 0; s < means.length; s++) {
    const u = (x - means[s]!) / deviations[s]!;
    const here = Math.exp(-0.5 * u * u) / (ROOT_2PI * deviations[s]!);
    below += normalProbability(u, 0, 1);
    density += here;
    slope -= (u * here) / deviations[s]!;
  }
  const count = means.length;
  return { below: below / count, density: density / count, slope: slope / count };
}

const ROOT_2PI = Math.sqrt(2 * Math.PI);

function rowsOfDraws({ draws, mean, variance }: NormalDraws): number {
  checkCount("draws", draws);
  checkLength("variance", variance, mean.length);
  checkFinite("mean", mean);
  checkFinite("variance", variance);
  const rows = mean.length / draws;
  checkCount("rows", rows);
  return rows;
}

function rowOf(of: NormalDraws, rows: number, n: number): Mixture {
  const at = (values: ArrayLike<number>) =>
    Float64Array.from({ length: of.draws }, (_, s) => values[s * rows + n]!);
  return { means: at(of.mean), deviations: at(of.variance).map(Math.sqrt) };
}
