/**
 * Automatic differentiation variational inference: a Gaussian q(θ) = N(m, L Lᵀ) fitted by stochastic gradients of the
 * ELBO, reparameterised as θ = m + L ε with ε ~ N(0, I).
 * @see Kucukelbir, Tran, Ranganath, Gelman & Blei 2017; Kingma & Welling 2014, section 2.4
 */
import {
  checkCount,
  checkPositive,
  fold,
  integers,
  type Key,
  mean,
  normals,
  standardDeviation,
} from "../../../core/index.js";
import type { DataTarget, Target } from "../exact/target.js";
import { adam } from "./adam.js";

/** "meanField": L is diagonal, "fullRank": L is lower triangular. */
export type Family = "meanField" | "fullRank";

/** Options of `advi`. */
export interface AdviOptions {
  readonly family: Family;
  readonly steps: number;
  readonly key: Key;
  /** Draws of ε a step. Default 8. */
  readonly draws?: number;
  /** Adam's first learning rate; it falls to a hundredth by a cosine. Default 0.05. */
  readonly learningRate?: number;
  /** [P] first mean. Default the origin. */
  readonly start?: Float64Array;
  /** First standard deviation of every parameter. Default 1. */
  readonly initialSd?: number;
  /** M: rows a step, for a `DataTarget`; the likelihood is scaled by N/M. Default all rows. */
  readonly batchSize?: number;
  /** Keeps q as it was after every so many steps, to look at later. Default: none is kept. */
  readonly snapshotEvery?: number;
}

/** A Gaussian over parameters. */
export interface GaussianFit {
  readonly family: Family;
  readonly dimension: number;
  /** [P] */
  readonly mean: Float64Array;
  /** L, lower triangular: [P,P] row-major. */
  readonly factor: Float64Array;
}

/** A fit by automatic differentiation variational inference. */
export interface AdviFit extends GaussianFit {
  /** [steps] the noisy ELBO of each step, nats. */
  readonly history: Float64Array;
  readonly gradientEvaluations: number;
  /** q after `snapshotEvery`, 2·`snapshotEvery`, … steps. */
  readonly snapshots: readonly GaussianFit[];
}

/**
 * Fits q by maximising the ELBO.
 *
 * The entropy's part of the gradient is path-wise too, so its noise vanishes as q approaches the posterior (Roeder,
 * Wu & Duvenaud 2017). Does not judge the fit: look at `importanceRatios` with PSIS.
 * @throws RangeError when a count is not positive, Error naming the step at which the ELBO stops being finite.
 */
export function advi(target: Target | DataTarget, options: AdviOptions): AdviFit {
  const { family, steps, draws = 8, learningRate = 0.05, initialSd = 1, batchSize, snapshotEvery } = options;
  checkCount("steps", steps);
  checkCount("draws", draws);
  checkPositive("initialSd", initialSd);
  if (batchSize !== undefined && !("onBatch" in target)) {
    throw new RangeError("batchSize: expected a target made of data rows, got one without onBatch");
  }
  const shape = layout(family, target.dimension);
  const parameters = initial(shape, options.start, initialSd);
  const gradient = new Float64Array(parameters.length);
  const optimiser = adam(parameters.length);
  const history = new Float64Array(steps);
  const snapshots: GaussianFit[] = [];
  for (let step = 0; step < steps; step++) {
    const key = fold(options.key, step);
    const seen =
      batchSize === undefined
        ? target
        : (target as DataTarget).onBatch(
            integers(fold(key, "rows"), batchSize, (target as DataTarget).dataSize),
          );
    const noise = normals(fold(key, "noise"), draws * target.dimension);
    history[step] = elboGradient(seen, shape, parameters, noise, gradient);
    if (!Number.isFinite(history[step])) throw new Error(`the ELBO is ${history[step]} at step ${step}`);
    optimiser.ascend(parameters, gradient, learningRate * cosine(step / steps));
    if (snapshotEvery && (step + 1) % snapshotEvery === 0) snapshots.push(unpack(shape, parameters));
  }
  return { ...unpack(shape, parameters), history, gradientEvaluations: steps * draws, snapshots };
}

/** log p(θ) − log q(θ) at `draws` points of q, [draws]: their mean estimates the ELBO, their tail is what PSIS judges. */
export function importanceRatios(target: Target, fit: GaussianFit, draws: number, key: Key): Float64Array {
  const noise = normals(key, draws * fit.dimension);
  const theta = new Float64Array(fit.dimension);
  const gradient = new Float64Array(fit.dimension);
  return Float64Array.from({ length: draws }, (_, s) => {
    const epsilon = noise.subarray(s * fit.dimension, (s + 1) * fit.dimension);
    place(fit, epsilon, theta);
    return target.evaluate(theta, gradient) - logGaussian(fit, epsilon);
  });
}

/** The ELBO of `fit` in nats with its Monte-Carlo standard error. */
export function estimateElbo(
  target: Target,
  fit: GaussianFit,
  draws: number,
  key: Key,
): { value: number; standardError: number } {
  const ratios = importanceRatios(target, fit, draws, key);
  return { value: mean(ratios), standardError: standardDeviation(ratios) / Math.sqrt(draws) };
}

