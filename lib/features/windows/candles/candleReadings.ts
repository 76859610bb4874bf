/** Readings of decoded candles: the candles of a scaled row or of a traversal, and five numbers read off them. */
import { type Bars, checkLength, mean } from "../../../core/index.js";
import type { WindowScaler } from "../windowScaler.js";
import { candlesOf } from "./candleWindows.js";

/** A data set whose rows are scaled candle windows. */
export interface CandleScale {
  /** [F] */
  readonly columns: readonly string[];
  /** T bars a window. */
  readonly length: number;
  readonly stepMs: number;
  readonly scaler: Pick<WindowScaler, "x">;
}

/**
 * The candles of one scaled row [T,F] of `candleDataset`, from a price of 100.
 * @throws RangeError when the row is of another length or not finite.
 */
export function decodedCandles(data: CandleScale, row: ArrayLike<number>): Bars {
  const { columns, length, stepMs, scaler } = data;
  const width = columns.length;
  checkLength("row", row, length * width);
  const { mean: centre, standardDeviation } = scaler.x;
  return candlesOf(
    Float64Array.from(row, (v, i) => v * standardDeviation[i % width]! + centre[i % width]!),
    stepMs,
  );
}

/**
 * The candles of each step of a traversal, whose values [S,T,F] are in the unit of the features.
 * @throws RangeError when the values are not whole windows.
 */
export function traversedCandles(
  data: CandleScale,
  traversal: { readonly sigmas: ArrayLike<number>; readonly values: Float64Array },
): Bars[] {
  const { sigmas, values } = traversal;
  const size = data.length * data.columns.length;
  checkLength("values", values, sigmas.length * size);
  return Array.from(sigmas, (_, s) => candlesOf(values.subarray(s * size, (s + 1) * size), data.stepMs));
}

/** A number read off a scaled row. */
export interface CandleReading {
  readonly name: string;
  /** @param row  [T,F] scaled */
  readonly of: (row: ArrayLike<number>) => number;
}

/**
 * Trend, volatility, volume, momentum and body of a scaled row, read off its candles.
 *
 * trend: log return of the window; volatility: log of the geometric mean of the log ranges; volume: mean log volume; momentum: the
 * second half's return less the first half's; body: mean of |close − open| / (high − low).
 */
export function candleReadings(data: CandleScale): CandleReading[] {
  const { length } = data;
  const middle = Math.floor(length / 2);
  const named: Readonly<Record<string, (bars: Bars) => number>> = {
    trend: (bars) => change(bars, 0, length - 1),
    volatility: ({ high, low }) => mean(high.map((h, t) => Math.log(Math.log(h / low[t]!)))),
    volume: ({ volume }) => mean(volume.map(Math.log)),
    momentum: (bars) => change(bars, middle, length - 1) - change(bars, 0, middle - 1),
    body: ({ open, high, low, close }) =>
      mean(open.map((o, t) => Math.abs(close[t]! - o) / (high[t]! - low[t]!))),
  };
  return Object.entries(named).map(([name, of]) => ({ name, of: (row) => of(decodedCandles(data, row)) }));
}

function change({ open, close }: Bars, from: number, to: number): number {
  return Math.log(close[to]! / open[from]!);
}
