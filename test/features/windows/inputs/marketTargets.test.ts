import { expect, test } from "vitest";
import { key, normals } from "../../../../lib/core/random.js";
import type { Bars } from "../../../../lib/core/types.js";
import {
  fitTargetScaler,
  marketTargets,
  scaleTargets,
  TARGETS,
} from "../../../../lib/features/windows/inputs/marketTargets.js";
import { windows } from "../../../../lib/features/windows/windows.js";

const HOUR = 3_600_000;

function barsOf(closes: readonly number[]): Bars {
  const close = Float64Array.from(closes);
  const openTime = close.map((_, t) => t * HOUR);
  return {
    symbol: "BTCUSDT",
    stepMs: HOUR,
    openTime,
    open: close,
    high: close,
    low: close,
    close,
    volume: close,
  };
}

function sourceOf(bars: Bars) {
  const time = bars.openTime.map((open) => open + HOUR);
  return { bars, panel: { time, names: ["close"], values: bars.close } };
}

const options = { horizon: 5, trend: 4, threshold: 1 };
const walk = [100];
for (const n of normals(key("walk"), 60)) walk.push(walk.at(-1)! * Math.exp(0.01 * n));

// VI-72
test("the return is that over the whole horizon, the volatility that of its bars", () => {
  const bars = barsOf(walk);
  const w = windows([sourceOf(bars)], { length: 6, horizon: 5 });
  const y = marketTargets(w, [bars], options);
  for (let n = 0; n < w.y.length; n++) {
    const t = w.decidedAt[n]! / HOUR - 1;
    expect(y[n * TARGETS]!).toBeCloseTo(Math.log(walk[t + 5]! / walk[t]!), 6);
    expect(y[n * TARGETS]!).toBeCloseTo(w.y[n]!, 6);
    const squares = [1, 2, 3, 4, 5].map((h) => Math.log(walk[t + h]! / walk[t + h - 1]!) ** 2);
    const volatility = Math.sqrt(squares.reduce((a, b) => a + b) / 5);
    expect(Math.exp(y[n * TARGETS + 1]!)).toBeCloseTo(volatility, 5);
  }
});

// VI-23
test("the regime is judged by the past: a rise is a bull, a fall a bear, to and fro is neither", () => {
  const label = (path: readonly number[]) => {
    const bars = barsOf([...path, ...path.slice(-1), 1, 1, 1, 1, 1]);
    const w = windows([sourceOf(bars)], { length: 2, horizon: 5 });
    const n = w.decidedAt.indexOf(path.length * HOUR);
    const last = { ...w, x: w.x.slice(0, 2), y: w.y.subarray(n, n + 1), asset: w.asset.subarray(n, n + 1) };
    const one = { ...last, decidedAt: w.decidedAt.slice(n, n + 1), resolvedAt: w.resolvedAt.slice(n, n + 1) };
    return Array.from(marketTargets(one, [bars], options).subarray(2));
  };
  expect(label([100, 101, 102, 103, 104])).toEqual([0, 0, 1]);
  expect(label([104, 103, 102, 101, 100])).toEqual([1, 0, 0]);
  expect(label([100, 101, 100, 101, 100])).toEqual([0, 1, 0]);
});

test("changing the bars after a window leaves its regime as it was", () => {
  const poked = walk.map((close, t) => (t > 30 ? close * 2 : close));
  const of = (path: readonly number[]) => {
    const bars = barsOf(path);
    const w = windows([sourceOf(bars)], { length: 6, horizon: 5 });
    return { w, y: marketTargets(w, [bars], options) };
  };
  const [calm, wild] = [of(walk), of(poked)];
  let moved = 0;
  for (let n = 0; n < calm.w.y.length; n++) {
    const at = n * TARGETS;
    if (calm.w.decidedAt[n]! <= 31 * HOUR)
      expect(wild.y.subarray(at + 2, at + 5)).toEqual(calm.y.subarray(at + 2, at + 5));
    if (calm.w.resolvedAt[n]! <= 31 * HOUR) expect(wild.y[at]).toBe(calm.y[at]);
    else if (wild.y[at] !== calm.y[at]) moved++;
  }
  expect(moved).toBeGreaterThan(0);
});

test("it refuses a window with less past than the trend needs, and a window of no bar", () => {
  const bars = barsOf(walk);
  const w = windows([sourceOf(bars)], { length: 6, horizon: 5 });
  expect(() => marketTargets(w, [bars], { ...options, trend: 10 })).toThrow(/10 bars before/);
  expect(() => marketTargets({ ...w, decidedAt: w.decidedAt.map((t) => t + 1) }, [bars], options)).toThrow(
    /window 0/,
  );
});

test("the scaler sees the rows of the training alone and leaves the regimes", () => {
  const bars = barsOf(walk);
  const w = windows([sourceOf(bars)], { length: 6, horizon: 5 });
  const y = marketTargets(w, [bars], options);
  const rows = Array.from({ length: 20 }, (_, i) => i);
  const poked = y.map((value, i) => (i >= 20 * TARGETS ? value + 1 : value));
  expect(fitTargetScaler(poked, rows)).toEqual(fitTargetScaler(y, rows));
  const scaled = scaleTargets(fitTargetScaler(y, rows), y);
  const returns = rows.map((n) => scaled[n * TARGETS]!);
  expect(returns.reduce((a, b) => a + b) / 20).toBeCloseTo(0, 5);
  expect(returns.map((r) => r * r).reduce((a, b) => a + b) / 19).toBeCloseTo(1, 4);
  expect(scaled.filter((_, i) => i % 5 > 1)).toEqual(y.filter((_, i) => i % 5 > 1));
});
