/** The normal distribution that is closest to a density, in either direction of the divergence. */
import { checkCount, checkLength } from "../../core/index.js";
import { klQuadrature, type Normal } from "./gaussian.js";
import type { Mixture } from "./mixture.js";

/**
 * The normal of smallest KL(q ‖ p) among all pairs of the means [M] and standard deviations [S], by quadrature.
 * @param logP  log p(x), which need not be normalised
 * @throws RangeError when there is no candidate.
 */
export function closestNormal(
  logP: (x: number) => number,
  means: readonly number[],
  sds: readonly number[],
): Normal & { readonly kl: number } {
  checkCount("candidates", means.length * sds.length);
  let best = { mean: Number.NaN, sd: Number.NaN, kl: Number.POSITIVE_INFINITY };
  for (const sd of sds)
    for (const mean of means) {
      const kl = klQuadrature({ mean, sd }, logP, 30);
      if (kl < best.kl) best = { mean, sd, kl };
    }
  return best;
}

/** Mean and standard deviation of a mixture: the normal of smallest KL(p ‖ q). @throws RangeError when lengths differ. */
export function mixtureMoments({ weight, mean, sd }: Mixture): Normal {
  checkLength("mean", mean, weight.length);
  checkLength("sd", sd, weight.length);
  let first = 0;
  let second = 0;
  for (let k = 0; k < weight.length; k++) {
    first += weight[k]! * mean[k]!;
    second += weight[k]! * (sd[k]! ** 2 + mean[k]! ** 2);
  }
  return { mean: first, sd: Math.sqrt(second - first ** 2) };
}
