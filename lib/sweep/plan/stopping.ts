/** Which settings of a study go on after they were compared. */
import { median } from "../../core/index.js";
import type { Study } from "../study/studyFile.js";

/** A trial at a comparison: lower is better; NaN where it has no score. */
export interface Compared {
  readonly trial: number;
  readonly loss: number;
}

/**
 * Numbers of the trials that go on, [survivors] in the order given: those no worse than the median (`median`), or the best fraction (`halving`), at least one.
 *
 * Those without a score are given up, unless none has one. All trials are compared at the same epochs, so that it does not matter which was trained first. Equal losses are parted by number.
 * @see Golovin et al. 2017 for the median rule; Jamieson & Talwalkar 2016 for successive halving
 */
export function survivors(compared: readonly Compared[], rule: NonNullable<Study["stopping"]>): number[] {
  const judged = compared.filter(({ loss }) => !Number.isNaN(loss));
  if (judged.length === 0) return compared.map(({ trial }) => trial);
  if (rule.rule === "median") {
    const middle = median(judged.map(({ loss }) => loss));
    return judged.filter(({ loss }) => loss <= middle).map(({ trial }) => trial);
  }
  const best = [...judged]
    .sort((a, b) => a.loss - b.loss || a.trial - b.trial)
    .slice(0, Math.max(1, Math.ceil(rule.keep * compared.length)));
  const kept = new Set(best.map(({ trial }) => trial));
  return judged.filter(({ trial }) => kept.has(trial)).map(({ trial }) => trial);
}
