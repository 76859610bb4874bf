/** Bars without what tape and book showed of them. */
import type { Bars } from "../core/index.js";

/** The bars with candle and volume alone: what a stream of candles brings, and every source has. */
export function candlesOnly(bars: readonly Bars[]): Bars[] {
  return bars.map(({ symbol, stepMs, openTime, open, high, low, close, volume }) => ({
    ...{ symbol, stepMs, openTime },
    ...{ open, high, low, close, volume },
  }));
}
