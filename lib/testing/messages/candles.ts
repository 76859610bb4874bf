/** Candles as the exchange knew them at a time. */
import type { Category } from "../../market/index.js";
import { countBefore } from "../../market/index.js";
import type { Grid } from "../listing.js";
import { amounts } from "./category.js";
import { decimal } from "./decimal.js";
import { TICKS, tickOf } from "./ticks.js";

export interface Candle {
  opening: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** In units of the base asset. */
  volume: number;
  /** In units of the quote asset: each bar's volume at the mean of its four prices. */
  turnover: number;
}

/** Which candles of a grid are wanted. Times are UTC milliseconds, both ends included. */
export interface Window {
  start?: number | undefined;
  end?: number | undefined;
  limit: number;
}

/**
 * Candles in ascending order: the newest `limit` of the window, the oldest where only `start` is given.
 *
 * The candle that `now` lies inside is among them, as far as it has gone; nothing later is.
 */
export function candlesIn(grid: Grid, window: Window, now: number): Candle[] {
  const from = window.start === undefined ? 0 : countBefore(grid.opening, window.start);
  const to = countBefore(grid.opening, Math.min(window.end ?? now, now) + 1);
  const oldest = window.start !== undefined && window.end === undefined;
  const first = oldest ? from : Math.max(from, to - window.limit);
  const candles: Candle[] = [];
  for (let w = first; w < Math.min(to, first + window.limit); w++) {
    const candle = candleAt(grid, w, now);
    if (candle) candles.push(candle);
  }
  return candles;
}

/** Candle `w` of the grid as known at `now`: closed bars whole, the open one up to its last tick; undefined before any. */
export function candleAt(grid: Grid, w: number, now: number): Candle | undefined {
  let whole: Candle | undefined;
  for (let t = grid.first[w]!; t < grid.first[w + 1]! && grid.bars.openTime[t]! <= now; t++) {
    const part = barAt(grid, t, now);
    whole = whole ? joined(whole, part) : { ...part, opening: grid.opening[w]! };
  }
  return whole;
}

/** A row of a kline page; contracts of one dollar and turnover in base units for inverse. */
export function klineRow(candle: Candle, category: Category): string[] {
  const { open, high, low, close } = candle;
  return [
    String(candle.opening),
    ...[open, high, low, close].map(decimal),
    ...amounts(candle.volume, candle.turnover, category),
  ];
}

function barAt({ bars }: Grid, t: number, now: number): Candle {
  const opening = bars.openTime[t]!;
  if (opening + bars.stepMs > now) return barSoFar(bars, t, now);
  const [open, high, low, close] = [bars.open[t]!, bars.high[t]!, bars.low[t]!, bars.close[t]!];
  const volume = bars.volume[t]!;
  return { opening, open, high, low, close, volume, turnover: (volume * (open + high + low + close)) / 4 };
}

function barSoFar(bars: Grid["bars"], t: number, now: number): Candle {
  let whole: Candle | undefined;
  for (let k = 0; k < TICKS; k++) {
    const { time, price, size } = tickOf(bars, t, k);
    if (time > now) break;
    const part = {
      opening: bars.openTime[t]!,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: size,
      turnover: size * price,
    };
    whole = whole ? joined(whole, part) : part;
  }
  return whole!; // the first tick is at the opening time
}

function joined(a: Candle, b: Candle): Candle {
  return {
    opening: a.opening,
    open: a.open,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: a.volume + b.volume,
    turnover: a.turnover + b.turnover,
  };
}
