/** The data set of a study: causal features, look-back windows and targets, parts that follow one another in time, scaled by the first. */
import type { Bars, Panel, Windows } from "../../core/index.js";
import { sliceBars } from "../../market/index.js";
import type { Fractions } from "../splits/split.js";
import { scaleTargets, TARGETS, type TargetScaler } from "./inputs/marketTargets.js";
import type { LostWindows } from "./parts/lostWindows.js";
import { type PreparedWindows, prepareWindows } from "./prepareWindows.js";
import { scaleWindows, type WindowScaler } from "./windowScaler.js";
import { takeWindows } from "./windows.js";

/** Options of `dataset`. */
export interface DatasetOptions {
  /** T bars a window. */
  readonly length: number;
  /** Bars over which the return is predicted. */
  readonly horizon: number;
  /** Bars between the starts of two windows, 1 by default. */
  readonly stride?: number;
  /** Features of the bars of one symbol, `marketInput` by default. Row t must depend on bars up to t alone: it is tried. */
  readonly features?: (bars: Bars) => Panel;
  /** Fractions of the decision times, 70, 15 and 15 % by default. */
  readonly split?: Fractions;
  /** Bear below −threshold, bull above it, in standard deviations of a driftless walk over the window; 1 by default. */
  readonly threshold?: number;
}

/** One part of a data set: N windows, scaled as in training. */
export interface DatasetPart {
  /** N */
  readonly rows: number;
  /** [N,T,F] scaled features, cut at `FEATURE_LIMIT` standard deviations. */
  readonly x: Float32Array;
  /** [N,5] scaled log return and log volatility, one-hot regime: `marketTargets`. */
  readonly y: Float32Array;
  /** [N] index of the asset. */
  readonly asset: Uint16Array;
  /** [N] close of the window's last bar, UTC milliseconds. */
  readonly decidedAt: Float64Array;
  /** [N] when the target is known, UTC milliseconds. */
  readonly resolvedAt: Float64Array;
  /** [N] log return over the horizon, not scaled. */
  readonly returns: Float64Array;
}

/** Windows of features with their targets in three parts that follow one another in time. */
export interface Dataset {
  /** [A] */
  readonly symbols: readonly string[];
  /** [F] names of the features. */
  readonly columns: readonly string[];
  /** T bars a window. */
  readonly length: number;
  /** Bars over which the return is predicted. */
  readonly horizon: number;
  readonly stepMs: number;
  readonly train: DatasetPart;
  readonly validation: DatasetPart;
  readonly test: DatasetPart;
  /** Fitted on the training part alone. */
  readonly scaler: WindowScaler;
  readonly targetScaler: TargetScaler;
  /** Windows in no part: their target is known only in the next part, or they reach back into the one before. */
  readonly leftOut: number;
  /** Windows that there would be but for bars or features that are missing, by symbol and reason. */
  readonly lost: readonly LostWindows[];
}

/** Standard deviations at which scaled features are cut. */
export const FEATURE_LIMIT = 5;

const DEFAULT_SPLIT: Fractions = { train: 0.7, validation: 0.15, test: 0.15 };

/**
 * The data set of bars: features of every bar, windows of `length` bars, the return of the next `horizon`, and parts by time.
 *
 * No window of a part reaches into another, no target of a part is known only in the next, and the scalers are fitted on the training
 * part alone. It cleans nothing: see `market.clean`.
 * @param of  bars of the same times, as `market.open` and `market.alignBars` return them
 * @throws RangeError when there are too few bars for the parts, a feature does not vary over the training part, or one's own features
 *   at a time change when later bars are left out.
 */
export function dataset(
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  options: DatasetOptions,
): Dataset {
  const bars = "bars" in of ? of.bars : of;
  const { length, horizon, stride = 1, threshold = 1, split: fractions = DEFAULT_SPLIT, features } = options;
  if (features) checkCausal(bars[0]!, features);
  const prepared = prepareWindows(bars, { length, horizon, stride, threshold, fractions }, features);
  const { columns, scaler, targetScaler, split, lost } = prepared;
  const train = datasetPart(prepared, split.train);
  const validation = datasetPart(prepared, split.validation);
  const test = datasetPart(prepared, split.test);
  return {
    symbols: bars.map(({ symbol }) => symbol),
    stepMs: bars[0]!.stepMs,
    ...{ columns, length, horizon, train, validation, test, scaler, targetScaler, lost },
    leftOut: prepared.windows.y.length - train.rows - validation.rows - test.rows,
  };
}

/**
 * Some windows as a part: scaled features and targets, places and returns.
 * @param rows  [N] indices of the windows
 */
export function datasetPart(
  {
    windows: all,
    labels,
    scaler,
    targetScaler,
  }: Pick<PreparedWindows, "windows" | "labels" | "scaler" | "targetScaler">,
  rows: Uint32Array,
): DatasetPart {
  const own = takeWindows(all, rows);
  const scaled = scaleTargets(targetScaler, labels);
  const y = new Float32Array(rows.length * TARGETS);
  rows.forEach((row, n) => {
    y.set(scaled.subarray(row * TARGETS, (row + 1) * TARGETS), n * TARGETS);
  });
  const { asset, decidedAt, resolvedAt } = own;
  const x = scaledFeatures(scaler, own);
  return { rows: rows.length, x, y, asset, decidedAt, resolvedAt, returns: Float64Array.from(own.y) };
}

/** [N,T,F] features scaled as in training and cut at `FEATURE_LIMIT`. */
export function scaledFeatures(scaler: WindowScaler, w: Windows): Float32Array {
  return scaleWindows(scaler, w).x.map((value) => Math.max(-FEATURE_LIMIT, Math.min(FEATURE_LIMIT, value)));
}

/** Refuses features of a time that change as bars after it are left out. @throws RangeError naming the feature that looks ahead. */
export function checkCausal(bars: Bars, features: (bars: Bars) => Panel): void {
  const whole = features(bars);
  const count = bars.openTime.length;
  for (const end of [Math.ceil(count / 3), Math.ceil((2 * count) / 3)]) {
    const cut = features(sliceBars(bars, 0, end));
    const width = whole.names.length;
    for (let i = 0; i < end * width; i++) {
      if (Object.is(cut.values[i], whole.values[i])) continue;
      const time = new Date(whole.time[Math.floor(i / width)]!).toISOString();
      throw new RangeError(
        `features: expected "${whole.names[i % width]}" of ${bars.symbol} at ${time} to depend on bars up to then alone; it changes from ${whole.values[i]} to ${cut.values[i]} when the bars after ${new Date(whole.time[end - 1]!).toISOString()} are left out`,
      );
    }
  }
}
