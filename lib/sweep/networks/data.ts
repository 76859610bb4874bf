/** The data of a study: its folds, the bars they are of, and the name of their content. */
import type { Bars } from "../../core/index.js";
import { type Dataset, dataset, forwardDatasets } from "../../features/index.js";

/** Bars on one grid with how windows are cut of them: what `vitrade prepare` writes. */
export interface StudySource {
  /** SHA-256 of the content. */
  readonly sha256: string;
  readonly bars: readonly Bars[];
  readonly length: number;
  readonly horizon: number;
  readonly stride: number;
  /** Of the regime, in deviations of a driftless walk. */
  readonly threshold: number;
  /** Of the decision times. */
  readonly split: { readonly train: number; readonly validation: number; readonly test: number };
}

/** A source with its folds, made when one is first asked for. */
export interface StudyFolds {
  readonly source: StudySource;
  at(fold: number): Dataset;
}

/**
 * The folds of a source: its own parts, or `folds` test parts that follow one another.
 * @throws RangeError when there are too few bars.
 */
export function foldsOf(
  source: StudySource,
  { folds, first }: { readonly folds: number; readonly first: number },
): StudyFolds {
  const { bars, length, horizon, stride, threshold, split } = source;
  let made: readonly Dataset[] | undefined;
  return {
    source,
    at(fold) {
      made ??=
        folds === 1
          ? [dataset(bars, { length, horizon, stride, threshold, split })]
          : forwardDatasets(bars, { length, horizon, stride, threshold, folds, first });
      const own = made[fold];
      if (own) return own;
      throw new RangeError(`fold: expected one below ${made.length}, got ${fold}`);
    },
  };
}
