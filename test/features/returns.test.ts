import { expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import { mean, standardDeviation } from "../../lib/core/stats.js";
import { logReturns, rollingMean, rollingStandardDeviation } from "../../lib/features/returns.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

const x = normals(fold(key(7), "series"), 300);
const NAN = Number.NaN;

test("known answers", () => {
  const ramp = Float64Array.of(1, 2, 3, 4);
  expect(Array.from(rollingMean(ramp, 2))).toEqual([NAN, 1.5, 2.5, 3.5]);
  expect(Array.from(rollingStandardDeviation(ramp, 3))).toEqual([NAN, NAN, 1, 1]);
});

test.each([2, 7, 168])("rolling statistics over %d entries are those of the slice", (window) => {
  const rolled = { mean: rollingMean(x, window), deviation: rollingStandardDeviation(x, window) };
  for (let t = 0; t < x.length; t++) {
    const slice = x.slice(Math.max(0, t - window + 1), t + 1);
    if (slice.length < window) {
      expect([rolled.mean[t], rolled.deviation[t]]).toEqual([NAN, NAN]);
      continue;
    }
    expect(rolled.mean[t]).toBeCloseTo(mean(slice), 12);
    expect(rolled.deviation[t]).toBeCloseTo(standardDeviation(slice), 12);
  }
});

test("changing tomorrow leaves today as it was", () => {
  const later = x.map((value, t) => (t > 200 ? value + 100 : value));
  const blocks = [
    (v: Float64Array) => rollingMean(v, 10),
    (v: Float64Array) => rollingStandardDeviation(v, 10),
  ];
  for (const block of blocks) {
    expect(block(later).slice(0, 201)).toEqual(block(x).slice(0, 201));
    expect(block(later)).not.toEqual(block(x));
  }
});

test("log returns add up to the log of the price ratio", () => {
  const [bars] = simulate({ symbols: ["BTCUSDT"], bars: 300, key: key(1) }).bars;
  const r = logReturns(bars!);
  expect(r[0]).toBeNaN();
  const total = r.subarray(1).reduce((sum, value) => sum + value, 0);
  expect(total).toBeCloseTo(Math.log(bars!.close[299]! / bars!.close[0]!), 12);
});

test("a move over a hole is the return of no bar", () => {
  const [bars] = simulate({ symbols: ["BTCUSDT"], bars: 300, key: key(1) }).bars;
  const openTime = bars!.openTime.map((time, t) => (t < 100 ? time : time + 37 * 24 * bars!.stepMs));
  const holed = logReturns({ ...bars!, openTime });
  expect(Array.from(holed.keys()).filter((t) => Number.isNaN(holed[t]!))).toEqual([0, 100]);
  expect(holed[101]).toBe(logReturns(bars!)[101]);
});

test("windows that make no sense are refused", () => {
  expect(() => rollingMean(x, 0)).toThrow("window: expected an integer of at least 1, got 0");
  expect(() => rollingStandardDeviation(x, 1)).toThrow("window: expected an integer of at least 2, got 1");
});
