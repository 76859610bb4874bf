import { fold, type Key, normals, uniforms } from "../../../lib/core/random.js";
import type { Bars, Flow } from "../../../lib/core/types.js";

export const MINUTE = 60_000;

/** Sound bars with flow: a random walk that stands still, without volume, for a fifth of the time where `calm`. */
export function randomBars(
  key: Key,
  count: number,
  { stepMs = MINUTE, calm = false } = {},
): Bars & { flow: Flow } {
  const [z, u] = [normals(fold(key, "close"), count), uniforms(fold(key, "rest"), 8 * count)];
  const [open, high, low, close] = [0, 0, 0, 0].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const share = (t: number, i: number): number => u[8 * t + i]!;
  const still = (t: number): boolean => calm && Math.floor(t / 40) % 5 === 4;
  for (let t = 0; t < count; t++) {
    open[t] = t === 0 ? 100 : close[t - 1]!;
    close[t] = open[t]! * Math.exp(still(t) ? 0 : 0.01 * z[t]!);
    high[t] = Math.max(open[t]!, close[t]!) * (still(t) ? 1 : 1 + 0.01 * share(t, 0));
    low[t] = Math.min(open[t]!, close[t]!) * (still(t) ? 1 : 1 - 0.01 * share(t, 1));
  }
  const column = (of: (t: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, t) => of(t));
  const volume = column((t) => (still(t) ? 0 : 10 * share(t, 2)));
  const buyVolume = column((t) => volume[t]! * share(t, 3));
  return {
    ...{ symbol: "RND", stepMs, openTime: column((t) => t * stepMs), open, high, low, close, volume },
    flow: {
      buyVolume,
      sellVolume: column((t) => volume[t]! - buyVolume[t]!),
      bid: column((t) => close[t]! * (1 - 1e-4 * share(t, 4))),
      ask: column((t) => close[t]! * (1 + 1e-4 * share(t, 5))),
      bidSize: column((t) => (still(t) ? 0 : share(t, 6))),
      askSize: column((t) => (still(t) ? 0 : share(t, 7))),
    },
  };
}

/** All columns of the bars but the times, flow included. */
export function columnsOf(bars: Bars & { flow: Flow }): Float64Array[] {
  const { open, high, low, close, volume } = bars;
  return [open, high, low, close, volume, ...Object.values(bars.flow)];
}

export function copyOf(bars: Bars & { flow: Flow }): Bars & { flow: Flow } {
  return structuredClone(bars);
}

/** Bars of the given closes, an hour each, with nothing else of interest. */
export function barsOfCloses(closes: readonly number[], stepMs = 3_600_000): Bars {
  const close = Float64Array.from(closes);
  const openTime = close.map((_, t) => t * stepMs);
  const volume = close.map(() => 1);
  return { symbol: "X", stepMs, openTime, open: close, high: close, low: close, close, volume };
}
