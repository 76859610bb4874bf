/** Two unbiased estimates of the gradient of the ELBO of a mean-field Gaussian, laid side by side. */
import { checkCount, checkLength, type Key, normals } from "../../../core/index.js";
import type { Target } from "../exact/target.js";

/** Single-draw estimates of ∂ELBO/∂(m, log s): [draws, 2P] row-major, the means first. */
export interface GradientDraws {
  /** (log p − log q) ∇ log q: needs no gradient of the model (Williams 1992; Ranganath, Gerrish & Blei 2014). */
  readonly score: Float64Array;
  /** ∇ through θ = m + s ε (Kingma & Welling 2014). */
  readonly pathwise: Float64Array;
}

/**
 * Estimates the gradient at q = N(mean, sd²), once a draw, by both methods from the same ε.
 * @param q mean [P] and standard deviation [P]
 * @throws RangeError when shapes disagree or `draws` is not positive.
 */
export function gradientDraws(
  target: Target,
  q: { readonly mean: Float64Array; readonly sd: Float64Array },
  draws: number,
  key: Key,
): GradientDraws {
  const size = target.dimension;
  checkCount("draws", draws);
  checkLength("mean", q.mean, size);
  checkLength("sd", q.sd, size);
  const noise = normals(key, draws * size);
  const score = new Float64Array(draws * 2 * size);
  const pathwise = new Float64Array(draws * 2 * size);
  const theta = new Float64Array(size);
  const slope = new Float64Array(size);
  for (let s = 0; s < draws; s++) {
    const epsilon = noise.subarray(s * size, (s + 1) * size);
    let logQ = -0.5 * size * Math.log(2 * Math.PI);
    for (let p = 0; p < size; p++) {
      theta[p] = q.mean[p]! + q.sd[p]! * epsilon[p]!;
      logQ -= 0.5 * epsilon[p]! ** 2 + Math.log(q.sd[p]!);
    }
    const difference = target.evaluate(theta, slope) - logQ;
    const at = s * 2 * size;
    for (let p = 0; p < size; p++) {
      score[at + p] = (difference * epsilon[p]!) / q.sd[p]!;
      score[at + size + p] = difference * (epsilon[p]! ** 2 - 1);
      pathwise[at + p] = slope[p]!;
      pathwise[at + size + p] = slope[p]! * q.sd[p]! * epsilon[p]! + 1;
    }
  }
  return { score, pathwise };
}

/** Column `index` of single-draw estimates, [draws]. */
export function gradientColumn(estimates: Float64Array, dimension: number, index: number): Float64Array {
  const width = 2 * dimension;
  return Float64Array.from({ length: estimates.length / width }, (_, s) => estimates[s * width + index]!);
}
