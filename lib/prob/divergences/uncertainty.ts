/** Uncertainty of class predictions by source: the parameters (epistemic) or the data themselves (aleatoric). */

import type { ProbabilityDraws } from "../../core/index.js";
import { checkCount } from "../../core/index.js";

/** [N] each unless said; entropies in nats. */
export interface ClassUncertainty {
  /** [N,C] mean over the draws. */
  readonly probability: Float64Array;
  /** Entropy of the mean: the whole uncertainty. */
  readonly total: Float64Array;
  /** Mean of the entropies: what stays when the parameters are known. */
  readonly aleatoric: Float64Array;
  /** Their difference, the mutual information of class and parameters. */
  readonly epistemic: Float64Array;
  /** Σ_c Var(p_c), divisor S − 1 (0 with one draw): at most 1. */
  readonly variance: Float64Array;
}

/**
 * Entropy taken apart.
 * @throws RangeError when lengths disagree or a probability is not in [0, 1].
 * @see Houlsby, Huszár, Ghahramani & Lengyel 2011; Depeweg et al. 2018
 */
export function classUncertainty(of: ProbabilityDraws): ClassUncertainty {
  const { draws, classes, probability } = of;
  checkCount("draws", draws);
  checkCount("classes", classes, 2);
  const rows = probability.length / (draws * classes);
  checkCount("rows", rows);
  const mean = new Float64Array(rows * classes);
  const [total, aleatoric, variance] = [0, 1, 2].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < probability.length; i++) {
    const p = probability[i]!;
    if (!(p >= 0 && p <= 1 + 1e-6))
      throw new RangeError(`probability[${i}]: expected a number in [0, 1], got ${p}`);
    mean[i % mean.length]! += p / draws;
    aleatoric[Math.floor((i % mean.length) / classes)]! += surprise(p) / draws;
  }
  for (let i = 0; i < probability.length; i++)
    variance[Math.floor((i % mean.length) / classes)]! +=
      (probability[i]! - mean[i % mean.length]!) ** 2 / Math.max(1, draws - 1);
  mean.forEach((p, i) => {
    total[Math.floor(i / classes)]! += surprise(p);
  });
  const epistemic = total.map((h, n) => Math.max(0, h - aleatoric[n]!));
  return { probability: mean, total, aleatoric, epistemic, variance };
}

/**
 * The confidence 1 / (1 + Σ_c Var(p_c)) of each row, [N]: as the variance is at most 1, it never falls below one half, and hardly ranks anything.
 */
export function varianceConfidence(variance: ArrayLike<number>): Float64Array {
  return Float64Array.from(variance, (v) => 1 / (1 + v));
}

/** −p log p */
function surprise(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0;
}
