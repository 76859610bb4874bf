/** Mixtures of normals and the divergences that have no closed form. */
import {
  checkCount,
  checkLength,
  checkPositive,
  type Key,
  logSumExp,
  mean,
  normals,
  standardDeviation,
} from "../../core/index.js";
import { type Estimate, normalLogDensity } from "./gaussian.js";
import { integrate } from "./quadrature.js";
import { studentLogDensity } from "./student.js";

/** Components with weights that sum to one; arrays are [K]. */
export interface Mixture {
  readonly weight: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly sd: ArrayLike<number>;
}

/** log Σ_k weight_k N(x | mean_k, sd_k²) */
export function mixtureLogDensity(x: number, { weight, mean, sd }: Mixture): number {
  return logSumExp(
    Float64Array.from(
      { length: weight.length },
      (_, k) => Math.log(weight[k]!) + normalLogDensity(x, mean[k]!, sd[k]!),
    ),
  );
}

/**
 * KL(q ‖ p) in nats of two mixtures, by integration.
 * @throws RangeError when a weight is negative, weights do not sum to one or a standard deviation is not positive.
 */
export function klMixtures(q: Mixture, p: Mixture): number {
  checkMixture("q", q);
  checkMixture("p", p);
  const [own, other] = [inUnitsOf(q, q), inUnitsOf(p, q)];
  return klByIntegration(
    (x) => mixtureLogDensity(x, own),
    (x) => mixtureLogDensity(x, other),
    [...breaksOf(own), ...narrowBreaks(other, own)],
  );
}

/** `of` with the first component of `unit` moved to N(0, 1): both moved alike, their divergence stays. */
function inUnitsOf(of: Mixture, unit: Mixture): Mixture {
  const [centre, scale] = [unit.mean[0]!, unit.sd[0]!];
  return {
    weight: of.weight,
    mean: Float64Array.from(of.mean, (m) => (m - centre) / scale),
    sd: Float64Array.from(of.sd, (s) => s / scale),
  };
}

/** The scale-mixture prior of Blundell et al. 2015, equation 7: share·N(0, wide²) + (1 − share)·N(0, narrow²). */
export function scaleMixture(share: number, wide: number, narrow: number): Mixture {
  return { weight: [share, 1 - share], mean: [0, 0], sd: [wide, narrow] };
}

/**
 * KL(N(mean, sd²) ‖ p) in nats for any mixture, by integration.
 *
 * As a component narrows to a spike the divergence tends to that from the other components alone, −log of their share added: a normal
 * distribution does not notice a point. Infinite is the other direction, KL(p ‖ N); an sd of exactly 0 is refused.
 * @throws RangeError when `sd` or a component's is not positive.
 */
export function klNormalToMixture(mean: number, sd: number, p: Mixture): number {
  return klMixtures({ weight: [1], mean: [mean], sd: [sd] }, p);
}

/** KL(N(mean, sd²) ‖ p) as an average over draws: what a network trains on. */
export function klNormalToMixtureMonteCarlo(
  q: { readonly mean: number; readonly sd: number },
  p: Mixture,
  options: { readonly draws: number; readonly key: Key },
): Estimate {
  checkCount("draws", options.draws, 2);
  const values = normals(options.key, options.draws).map((e) => {
    const x = q.mean + q.sd * e;
    return normalLogDensity(x, q.mean, q.sd) - mixtureLogDensity(x, p);
  });
  return { value: mean(values), standardError: standardDeviation(values) / Math.sqrt(values.length) };
}

/** KL(N(mean, sd²) ‖ Student-t) in nats, by integration. */
export function klNormalToStudentT(
  mean: number,
  sd: number,
  degreesOfFreedom: number,
  scale: number,
): number {
  checkPositive("sd", sd);
  const standard: Mixture = { weight: [1], mean: [0], sd: [1] };
  return klByIntegration(
    (z) => normalLogDensity(z, 0, 1),
    (z) => studentLogDensity(z, degreesOfFreedom, -mean / sd, scale / sd), // both in deviations of the normal
    breaksOf(standard),
  );
}

function klByIntegration(
  logQ: (x: number) => number,
  logP: (x: number) => number,
  breaks: readonly number[],
): number {
  const sorted = [...new Set(breaks)].sort((a, b) => a - b);
  return integrate(
    (x) => {
      const log = logQ(x);
      const density = Math.exp(log);
      return density === 0 ? 0 : density * (log - logP(x));
    },
    sorted,
    { absolute: 1e-15 },
  );
}

/** Twelve standard deviations about each component, with its centre. */
function breaksOf({ mean, sd }: Mixture): number[] {
  return Array.from({ length: mean.length }, (_, k) =>
    [-12, -4, -1, 0, 1, 4, 12].map((z) => mean[k]! + z * sd[k]!),
  ).flat();
}

/** The breaks of p that lie where q has its mass. */
function narrowBreaks(p: Mixture, q: Mixture): number[] {
  const reach = breaksOf(q);
  const [from, to] = [Math.min(...reach), Math.max(...reach)];
  return breaksOf(p).filter((b) => b > from && b < to);
}

function checkMixture(name: string, { weight, mean, sd }: Mixture): void {
  checkLength(`${name}.mean`, mean, weight.length);
  checkLength(`${name}.sd`, sd, weight.length);
  Array.from(weight).forEach((value, k) => {
    if (!(value >= 0)) throw new RangeError(`${name}.weight[${k}]: expected at least 0, got ${value}`);
  });
  const total = Array.from(weight).reduce((a, b) => a + b, 0);
  if (!(Math.abs(total - 1) < 1e-9))
    throw new RangeError(`${name}: expected weights that sum to 1, got ${total}`);
  Array.from(sd).forEach((value, k) => {
    checkPositive(`${name}.sd[${k}]`, value);
  });
}
