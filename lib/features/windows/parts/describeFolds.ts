/** Forward folds as rows of a table, and what followed their test windows. */
import type { Dataset } from "../dataset.js";

/** One fold: the windows of its parts, and when its test part begins. */
export type FoldRow = {
  readonly fold: number;
  readonly training: number;
  readonly validation: number;
  readonly test: number;
  readonly "test begins": Date;
};

/** A row a fold, counted from 1. @throws RangeError when a test part is empty. */
export function describeFolds(folds: readonly Dataset[]): FoldRow[] {
  return folds.map(({ train, validation, test }, i) => {
    const begins = test.decidedAt[0];
    if (begins === undefined) throw new RangeError(`fold ${i + 1}: expected test windows, got none`);
    return {
      ...{ fold: i + 1, training: train.rows, validation: validation.rows, test: test.rows },
      "test begins": new Date(begins),
    };
  });
}

/** Log returns that followed the test windows of all folds, one after the other, [N]: the outcomes of `models.predictForward`. */
export function testReturns(folds: readonly Pick<Dataset, "test">[]): Float64Array {
  return Float64Array.from(folds.flatMap(({ test }) => Array.from(test.returns)));
}
