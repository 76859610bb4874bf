/** The path of the price inside a bar, of which trades, the unfinished bar and the book are made. */
import type { Bars } from "../../core/index.js";
import { countBefore } from "../../market/index.js";

/** One trade; `side` is the taker's. */
export interface Trade {
  /** UTC milliseconds. */
  time: number;
  price: number;
  /** In units of the base asset. */
  size: number;
  side: "Buy" | "Sell";
  /** Unique within the symbol; default: made of time and position. */
  id?: string;
}

/** How many ticks a bar has: its four prices and the three midpoints between them. */
export const TICKS = 7;

/** When tick `k` of a bar happens: the first at the opening time, the last one millisecond before the close. */
export function tickTime(openTime: number, stepMs: number, k: number): number {
  return openTime + Math.round((k * (stepMs - 1)) / (TICKS - 1));
}

/**
 * Tick `k` of bar `t`: every other bar goes open, low, high, close, the ones between open, high, low, close.
 *
 * The order does not tell how the bar will end, the sizes do: they share out its volume. Takers buy on rising legs and
 * sell on falling ones; sizes of a side are equal and add up to the side's volume, half of the bar's without flow.
 * Nothing inside a bar is what the market did: it is no ground to measure a strategy on.
 */
export function tickOf(bars: Bars, t: number, k: number): Trade {
  const lowFirst = Math.round(bars.openTime[t]! / bars.stepMs) % 2 === 0;
  const [second, third] = lowFirst ? [bars.low[t]!, bars.high[t]!] : [bars.high[t]!, bars.low[t]!];
  const corners = [bars.open[t]!, second, third, bars.close[t]!];
  const corner = k >> 1;
  const price = k % 2 === 0 ? corners[corner]! : (corners[corner]! + corners[corner + 1]!) / 2;
  const middle = k === 0 || k === 3 || k === 4; // of the middle leg and the opening: three ticks, the outer legs have four
  const side = middle === lowFirst ? "Buy" : "Sell";
  const half = bars.volume[t]! / 2;
  const volume = side === "Buy" ? (bars.flow?.buyVolume[t] ?? half) : (bars.flow?.sellVolume[t] ?? half);
  const time = tickTime(bars.openTime[t]!, bars.stepMs, k);
  return { time, price, size: volume / (middle ? 3 : 4), side, id: `${time}${k}` };
}

/** Trades of the bars after `from` up to `to`, ascending: the ticks that have a size. */
export function ticksBetween(bars: Bars, from: number, to: number): Trade[] {
  const trades: Trade[] = [];
  for (let t = Math.max(0, countBefore(bars.openTime, from) - 1); t < bars.openTime.length; t++) {
    if (bars.openTime[t]! > to) break;
    for (let k = 0; k < TICKS; k++) {
      const tick = tickOf(bars, t, k);
      if (tick.time > from && tick.time <= to && tick.size > 0) trades.push(tick);
    }
  }
  return trades;
}
