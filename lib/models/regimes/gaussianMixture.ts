/** Gaussian mixtures by expectation–maximisation: regimes as clouds, without memory of time. */
import { checkCount, fold, type Key, logSumExp } from "../../core/index.js";
import { bestRun, maximise } from "./expectationMaximisation.js";
import {
  byVolatility,
  type CovarianceKind,
  componentLogDensities,
  degenerateCount,
  type GaussianComponents,
  refitted,
  type Standardised,
  scatteredComponents,
  standardised,
  unscaled,
} from "./gaussianComponents.js";

/** Components with weights that sum to one. */
export interface GaussianMixture extends GaussianComponents {
  /** [K] */
  readonly weight: Float64Array;
}

/** The mixture of the best start; components are ordered from calm to volatile, each column counted in its own units. */
export interface GaussianMixtureFit extends GaussianMixture {
  /** Of all rows together, nats. */
  readonly logLikelihood: number;
  /** Log likelihood of the start and after each sweep; never falls. */
  readonly history: readonly number[];
  readonly converged: boolean;
  /** −2 logLikelihood + parameters · log N: less is better. */
  readonly bic: number;
  /** Components that collapsed onto a few rows and were held at the least variance: with any, compare no likelihoods. */
  readonly degenerate: number;
}

/** Options of `fitGaussianMixture`. */
export interface GaussianMixtureOptions {
  /** D */
  readonly columns: number;
  /** K */
  readonly components: number;
  readonly covariance: CovarianceKind;
  readonly key: Key;
  /** How often to start anew. */
  readonly starts: number;
  /** Sweeps of each start at most. */
  readonly sweeps: number;
}

/** Nats a row that a sweep must gain for another to follow. */
export const LEAST_GAIN = 1e-9;

/**
 * The mixture of greatest likelihood among several starts from k-means++ rows.
 *
 * No component gets narrower than a thousandth of a column's standard deviation in any direction: without a floor the likelihood
 * has no maximum. The fit sees all rows at once: fit on training rows, then ask `gaussianMixtureResponsibilities` of later ones.
 * @param x [N,D] row-major
 * @throws RangeError when a value is not finite, a column does not vary, or fewer rows differ than there are components.
 * @see Bishop 2006, section 9.2; Schwarz 1978
 */
export function fitGaussianMixture(x: Float64Array, options: GaussianMixtureOptions): GaussianMixtureFit {
  checkCount("components", options.components);
  checkCount("starts", options.starts);
  const data = standardised(x, options.columns);
  const runs = Array.from({ length: options.starts }, (_, start) => runFrom(data, start, options));
  return bestRun(runs);
}

/**
 * p(component | row) of each row, which may be new.
 * @param x  [N,D]
 * @returns  [N,K], rows sum to one
 */
export function gaussianMixtureResponsibilities(model: GaussianMixture, x: Float64Array): Float64Array {
  return expectation(model, x).responsibility;
}

/**
 * log p(row) in nats, [N]: the rarer a row, the lower.
 * @param x [N,D]
 */
export function gaussianMixtureLogDensity(model: GaussianMixture, x: Float64Array): Float64Array {
  return expectation(model, x).logDensity;
}

/**
 * The likeliest of K states in each row of probabilities [N,K], as [N]; the first of those that tie.
 * @throws RangeError when the probabilities are not whole rows.
 */
export function likeliest(probability: Float64Array, states: number): Uint16Array {
  checkCount("states", states);
  checkCount("rows", probability.length / states);
  return Uint16Array.from({ length: probability.length / states }, (_, n) => {
    const row = probability.subarray(n * states, (n + 1) * states);
    return row.indexOf(Math.max(...row));
  });
}

function expectation(
  model: GaussianMixture,
  x: Float64Array,
): { responsibility: Float64Array; logDensity: Float64Array } {
  const responsibility = componentLogDensities(x, model);
  const count = model.weight.length;
  const logDensity = new Float64Array(responsibility.length / count);
  for (let n = 0; n < logDensity.length; n++) {
    const row = responsibility.subarray(n * count, (n + 1) * count);
    for (let k = 0; k < count; k++) row[k]! += Math.log(model.weight[k]!);
    const total = logSumExp(row);
    logDensity[n] = total;
    for (let k = 0; k < count; k++) row[k] = Math.exp(row[k]! - total);
  }
  return { responsibility, logDensity };
}

function runFrom(data: Standardised, start: number, options: GaussianMixtureOptions): GaussianMixtureFit {
  const { columns, components, covariance: kind } = options;
  const rows = data.x.length / columns;
  const from = scatteredComponents(data.x, columns, components, { key: fold(options.key, start), kind });
  const weight = new Float64Array(components).fill(1 / components);
  const { state, history, converged } = maximise<GaussianMixture>(
    { ...from, weight },
    (model) => {
      const { responsibility, logDensity } = expectation(model, data.x);
      const next = refitted(data.x, responsibility, model, kind);
      const logLikelihood = logDensity.reduce((a, b) => a + b, 0);
      return { logLikelihood, next: { ...next, weight: shares(responsibility, components) } };
    },
    { sweeps: options.sweeps, least: LEAST_GAIN * rows },
  );
  const order = byVolatility(state);
  const units = rows * data.scale.reduce((total, s) => total + Math.log(s), 0); // of the standardised rows' density
  const logLikelihood = history.at(-1)! - units;
  return {
    ...unscaled(state, data, order),
    weight: Float64Array.from(order, (k) => state.weight[k]!),
    logLikelihood,
    history: history.map((value) => value - units),
    converged,
    bic: -2 * logLikelihood + parameterCount(options) * Math.log(rows),
    degenerate: degenerateCount(state),
  };
}

function shares(responsibility: Float64Array, count: number): Float64Array {
  const weight = new Float64Array(count);
  responsibility.forEach((r, i) => {
    weight[i % count]! += r;
  });
  return weight.map((w) => (w * count) / responsibility.length);
}

function parameterCount({ columns, components, covariance }: GaussianMixtureOptions): number {
  const spread = covariance === "full" ? (columns * (columns + 1)) / 2 : columns;
  return components * (columns + spread) + components - 1;
}
