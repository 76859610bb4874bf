/** Windows that can be drawn as candles again: the path of the close, how far bars reach, where they close, and volume. */

import type { Bars, Panel, Windows } from "../../../core/index.js";
import { checkCount, checkFinite } from "../../../core/index.js";
import { column, makePanel } from "../../panel.js";
import { marketInput } from "../inputs/marketInput.js";
import { type WindowSpec, windows } from "../windows.js";

/**
 * path: log(close / last close before the window) over √T times the geometric mean range of the window, so that it is free of
 * volatility; log range: log of log(high / low); position: where the close lies in the bar, 0 at the low and 1 at the high; log volume:
 * log(volume / its mean of 20 bars).
 */
export const CANDLE_COLUMNS = ["path", "log range", "position", "log volume"] as const;

const WIDTH = CANDLE_COLUMNS.length;
/** A bar without a range counts as one of a thousandth of a basis point. */
const LEAST_RANGE = 1e-7;

/**
 * Windows [N,T,4] of `CANDLE_COLUMNS`, all free of price and size; each is known at its last close.
 * @throws RangeError as `windows` does.
 */
export function candleWindows(assets: readonly Bars[], spec: WindowSpec): Windows {
  const w = windows(
    assets.map((bars) => ({ panel: candlePanel(bars), bars })),
    spec,
  );
  const size = spec.length * WIDTH;
  for (let n = 0; n < w.y.length; n++) {
    const row = w.x.subarray(n * size, (n + 1) * size);
    const unit = pathUnit(row);
    let path = 0;
    for (let t = 0; t < spec.length; t++) {
      path += row[t * WIDTH]!; // a return until here
      row[t * WIDTH] = path / unit;
    }
  }
  return w;
}

/** √T times the geometric mean range of a row [T,4]: what a path of 1 stands for as a log return. */
function pathUnit(row: ArrayLike<number>): number {
  const length = row.length / WIDTH;
  let total = 0;
  for (let t = 0; t < length; t++) total += row[t * WIDTH + 1]!;
  return Math.sqrt(length) * Math.exp(total / length);
}

/** The columns of each bar, its return in the place of the path. */
function candlePanel(bars: Bars): Panel {
  const input = marketInput(bars);
  const [up, down] = [column(input, "high"), column(input, "low")];
  const range = up.map((v, t) => Math.max(v - down[t]!, LEAST_RANGE));
  return makePanel(input.time, {
    return: column(input, "return"),
    "log range": range.map(Math.log),
    position: range.map((v, t) => Math.min(1, Math.max(0, -down[t]! / v))),
    "log volume": column(input, "log volumeRatio20"),
  });
}

/**
 * The candles of one row [T,4] from a price of 100 before the first; volume in units of its trailing mean.
 *
 * A decoded row need not be a possible candle: high and low are widened to hold open and close.
 * @throws RangeError when the row is not whole or not finite.
 */
export function candlesOf(row: ArrayLike<number>, stepMs: number): Bars {
  const length = row.length / WIDTH;
  checkCount("row: bars", length);
  checkFinite("row", row);
  const part = (f: number) => Float64Array.from({ length }, (_, t) => row[t * WIDTH + f]!);
  const unit = pathUnit(row);
  const close = part(0).map((path) => 100 * Math.exp(path * unit));
  const open = close.map((_, t) => (t === 0 ? 100 : close[t - 1]!));
  const [range, position] = [part(1).map(Math.exp), part(2)];
  const high = close.map((v, t) => Math.max(v * Math.exp((1 - position[t]!) * range[t]!), open[t]!, v));
  const low = close.map((v, t) => Math.min(v * Math.exp(-position[t]! * range[t]!), open[t]!, v));
  const openTime = Float64Array.from({ length }, (_, t) => t * stepMs);
  return { symbol: "decoded", stepMs, openTime, open, high, low, close, volume: part(3).map(Math.exp) };
}
