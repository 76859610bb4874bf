import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../../lib/core/random.js";
import type { Bars } from "../../../../lib/core/types.js";
import {
  CANDLE_COLUMNS,
  candlesOf,
  candleWindows,
} from "../../../../lib/features/windows/candles/candleWindows.js";

const HOUR = 3_600_000;
const root = key("candle windows");
const count = 160;

function walk(from: number): Bars {
  const moves = normals(fold(root, "moves"), count).map((e) => 0.01 * e);
  const reach = uniforms(fold(root, "reach"), 3 * count);
  let log = Math.log(from);
  const close = moves.map((e) => {
    log += e;
    return Math.exp(log);
  });
  const open = close.map((_, t) => (t === 0 ? from : close[t - 1]!));
  return {
    ...{
      symbol: "BTCUSDT",
      stepMs: HOUR,
      openTime: Float64Array.from({ length: count }, (_, t) => t * HOUR),
    },
    ...{ open, close, volume: close.map((_, t) => 1 + reach[3 * t]!) },
    high: close.map((v, t) => Math.max(v, open[t]!) * (1 + 0.004 * reach[3 * t + 1]!)),
    low: close.map((v, t) => Math.min(v, open[t]!) * (1 - 0.004 * reach[3 * t + 2]!)),
  };
}

const bars = walk(20_000);
const spec = { length: 12, horizon: 2, stride: 3 };
const w = candleWindows([bars], spec);
const size = 12 * CANDLE_COLUMNS.length;

test("BV-48: the candles of a window are those of the market, from a price of 100", () => {
  for (const n of [0, 7, w.y.length - 1]) {
    const drawn = candlesOf(w.x.subarray(n * size, (n + 1) * size), HOUR);
    const end = bars.openTime.findIndex((open) => open + HOUR === w.decidedAt[n]);
    const scale = 100 / bars.close[end - 12]!;
    for (let t = 0; t < 12; t++) {
      const at = end - 11 + t;
      for (const field of ["open", "high", "low", "close"] as const)
        expect(drawn[field][t]! / (scale * bars[field][at]!)).toBeCloseTo(1, 5);
    }
  }
});

test("a market of a thousand times the price and volume gives the same windows", () => {
  const scaled = { ...bars, openTime: bars.openTime };
  for (const field of ["open", "high", "low", "close", "volume"] as const)
    scaled[field] = bars[field].map((v) => 1000 * v);
  const other = candleWindows([scaled], spec);
  other.x.forEach((v, i) => {
    expect(v).toBeCloseTo(w.x[i]!, 4);
  });
});

test("twice the moves leave the path as it is and add log 2 to the ranges", () => {
  const squared = { ...bars };
  for (const field of ["open", "high", "low", "close"] as const)
    squared[field] = bars[field].map((v) => v ** 2);
  const wild = candleWindows([squared], spec);
  wild.x.forEach((v, i) => {
    const f = i % 4;
    if (f < 3) expect(v - w.x[i]!).toBeCloseTo(f === 1 ? Math.log(2) : 0, 4);
  });
});

test("BV-57: no later bar changes a window", () => {
  const n = 3;
  const end = bars.openTime.findIndex((open) => open + HOUR === w.decidedAt[n]);
  const poked = { ...bars, close: bars.close.slice(), high: bars.high.slice() };
  for (let t = end + 1; t < count; t++) {
    poked.close[t] = poked.low[t]!;
    poked.high[t] = 2 * poked.high[t]!;
  }
  const other = candleWindows([poked], spec);
  expect(Array.from(other.x.subarray(0, (n + 1) * size))).toEqual(
    Array.from(w.x.subarray(0, (n + 1) * size)),
  );
});

test("a decoded row that is no possible candle is widened until it is", () => {
  const bar = candlesOf([0.5, Math.log(0.001), 2, 0], HOUR);
  expect(bar.low[0]).toBeLessThanOrEqual(bar.open[0]!);
  expect(bar.high[0]).toBeGreaterThanOrEqual(bar.close[0]!);
  expect(() => candlesOf([0.5, 0.1, 0.5], HOUR)).toThrow(/row: bars/);
  expect(() => candlesOf([0.5, Number.NaN, 0.5, 0], HOUR)).toThrow(/row/);
});
