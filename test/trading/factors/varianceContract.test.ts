import { expect, test } from "vitest";
import type { Bars } from "../../../lib/core/index.js";
import { varianceContract } from "../../../lib/trading/factors/varianceContract.js";

const hour = 3_600_000;
/** Bars whose close rises and falls by `size` of each bar by turns. */
const bars = (sizes: readonly number[]): Bars => {
  let log = 0;
  const close = Float64Array.from(sizes, (size, t) => {
    log += t === 0 ? 0 : size * (t % 2 === 0 ? 1 : -1);
    return Math.exp(log);
  });
  const openTime = Float64Array.from(sizes, (_, t) => t * hour);
  return { symbol: "X", stepMs: hour, openTime, open: close, high: close, low: close, close, volume: close };
};
const closeOf = (t: number) => (t + 1) * hour;
const options = { past: 4, horizon: 2, notional: 0.01 };

test("pays nothing where the variance stays, and three units where volatility doubles", () => {
  const sizes = Array.from({ length: 20 }, (_, t) => (t > 9 ? 0.02 : 0.01));
  const [before, at] = varianceContract([bars(sizes)], { ...options, time: [closeOf(6), closeOf(9)] });
  expect(before).toBeCloseTo(0, 12);
  expect(at).toBeCloseTo(0.03, 12); // (4 − 1) · 0.01
});

test("is of the assets together: what offsets has no variance to pay on", () => {
  const plain = Array.from({ length: 20 }, () => 0.01);
  const louder = plain.map((size, t) => (t > 9 ? 3 * size : size));
  const against = louder.map((size) => -size / 3);
  const [pays] = varianceContract([bars(louder), bars(against)], {
    ...options,
    past: 2,
    time: [closeOf(11)],
  });
  expect(pays).toBeCloseTo(0, 12);
});

test("bars after the contract's end do not move it, and a time too near to an end is refused", () => {
  const sizes = Array.from({ length: 20 }, (_, t) => 0.01 + 0.001 * t);
  const changed = sizes.map((size, t) => (t > 11 ? 1 : size));
  const of = (own: readonly number[]) => varianceContract([bars(own)], { ...options, time: [closeOf(9)] })[0];
  expect(of(changed)).toBe(of(sizes));
  for (const t of [3, 18])
    expect(() => varianceContract([bars(sizes)], { ...options, time: [closeOf(t)] })).toThrow("time[0]");
});
