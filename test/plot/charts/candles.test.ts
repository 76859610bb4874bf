import fc from "fast-check";
import { expect, test } from "vitest";
import { sum } from "../../../lib/core/stats.js";
import type { Bars } from "../../../lib/core/types.js";
import { candleFigure } from "../../../lib/plot/charts/prices/candles.js";
import { HOUR, hourlyBars, numbers, START, traceOf } from "../support/hours.js";

const draw = (bars: Bars) =>
  candleFigure({ title: "One", yTitle: "price [USDT]", volumeTitle: "volume [BTC]", bars });
const bars: Bars = {
  ...{ symbol: "BTCUSDT", stepMs: HOUR, openTime: Float64Array.of(START, START + HOUR, START + 3 * HOUR) },
  ...{ open: Float64Array.of(10, 12, 11), close: Float64Array.of(12, 11, 11) },
  ...{ high: Float64Array.of(13, 14, 12), low: Float64Array.of(9, 8, 10), volume: Float64Array.of(5, 6, 7) },
};
const replaced = (values: Float64Array, t: number, value: number): Float64Array =>
  values.map((own, i) => (i === t ? value : own));
const changed = (field: "open" | "high" | "close", t: number, value: number): Bars => ({
  ...bars,
  [field]: replaced(bars[field], t, value),
});

test("each bar is a candle at its opening time, drawn over its own hour", () => {
  const figure = draw(bars);
  const candle = { type: "candlestick", xperiod: HOUR, xperiodalignment: "middle" };
  expect(traceOf(figure, "rose")).toMatchObject({ ...candle, x: [START, START + 3 * HOUR], high: [13, 12] });
  expect(traceOf(figure, "fell")).toMatchObject({ ...candle, x: [START + HOUR], low: [8], close: [11] });
  expect(traceOf(figure, "volume")).toMatchObject({ y: [5, 6, 7], yaxis: "y2" });
});

test("a bar without prices is a hole", () => {
  const hole = { ...bars };
  for (const field of ["open", "high", "low", "close", "volume"] as const)
    hole[field] = replaced(bars[field], 1, Number.NaN);
  const figure = draw(hole);
  expect(numbers(traceOf(figure, "volume").x)).toEqual([START, START + 3 * HOUR]);
  expect(traceOf(figure, "fell")).toBeUndefined();
});

test("joined candles keep the first open, the last close, the extremes and all volume", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
      const all = hourlyBars(count);
      const figure = draw(all);
      const candles = figure.data.filter((trace) => trace.type === "candlestick");
      const of = (field: string) => candles.flatMap((trace) => numbers(trace[field]));
      const x = of("x");
      expect(x.length).toBeLessThanOrEqual(241);
      expect(Math.max(...of("high"))).toBe(Math.max(...all.high));
      expect(Math.min(...of("low"))).toBe(Math.min(...all.low));
      expect(of("open")[x.indexOf(Math.min(...x))]).toBe(all.open[0]);
      expect(of("close")[x.indexOf(Math.max(...x))]).toBe(all.close[count - 1]);
      expect(sum(numbers(traceOf(figure, "volume").y))).toBeCloseTo(sum(all.volume), 4);
    }),
    { numRuns: 30 },
  );
});

test("the axis says how wide a joined candle is, and its grid is that of the epoch", () => {
  const figure = draw(hourlyBars(900));
  expect((figure.layout.xaxis as { title: { text: string } }).title.text).toContain("one candle is 4 h");
  for (const x of numbers(traceOf(figure, "volume").x)) expect(x % (4 * HOUR)).toBe(0);
});

test("changing a bar leaves the candles that closed before it as they were", () => {
  const all = hourlyBars(900);
  const volumes = (of: Bars) => {
    const { x, y } = traceOf(draw(of), "volume");
    return numbers(y).filter((_, i) => numbers(x)[i]! + 4 * HOUR <= all.openTime[800]!);
  };
  const later = { ...all, volume: replaced(all.volume, 800, 1e6) };
  expect(volumes(later)).toEqual(volumes(all));
  expect(volumes(all)).toHaveLength(200);
});

test("bars that cannot be are refused with symbol and bar", () => {
  expect(() => draw(changed("close", 1, 15))).toThrow(
    "close of BTCUSDT, bar 1: expected a price within [8, 14], got 15",
  );
  expect(() => draw(changed("open", 1, Number.NaN))).toThrow(
    "open of BTCUSDT, bar 1: expected a price within",
  );
  expect(() => draw({ ...bars, volume: Float64Array.of(1) })).toThrow(
    "volume of BTCUSDT: expected 3 values, got 1",
  );
  const nothing = Float64Array.of(Number.NaN, Number.NaN, Number.NaN);
  expect(() => draw({ ...bars, open: nothing, high: nothing, low: nothing, close: nothing })).toThrow(
    "bars of BTCUSDT: expected one with prices, got none",
  );
});

test("an overlay lies over the middle of its bars, and one of another length is refused", () => {
  const options = { title: "One", yTitle: "price [USDT]", volumeTitle: "volume [BTC]", bars };
  const overlays = [{ name: "mean of 2", values: [Number.NaN, 11.5, 11] }];
  expect(traceOf(candleFigure({ ...options, overlays }), "mean of 2")).toMatchObject({
    x: [START + HOUR / 2, START + 1.5 * HOUR, START + 3.5 * HOUR],
    y: [Number.NaN, 11.5, 11],
  });
  expect(() => candleFigure({ ...options, overlays: [{ name: "short", values: [1] }] })).toThrow("short");
});
