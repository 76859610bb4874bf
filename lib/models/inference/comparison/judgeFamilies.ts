/** Both Gaussian families fitted to one posterior and judged by their own draws. */
import { fold, type Key } from "../../../core/index.js";
import type { Target } from "../exact/target.js";
import { advi, type Family } from "../variational/advi.js";
import { evaluateFit } from "../variational/evaluateFit.js";

/** One family: what its bound lacks of the evidence, in nats, and the tail index with two standard deviations of one estimate. */
export type FamilyRow = {
  readonly fit: Family;
  readonly gap: number;
  readonly k: number;
  readonly "± 2 sd": number;
};

/**
 * A row for full rank and one for mean field, each fitted in `steps` steps and judged by `repeats` samples of 4,000 draws.
 * @param logEvidence  of the target, nats
 * @throws RangeError as `advi` and `evaluateFit`.
 */
export function judgeFamilies(
  target: Target,
  logEvidence: number,
  { steps, repeats, key }: { readonly steps: number; readonly repeats: number; readonly key: Key },
): FamilyRow[] {
  return (["fullRank", "meanField"] as const).map((family) => {
    const fit = advi(target, { family, steps, key: fold(key, family) });
    const judged = evaluateFit(target, fit, { draws: 4000, repeats, key: fold(key, "judge", family) });
    return { fit: family, gap: logEvidence - judged.elbo, k: judged.khat, "± 2 sd": 2 * judged.khatSd };
  });
}
