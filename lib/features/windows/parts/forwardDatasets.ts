/** Data sets that move forward through time: each is trained on what was known before its test part. */
import type { Bars, Panel } from "../../../core/index.js";
import { countBefore } from "../../../market/index.js";
import { everyNth } from "../../splits/split.js";
import { walkForward } from "../../splits/walkForward.js";
import { type Dataset, type DatasetOptions, datasetPart } from "../dataset.js";
import { fitTargetScaler } from "../inputs/marketTargets.js";
import { prepareWindows } from "../prepareWindows.js";
import { fitWindowScaler } from "../windowScaler.js";

/** Options of `forwardDatasets`. */
export interface ForwardOptions extends Omit<DatasetOptions, "split" | "features"> {
  /** Test parts, one after the other up to the last bar. */
  readonly folds: number;
  /** Fraction of all decision times before the first test part. */
  readonly first: number;
  /** Fraction of the decision times before a test part that its validation part takes, 0.15 by default. */
  readonly validation?: number;
  /** The training and validation parts take every so many windows of a symbol, all by default: fewer overlap, and training is faster. */
  readonly every?: number;
  /** Features of the bars of one symbol, `marketInput` by default. Row t must depend on bars up to t alone. */
  readonly features?: (bars: Bars) => Panel;
}

/**
 * One data set a fold: test parts of equal length that follow one another, each with training and validation parts before it.
 *
 * No window of a part reaches into the part before, and no target of a part is known only in the next; scalers are those of the fold's
 * training part. The windows themselves are made once.
 * @throws RangeError when there are too few bars, or a number is out of range.
 */
export function forwardDatasets(
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  options: ForwardOptions,
): Dataset[] {
  const bars = "bars" in of ? of.bars : of;
  const { length, horizon, stride = 1, threshold = 1, folds, first, features } = options;
  const { validation = 0.15, every = 1 } = options;
  if (!(Number.isInteger(folds) && folds > 0))
    throw new RangeError(`folds: expected 1 or more, got ${folds}`);
  for (const [name, value] of Object.entries({ first, validation }))
    if (!(value > 0 && value < 1)) throw new RangeError(`${name}: expected a fraction, got ${value}`);
  const fractions = { train: 0.5, validation: 0.25, test: 0.25 };
  const prepared = prepareWindows(bars, { length, horizon, stride, threshold, fractions }, features);
  const { windows: w, labels, columns, lost } = prepared;
  const { stepMs } = bars[0]!;
  const times = Float64Array.from(new Set(w.decidedAt)).sort();
  const span = times[times.length - 1]! - times[0]! + stepMs;
  const least = first * span;
  const test = Math.ceil((span - least) / folds / stepMs) * stepMs;
  const purge = length * stepMs; // so that no window of a part reaches into the one before
  return walkForward(w, { train: "all", least, test, purge, embargo: 0 }).map((fold) => {
    const border = times[Math.floor((1 - validation) * countBefore(times, fold.from))]!;
    const train = fold.train.filter((n) => w.resolvedAt[n]! + purge <= border);
    const watched = fold.train.filter((n) => w.decidedAt[n]! >= border);
    const scaler = fitWindowScaler(w, train, columns);
    const targetScaler = fitTargetScaler(labels, train);
    const thin = (rows: Uint32Array) => everyNth(rows, every, w.asset);
    const part = (rows: Uint32Array) => datasetPart({ ...prepared, scaler, targetScaler }, rows);
    return {
      symbols: bars.map(({ symbol }) => symbol),
      ...{ columns, length, horizon, stepMs, scaler, targetScaler, lost },
      ...{ train: part(thin(train)), validation: part(thin(watched)), test: part(fold.test) },
      leftOut: countOf(w.decidedAt, fold.from) - train.length - watched.length,
    };
  });
}

/** Windows decided before a time. */
function countOf(decidedAt: ArrayLike<number>, time: number): number {
  return Array.from(decidedAt).filter((at) => at < time).length;
}
