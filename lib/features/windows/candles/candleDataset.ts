/** The data set of windows that can be drawn as candles again: what a study of a β-VAE is trained on. */
import type { Bars } from "../../../core/index.js";
import { type Fractions, splitByTime } from "../../splits/split.js";
import { type Dataset, datasetPart } from "../dataset.js";
import { fitTargetScaler, marketTargets } from "../inputs/marketTargets.js";
import { fitWindowScaler } from "../windowScaler.js";
import { windowStarts, withoutStraddlers } from "../windows.js";
import { CANDLE_COLUMNS, candleWindows } from "./candleWindows.js";

/** Options of `candleDataset`. */
export interface CandleDatasetOptions {
  /** T bars a window. */
  readonly length: number;
  /** Bars over which the return is predicted. */
  readonly horizon: number;
  /** Bars between the starts of two windows, 1 by default. */
  readonly stride?: number;
  /** Fractions of the decision times, 50, 20 and 30 % by default. */
  readonly split?: Fractions;
}

/** A `Dataset` of `CANDLE_COLUMNS`, rows by asset, then by time. */
export type CandleDataset = Omit<Dataset, "lost">;

const HALF: Fractions = { train: 0.5, validation: 0.2, test: 0.3 };

/**
 * The data set of `candleWindows`: parts that follow one another in time, scaled by the training part alone.
 *
 * As with `dataset` no window of a part reaches into another, and no target of a part is known only in the next.
 * @param of  bars of the same times, as `market.open` returns them
 * @throws RangeError when there are too few bars for the parts, or a feature does not vary over the training part.
 */
export function candleDataset(
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  options: CandleDatasetOptions,
): CandleDataset {
  const bars = "bars" in of ? of.bars : of;
  const { length, horizon, stride = 1, split: fractions = HALF } = options;
  const all = candleWindows(bars, { length, horizon, stride });
  const { stepMs } = bars[0]!;
  const parts = withoutStraddlers(all, windowStarts(all, length, stepMs), splitByTime(all, fractions));
  const split = { train: parts.train.sort(), validation: parts.validation.sort(), test: parts.test.sort() };
  for (const [name, rows] of Object.entries(split))
    if (rows.length < 2)
      throw new RangeError(
        `bars: expected enough for windows in every part, got ${rows.length} for the ${name} part from ${bars[0]!.close.length} bars`,
      );
  const labels = marketTargets(all, bars, { horizon, trend: length, threshold: 1 });
  const scaler = fitWindowScaler(all, split.train, CANDLE_COLUMNS);
  const targetScaler = fitTargetScaler(labels, split.train);
  const prepared = { windows: all, labels, scaler, targetScaler };
  const rows = split.train.length + split.validation.length + split.test.length;
  return {
    symbols: bars.map(({ symbol }) => symbol),
    ...{ columns: CANDLE_COLUMNS, length, horizon, stepMs, scaler, targetScaler },
    train: datasetPart(prepared, split.train),
    validation: datasetPart(prepared, split.validation),
    test: datasetPart(prepared, split.test),
    leftOut: all.y.length - rows,
  };
}
