/** Cross-validation for labels that reach into the future. */
import { checkCount } from "../../core/index.js";

export interface PurgeOptions {
  /** Number of folds. */
  readonly folds: number;
  /** The label of bar t uses bars t … t + labelHorizon. */
  readonly labelHorizon: number;
  /** Bars left out after the last label of a test block, beyond what its labels use. */
  readonly embargo: number;
}

/** One block to test on, and the bars whose labels share no bar with it; ascending. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Contiguous test blocks, each with the training bars whose labels end before it or that begin after its last label and the embargo.
 *
 * The blocks differ by at most one bar, the longer ones first. Training bars may lie after the test block: this measures a model,
 * it does not replay a past. An embargo of a share of the bars is `Math.floor(share * count)`.
 * @throws RangeError when a number is not a whole one, there are fewer than 2 folds or more than bars, or no training bar is left.
 * @see López de Prado 2018, snippets 7.1 to 7.3
 */
export function purgedKFold(count: number, { folds, labelHorizon, embargo }: PurgeOptions): Fold[] {
  checkCount("folds", folds, 2);
  checkCount("count", count, folds);
  checkCount("labelHorizon", labelHorizon, 0);
  checkCount("embargo", embargo, 0);
  const longer = count % folds;
  const shortest = Math.floor(count / folds);
  return Array.from({ length: folds }, (_, k) => {
    const first = k * shortest + Math.min(k, longer);
    const last = first + shortest + (k < longer ? 1 : 0) - 1;
    const train: number[] = [];
    for (let t = 0; t < count; t++) {
      if (t + labelHorizon < first || t > last + labelHorizon + embargo) train.push(t);
    }
    if (train.length === 0) {
      throw new RangeError(
        `fold ${k}: expected training bars outside ${first} to ${last} and their labels, got none of ${count}`,
      );
    }
    return {
      train: Uint32Array.from(train),
      test: Uint32Array.from({ length: last - first + 1 }, (_, i) => first + i),
    };
  });
}
