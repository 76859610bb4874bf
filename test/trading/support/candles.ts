/** Small markets for the tests of trading. */

import { fold, type Key, normals, uniforms } from "../../../lib/core/random.js";
import type { Bars, Panel } from "../../../lib/core/types.js";

export const HOUR = 3_600_000;
export const START = Date.UTC(2025, 0, 1);

interface Prices {
  readonly open: readonly number[];
  readonly close: readonly number[];
  /** Those of open and close unless given. */
  readonly high?: readonly number[];
  readonly low?: readonly number[];
  /** Since the start; 0, 1, 2 … unless given. */
  readonly hours?: readonly number[];
  /** An hour unless given: then `hours` are counted in it. */
  readonly stepMs?: number;
}

/** Bars from given opens and closes. */
export function candles(symbol: string, { open, close, hours, stepMs = HOUR, ...wicks }: Prices): Bars {
  const opens = Float64Array.from(open);
  const closes = Float64Array.from(close);
  return {
    symbol,
    stepMs,
    openTime: Float64Array.from(open, (_, t) => START + (hours?.[t] ?? t) * stepMs),
    open: opens,
    high: opens.map((o, t) => wicks.high?.[t] ?? Math.max(o, closes[t]!)),
    low: opens.map((o, t) => wicks.low?.[t] ?? Math.min(o, closes[t]!)),
    close: closes,
    volume: opens.map(() => 1000),
  };
}

/** Random candles whose opens differ from the closes before them, with wicks; `holes` is the share of bars without a price. */
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
  const reach = uniforms(fold(k, "reach", symbol), 2 * bars);
  const [open, close, high, low] = [[] as number[], [] as number[], [] as number[], [] as number[]];
  let price = 100;
  for (let t = 0; t < bars; t++) {
    open.push(price * Math.exp(0.3 * volatility * shocks[2 * t]!));
    price = open[t]! * Math.exp(volatility * shocks[2 * t + 1]!);
    close.push(price);
    high.push(Math.max(open[t]!, price) * Math.exp(volatility * reach[2 * t]!));
    low.push(Math.min(open[t]!, price) * Math.exp(-volatility * reach[2 * t + 1]!));
    if (missing[t]! < holes) {
      for (const column of [open, close, high, low]) column[t] = Number.NaN;
    }
  }
  return candles(symbol, { open, close, high, low, ...(hours ? { hours } : {}) });
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
