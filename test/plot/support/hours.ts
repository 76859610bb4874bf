/** Hourly series for the figures' tests. */

import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import type { Figure, Trace } from "../../../lib/plot/figure.js";

export const HOUR = 3_600_000;
export const START = Date.UTC(2024, 0, 1);

/** [T] closing times of hours from the beginning of 2024. */
export const hours = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, t) => START + (t + 1) * HOUR);

/** [T] a random walk in logarithms that starts near `from`. */
export function walk(name: string, count: number, from = 1): Float64Array {
  let level = Math.log(from);
  return normals(key(name), count).map((draw) => {
    level += 0.006 * draw;
    return Math.exp(level);
  });
}

/** Hourly bars about a random walk. */
export function hourlyBars(count: number): Bars {
  const close = walk("bars", count, 60_000);
  const open = close.map((price, t) => (t === 0 ? price : close[t - 1]!));
  const spread = uniforms(fold(key("bars"), "range"), count).map((u) => 1 + 0.004 * u);
  return {
    ...{ symbol: "BTCUSDT", stepMs: HOUR, openTime: hours(count).map((ms) => ms - HOUR), open, close },
    high: close.map((price, t) => Math.max(price, open[t]!) * spread[t]!),
    low: close.map((price, t) => Math.min(price, open[t]!) / spread[t]!),
    volume: spread.map((width) => 1000 * width),
  };
}

export const traceOf = (figure: Figure, name: string): Trace =>
  figure.data.find((trace) => trace.name === name)!;

export const numbers = (values: unknown): number[] => Array.from(values as ArrayLike<number>);

/** The texts that stand in the figure at places of their own. */
export const textsOf = ({ layout }: Figure): string[] =>
  (layout.annotations as { text: string }[]).map(({ text }) => text);
