import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { covariance, mean, standardDeviation, sum, variance } from "../../../lib/core/stats.js";
import { coMoments } from "../../../lib/features/engine/coMoments.js";
import { slidingDeviation, slidingMean } from "../../../lib/features/engine/followers.js";
import {
  extremes,
  fall,
  moments,
  slidingStatistic,
  slidingWindow,
  total,
} from "../../../lib/features/engine/slidingWindow.js";
import { sortedWindow } from "../../../lib/features/engine/sortedWindow.js";

const series = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1, maxLength: 80 });
const window = fc.integer({ min: 1, max: 12 });

test("statistics of a sliding window are those of the slice", () => {
  fc.assert(
    fc.property(series, window, (x, w) => {
      const [sums, spreads, ends, falls] = [total, moments, extremes, fall].map((s) =>
        slidingStatistic(s, w),
      );
      x.forEach((value, t) => {
        const found = [sums!, spreads!, ends!, falls!].map((follow) => follow(value, true)?.slice());
        expect(found.every((one) => (one === undefined) === t < w - 1)).toBe(true);
        if (t < w - 1) return;
        const slice = x.slice(t - w + 1, t + 1);
        expect(found[0]![0]).toBeCloseTo(sum(slice), 9);
        expect(found[1]![0]).toBe(w);
        expect(found[1]![1]).toBeCloseTo(mean(slice), 9);
        expect(found[1]![2]).toBeCloseTo(variance(slice, 0) * w, 7);
        expect(Array.from(found[2]!)).toEqual([Math.min(...slice), Math.max(...slice)]);
        expect(found[3]![2]).toBeCloseTo(deepestFall(slice), 12);
      });
    }),
  );
});

test("trying a number leaves no trace, and keeping it then gives what the trial gave", () => {
  fc.assert(
    fc.property(series, window, (x, w) => {
      const [tried, plain] = [slidingStatistic(moments, w), slidingStatistic(moments, w)];
      for (const value of x) {
        for (const other of [1e9, -5, value]) tried(other, false);
        const trial = tried(value, false)?.slice();
        expect(tried(value, true)).toEqual(trial);
        expect(plain(value, true)).toEqual(trial);
      }
    }),
  );
});

test("over 100,000 bars nothing drifts, even where huge numbers pass through", () => {
  const x = normals(fold(key(3), "drift"), 100_000).map((z, t) => (t % 1000 === 0 ? 1e12 : 1 + 1e-6 * z));
  const [average, deviation] = [slidingMean(60), slidingDeviation(60)];
  let [worstMean, worstDeviation] = [0, 0];
  for (let t = 0; t < x.length; t++) {
    const found = [average(x[t]!, true), deviation(x[t]!, true)] as const;
    if (t % 1000 < 60) continue; // the window still holds the huge one, or is not full
    const slice = x.subarray(t - 59, t + 1);
    worstMean = Math.max(worstMean, Math.abs(found[0] - mean(slice)));
    worstDeviation = Math.max(worstDeviation, Math.abs(found[1] / standardDeviation(slice) - 1));
  }
  expect(worstMean).toBeLessThan(1e-14);
  expect(worstDeviation).toBeLessThan(1e-8); // the deviation is 1e-6 of the level, whose rounding is 1e-16
});

test("equal numbers have exactly their own mean and a deviation of exactly zero, after wild ones too", () => {
  const [average, deviation] = [slidingMean(20), slidingDeviation(20)];
  for (const wild of normals(key(4), 100)) {
    average(1000 * wild, true);
    deviation(1000 * wild, true);
  }
  let found = [0, 0];
  for (let t = 0; t < 20; t++) found = [average(0.1, true), deviation(0.1, true)];
  expect(found).toEqual([0.1, 0]);
});

test("co-moments of a sliding window give the covariance of the slice", () => {
  const [count, w] = [3, 10];
  const x = normals(key(5), count * 50);
  const { aggregate, lift, covariance: write } = coMoments(count);
  const follow = slidingWindow(aggregate, w);
  const [item, sigma] = [new Float64Array(aggregate.width), new Float64Array(count * count)];
  for (let t = 0; t < 50; t++) {
    lift(x.subarray(t * count, (t + 1) * count), item);
    const found = follow(item, true);
    expect(found === undefined).toBe(t < w - 1);
    if (!found) continue;
    write(found, sigma);
    const column = (a: number) => Array.from({ length: w }, (_, i) => x[(t - w + 1 + i) * count + a]!);
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++)
        expect(sigma[a * count + b]).toBeCloseTo(covariance(column(a), column(b)), 12);
  }
});

test("the least of a sorted window are those of the sorted slice, ties included", () => {
  const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 9 }), (x, w) => {
      const last = sortedWindow(w);
      const out = new Float64Array(2);
      x.forEach((value, t) => {
        expect(last.least(value, out)).toBe(t >= w - 1);
        if (t >= w - 1) {
          const sorted = x.slice(t - w + 1, t + 1).sort((a, b) => a - b);
          expect(Array.from(out)).toEqual(sorted.slice(0, 2).map((v) => v + 0));
        }
        last.keep(value);
      });
    }),
  );
});

test("a window without a bar, or of a part of one, is refused", () => {
  expect(() => slidingStatistic(total, 0)).toThrow("window: expected an integer of at least 1, got 0");
  expect(() => sortedWindow(2.5)).toThrow("window: expected an integer of at least 1, got 2.5");
  expect(() => slidingDeviation(1)).toThrow("window: expected an integer of at least 2, got 1");
});

function deepestFall(x: readonly number[]): number {
  let deepest = 0;
  for (let i = 0; i < x.length; i++)
    for (let j = i; j < x.length; j++) deepest = Math.max(deepest, 1 - x[j]! / x[i]!);
  return deepest;
}
