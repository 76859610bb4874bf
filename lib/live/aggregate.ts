/** From draws of a forecast to what a decision needs: mean, deviation, interval, and where the doubt comes from. */
import { checkCount } from "../core/axes.js";
import { DIRECTIONS } from "../models/forecastNetwork.js";
import { normalProbability, normalQuantile } from "../prob/gaussian.js";
import { type ClassDraws, type PredictiveLaw, predictiveOf } from "../trading/signal.js";
import type { Foretold } from "./forecaster.js";

/** A foretold value v stands for the return centre + deviation · v. */
export interface Unit {
  readonly centre: number;
  readonly deviation: number;
}

/** The next return of one symbol as the model sees it; in the unit of returns, variances in its square. */
export interface Outlook extends PredictiveLaw {
  /** √(aleatoric + epistemic) */
  readonly sd: number;
  /** Central interval of the law at the level asked for. */
  readonly interval: readonly [number, number];
  /** [S] mean and variance of each draw. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** [S] probabilities of each draw, where the model has a direction head. */
  readonly classes?: ClassDraws;
}

/**
 * The outlook of row `row`: the law is the mixture of the draws' normals, its variance split by the law of total variance.
 * @param options `level`: share of the law that the interval holds
 * @throws RangeError when the level is not in (0, 1) or a foretold number is not finite.
 */
export function aggregate(
  { returns, direction, rows }: Foretold,
  row: number,
  options: { readonly unit: Unit; readonly level: number },
): Outlook {
  const { unit, level } = options;
  checkCount("rows", rows, row + 1);
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a share in (0, 1), got ${level}`);
  const [means, variances] = [new Float64Array(returns.draws), new Float64Array(returns.draws)];
  for (let s = 0; s < returns.draws; s++) {
    means[s] = unit.centre + unit.deviation * returns.mean[s * rows + row]!;
    variances[s] = unit.deviation ** 2 * returns.variance[s * rows + row]!;
  }
  const law = predictiveOf(means, variances);
  const sd = Math.sqrt(law.aleatoric + law.epistemic);
  const mixture = { means, deviations: variances.map(Math.sqrt), start: law.mean, scale: sd };
  const interval = [0.5 - level / 2, 0.5 + level / 2].map((p) => quantileOf(mixture, p));
  return {
    ...law,
    ...{ sd, means, variances, interval: [interval[0]!, interval[1]!] },
    ...(direction ? { classes: classesOf(direction.probability, rows, row, direction.draws) } : {}),
  };
}

interface Mixture {
  /** [S] */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** Mean and deviation of the whole. */
  readonly start: number;
  readonly scale: number;
}

const STEPS = 100;
/** A miss in probability so small is the last: the step after it leaves less than a millionth. */
const SMALL = 3e-5;

/** The quantile of a mixture of normals by Halley's steps from that of one normal, halving the bracket where they leave it. */
function quantileOf(mixture: Mixture, probability: number): number {
  const { means, deviations, start, scale } = mixture;
  const z = normalQuantile(probability, 0, 1);
  // The quantile of a mixture lies among those of its parts.
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let s = 0; s < means.length; s++) {
    low = Math.min(low, means[s]! + z * deviations[s]!);
    high = Math.max(high, means[s]! + z * deviations[s]!);
  }
  let x = Math.min(high, Math.max(low, start + z * scale));
  for (let i = 0; i < STEPS && high > low; i++) {
    const { below, density, slope } = lawAt(mixture, x);
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
function lawAt({ means, deviations }: Mixture, x: number) {
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

function classesOf(probability: ArrayLike<number>, rows: number, row: number, draws: number): ClassDraws {
  const [down, neutral, up] = DIRECTIONS.map((_, c) =>
    Float64Array.from({ length: draws }, (_, s) => probability[(s * rows + row) * DIRECTIONS.length + c]!),
  ) as [Float64Array, Float64Array, Float64Array];
  return { down, neutral, up };
}
