/** Small markets for the tests of trading. */

import { fold, type Key, normals, uniforms } from "../../../lib/core/random.js";
import type { Bars, Panel } from "../../../lib/core/types.js";

export const HOUR = 3_600_000;
export const START = Date.UTC(2025, 0, 1);

/** Bars from given opens and closes; times are given in hours since the start, 0, 1, 2 … unless given. */
export function candles(
  symbol: string,
  { open, close, hours }: { open: readonly number[]; close: readonly number[]; hours?: readonly number[] },
): Bars {
  const opens = Float64Array.from(open);
  const closes = Float64Array.from(close);
  return {
    symbol,
    stepMs: HOUR,
    openTime: Float64Array.from(open, (_, t) => START + (hours?.[t] ?? t) * HOUR),
    open: opens,
    high: opens.map((o, t) => Math.max(o, closes[t]!)),
    low: opens.map((o, t) => Math.min(o, closes[t]!)),
    close: closes,
    volume: opens.map(() => 1000),
  };
}

/** Random candles whose opens differ from the closes before them; `holes` is the share of bars without a price. */
export function randomCandles(
  k: Key,
  symbol: string,
  {
    bars,
    volatility = 0.01,
    holes = 0,
    hours,
  }: { bars: number; volatility?: number; holes?: number; hours?: readonly number[] },
): Bars {
  const shocks = normals(fold(k, "shocks", symbol), 2 * bars);
  const missing = uniforms(fold(k, "holes", symbol), bars);
  const [open, close] = [[] as number[], [] as number[]];
  let price = 100;
  for (let t = 0; t < bars; t++) {
    open.push(price * Math.exp(0.3 * volatility * shocks[2 * t]!));
    price = open[t]! * Math.exp(volatility * shocks[2 * t + 1]!);
    close.push(price);
    if (missing[t]! < holes) {
      open[t] = Number.NaN;
      close[t] = Number.NaN;
    }
  }
  return candles(symbol, hours ? { open, close, hours } : { open, close });
}

/** Target weights [T,A] on the closes of the bars. */
export function weightsOn(bars: readonly Bars[], weightOf: (t: number, a: number) => number): Panel {
  const { openTime, stepMs } = bars[0]!;
  return {
    time: openTime.map((time) => time + stepMs),
    names: bars.map((b) => b.symbol),
    values: Float64Array.from({ length: openTime.length * bars.length }, (_, i) =>
      weightOf(Math.floor(i / bars.length), i % bars.length),
    ),
  };
}
