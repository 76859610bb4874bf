/** Diagnostics of a Gaussian fit from its own draws, without knowing the posterior. */
import { checkCount, fold, type Key, mean, standardDeviation } from "../../../core/index.js";
import { psis } from "../../../prob/diagnostics/index.js";
import type { Target } from "../exact/target.js";
import { estimateElbo, type GaussianFit, importanceRatios } from "./advi.js";

/** A fit's bound and the tail index of its importance ratios, each with its error. */
export interface FitEvaluation {
  /** Nats. */
  readonly elbo: number;
  readonly elboError: number;
  /** Mean of the tail index over repeats, and its standard deviation from repeat to repeat. */
  readonly khat: number;
  readonly khatSd: number;
}

/**
 * Judges `fit` by `repeats` samples of `draws` draws each.
 *
 * The target must be the full joint: ratios seen through a mini-batch say nothing. The scatter of the tail index is that of
 * one sample; the mean over repeats is more precise by their square root.
 * @throws RangeError when there are fewer than two repeats.
 */
export function evaluateFit(
  target: Target,
  fit: GaussianFit,
  options: { readonly draws: number; readonly repeats: number; readonly key: Key },
): FitEvaluation {
  checkCount("repeats", options.repeats, 2);
  const indices = Array.from(
    { length: options.repeats },
    (_, i) => psis(importanceRatios(target, fit, options.draws, fold(options.key, "ratios", i))).khat,
  );
  const bound = estimateElbo(target, fit, options.draws, fold(options.key, "elbo"));
  return {
    elbo: bound.value,
    elboError: bound.standardError,
    khat: mean(indices),
    khatSd: standardDeviation(indices),
  };
}

/** The best mean-field fit to N(mean, Λ⁻¹), from its closed form. @param precision [P,P] row-major */
export function meanFieldFit(mean: ArrayLike<number>, precision: ArrayLike<number>): GaussianFit {
  const dimension = mean.length;
  const factor = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++)
    factor[i * dimension + i] = 1 / Math.sqrt(precision[i * dimension + i]!);
  return { family: "meanField", dimension, mean: Float64Array.from(mean), factor };
}
