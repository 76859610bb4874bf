/** The tail index of mean field's importance ratios against the correlation that it leaves out. */
import { fold, type Key } from "../../../core/index.js";
import { gaussianTarget } from "../exact/target.js";
import { evaluateFit, meanFieldFit } from "../variational/evaluateFit.js";
import { pairPosterior } from "./comparePairs.js";

/** Estimated indices; arrays are [N]. */
export interface KhatCurve {
  readonly khat: readonly number[];
  /** Standard deviation of one estimate. */
  readonly sd: readonly number[];
  /** Mean less and plus two standard deviations of one estimate. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/**
 * The index of the best mean-field fit to two weights of each correlation, mean over `repeats` samples of `draws` draws.
 * @param rhos  [N]
 * @throws RangeError as `pairPosterior` and `evaluateFit`.
 */
export function khatByCorrelation(
  rhos: readonly number[],
  { draws, repeats, key }: { readonly draws: number; readonly repeats: number; readonly key: Key },
): KhatCurve {
  const judged = rhos.map((rho) => {
    const { mean, precision } = pairPosterior(-rho);
    const fit = meanFieldFit(mean, precision.to1DArray());
    return evaluateFit(gaussianTarget(mean, precision), fit, { draws, repeats, key: fold(key, `${rho}`) });
  });
  const reach = (sign: number) => judged.map(({ khat, khatSd }) => khat + 2 * sign * khatSd);
  return {
    ...{ khat: judged.map(({ khat }) => khat), sd: judged.map(({ khatSd }) => khatSd) },
    ...{ lower: reach(-1), upper: reach(1) },
  };
}