/** `count` draws of q, [count · P] row-major. */
export function sampleFit(fit: GaussianFit, key: Key, count: number): Float64Array {
  const noise = normals(key, count * fit.dimension);
  const out = new Float64Array(noise.length);
  for (let s = 0; s < count; s++) {
    const at = s * fit.dimension;
    place(fit, noise.subarray(at, at + fit.dimension), out.subarray(at, at + fit.dimension));
  }
  return out;
}

/** L Lᵀ, [P,P] row-major. */
export function fitCovariance(fit: GaussianFit): Float64Array {
  const { dimension: size, factor } = fit;
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k <= Math.min(i, j); k++)
        covariance[i * size + j]! += factor[i * size + k]! * factor[j * size + k]!;
    }
  }
  return covariance;
}

/** Where each entry of L lies in the flat parameter vector [m, L]: diagonals are kept as logarithms. */
interface Layout {
  readonly family: Family;
  readonly dimension: number;
  readonly row: Uint32Array;
  readonly column: Uint32Array;
}

function layout(family: Family, dimension: number): Layout {
  const entries: [number, number][] = [];
  for (let i = 0; i < dimension; i++) {
    for (let j = family === "fullRank" ? 0 : i; j <= i; j++) entries.push([i, j]);
  }
  return {
    family,
    dimension,
    row: Uint32Array.from(entries, ([i]) => i),
    column: Uint32Array.from(entries, ([, j]) => j),
  };
}

function initial(shape: Layout, start: Float64Array | undefined, sd: number): Float64Array {
  const parameters = new Float64Array(shape.dimension + shape.row.length);
  parameters.set(start ?? []);
  shape.row.forEach((i, e) => {
    if (i === shape.column[e]) parameters[shape.dimension + e] = Math.log(sd);
  });
  return parameters;
}

function unpack(shape: Layout, parameters: Float64Array): GaussianFit {
  const { family, dimension, row, column } = shape;
  const factor = new Float64Array(dimension * dimension);
  row.forEach((i, e) => {
    const value = parameters[dimension + e]!;
    factor[i * dimension + column[e]!] = i === column[e] ? Math.exp(value) : value;
  });
  return { family, dimension, mean: parameters.slice(0, dimension), factor };
}

/** Writes the gradient of the ELBO with respect to the parameters of q and returns the ELBO, both averaged over draws. */
function elboGradient(
  target: Target,
  shape: Layout,
  parameters: Float64Array,
  noise: Float64Array,
  out: Float64Array,
): number {
  const { dimension, row, column } = shape;
  const fit = unpack(shape, parameters);
  const draws = noise.length / dimension;
  const theta = new Float64Array(dimension);
  const slope = new Float64Array(dimension);
  let elbo = 0;
  out.fill(0);
  for (let s = 0; s < draws; s++) {
    const epsilon = noise.subarray(s * dimension, (s + 1) * dimension);
    place(fit, epsilon, theta);
    elbo += (target.evaluate(theta, slope) - logGaussian(fit, epsilon)) / draws;
    addScore(fit, epsilon, slope);
    for (let p = 0; p < dimension; p++) out[p]! += slope[p]! / draws;
    for (let e = 0; e < row.length; e++) {
      const i = row[e]!;
      const j = column[e]!;
      const scale = i === j ? fit.factor[i * dimension + i]! : 1;
      out[dimension + e]! += (slope[i]! * epsilon[j]! * scale) / draws;
    }
  }
  return elbo;
}

/** Adds −∂ log q / ∂θ = L⁻ᵀ ε to `slope`, by back substitution. */
function addScore(fit: GaussianFit, epsilon: Float64Array, slope: Float64Array): void {
  const { dimension: size, factor } = fit;
  const score = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let rest = epsilon[i]!;
    for (let k = i + 1; k < size; k++) rest -= factor[k * size + i]! * score[k]!;
    score[i] = rest / factor[i * size + i]!;
    slope[i]! += score[i]!;
  }
}

/** θ = m + L ε */
function place(fit: GaussianFit, epsilon: Float64Array, theta: Float64Array): void {
  const { dimension: size, factor } = fit;
  for (let i = 0; i < size; i++) {
    let value = fit.mean[i]!;
    const from = fit.family === "meanField" ? i : 0;
    for (let j = from; j <= i; j++) value += factor[i * size + j]! * epsilon[j]!;
    theta[i] = value;
  }
}

/** log q at the point that `epsilon` stands for. */
function logGaussian(fit: GaussianFit, epsilon: Float64Array): number {
  let value = -0.5 * fit.dimension * Math.log(2 * Math.PI);
  for (let i = 0; i < fit.dimension; i++) {
    value -= 0.5 * epsilon[i]! ** 2 + Math.log(fit.factor[i * fit.dimension + i]!);
  }
  return value;
}

/** From 1 down to 0.01. */
function cosine(progress: number): number {
  return 0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * progress));
}
