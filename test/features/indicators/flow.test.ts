import fc from "fast-check";
import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { sum } from "../../../lib/core/stats.js";
import type { FeatureSpec } from "../../../lib/features/engine/featureSpec.js";
import { features } from "../../../lib/features/engine/featureStream.js";
import * as flow from "../../../lib/features/indicators/flow.js";
import { volumeRatio, vwap } from "../../../lib/features/indicators/volume.js";
import { volumeProfile, volumeProfileOf } from "../../../lib/features/indicators/volumeProfile.js";
import { column } from "../../../lib/features/panel.js";
import { barsOfCloses, randomBars } from "../support/randomBars.js";

const NAN = Number.NaN;
const HOUR = 3_600_000;
const closes = [10, 20, 30, 40];
const tape = {
  ...barsOfCloses(closes),
  volume: Float64Array.of(4, 0, 2, 6),
  flow: {
    buyVolume: Float64Array.of(3, 0, 2, 0),
    sellVolume: Float64Array.of(1, 0, 0, 6),
    bid: Float64Array.of(99, 99, 100, 0),
    ask: Float64Array.of(101, 99, 100, 0),
    bidSize: Float64Array.of(3, 0, 1, 1),
    askSize: Float64Array.of(1, 0, 1, 0),
  },
};

function of(spec: FeatureSpec): number[] {
  return Array.from(column(features(tape, [spec]), spec.names[0]!));
}

// VI-59, VI-62
test("takers' volumes by hand", () => {
  expect(of(flow.buySellRatio(1))).toEqual([3, NAN, NAN, 0]);
  expect(of(flow.buySellRatio(3))).toEqual([NAN, NAN, 5, 2 / 6]);
  expect(of(flow.tradeImbalance(1))).toEqual([0.5, 0, 1, -1]);
  expect(of(flow.tradeImbalance(2))).toEqual([NAN, 0.5, 1, -0.5]);
  expect(of(flow.signedVolume(2))).toEqual([NAN, 2, 2, -4]);
});

// VI-61, BN-15, BN-16
test("quotes by hand", () => {
  expect(of(flow.bookImbalance())).toEqual([0.5, 0, 0, 1]);
  expect(of(flow.spread())).toEqual([200, 0, 0, NAN]);
  expect(of(flow.depth())).toEqual([99 * 3 + 101, 0, 200, 0]);
});

// BN-14
test("the volume ratio by hand, undefined where nothing was traded", () => {
  expect(of(volumeRatio(2))).toEqual([NAN, 0, 2, 1.5]);
  expect(of(volumeRatio(1))).toEqual([1, NAN, 1, 1]);
});

// VI-60
test("volume-weighted prices by hand: of the window, of the UTC day, since the start", () => {
  expect(of(vwap(2))).toEqual([NAN, 10, 30, 37.5]);
  expect(of(vwap(1))).toEqual([10, NAN, 30, 40]);
  const start = of(vwap("start"));
  expect(start.slice(0, 2)).toEqual([10, 10]);
  expect(start[2]).toBeCloseTo(100 / 6, 12);
  expect(start[3]).toBeCloseTo(340 / 12, 12);
  const late = { ...tape, openTime: tape.openTime.map((time) => time + 22 * HOUR) };
  const panel = features(late, [vwap("day")]);
  expect(Array.from(column(panel, "vwapDay"))).toEqual([10, 10, 30, 37.5]);
  expect(Array.from(column(panel, "vwapDeviationDay"))).toEqual([0, 1, 0, 40 / 37.5 - 1]);
});

// VI-58
test("a volume profile by hand: the value area grows towards the larger neighbour", () => {
  const price = [1, 2, 2, 3, 4, 5];
  const profile = volumeProfileOf(price, [1, 3, 2, 4, 1, 1], { bins: 4, share: 0.7 });
  expect(Array.from(profile.volume)).toEqual([1, 5, 4, 2]); // [1, 2), [2, 3), [3, 4), [4, 5]
  expect([profile.pointOfControl, profile.valueFrom, profile.valueTo]).toEqual([1, 1, 2]);
  const whole = volumeProfileOf(price, [1, 3, 2, 4, 1, 1], { bins: 4, share: 1 });
  expect([whole.valueFrom, whole.valueTo]).toEqual([0, 3]);
});

// VI-58
test("the profile's features read the last window only", () => {
  const bars = { ...barsOfCloses([900, 1, 2, 3, 4, 5]), volume: Float64Array.of(9, 1, 5, 4, 1, 1) };
  const panel = features(bars, [volumeProfile({ window: 5, bins: 4, share: 0.7 })]);
  const last = (name: string) => column(panel, name)[5];
  expect(last("profileDeviation5")).toBeCloseTo(5 / 2.5 - 1, 12);
  expect(last("profilePosition5")).toBeCloseTo((5 - 2) / (4 - 2), 12);
  expect(last("profileShare5")).toBeCloseTo(0.5, 12);
  const quiet = features({ ...bars, volume: new Float64Array(6) }, [
    volumeProfile({ window: 5, bins: 4, share: 0.7 }),
  ]);
  expect(quiet.values.every(Number.isNaN)).toBe(true);
});

test("a value area holds its share of the volume and the point of control, and cannot spare both its ends", () => {
  const bars = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(bars, fc.integer({ min: 2, max: 12 }), (rows, bins) => {
      const volume = rows.map(([, v]) => v);
      const profile = volumeProfileOf(
        rows.map(([price]) => price),
        volume,
        { bins, share: 0.7 },
      );
      const { valueFrom, valueTo, pointOfControl } = profile;
      expect(sum(profile.volume)).toBe(sum(volume));
      expect(profile.volume[pointOfControl]).toBe(Math.max(...profile.volume));
      const held = sum(profile.volume.slice(valueFrom, valueTo + 1));
      expect(held).toBeGreaterThanOrEqual(0.7 * sum(volume));
      const ends = profile.volume[valueFrom]! + (valueTo > valueFrom ? profile.volume[valueTo]! : 0);
      if (held > 0 && valueTo > valueFrom) expect(held - ends).toBeLessThan(0.7 * sum(volume));
      expect(valueFrom <= pointOfControl && pointOfControl <= valueTo).toBe(true);
    }),
  );
});

test("imbalances stay within −1 and 1, and the price of the window between its extremes", () => {
  const bars = randomBars(key("flow"), 500, { calm: true });
  const specs = [flow.tradeImbalance(1), flow.tradeImbalance(20), flow.bookImbalance(), vwap(10)];
  const panel = features(bars, specs);
  for (const spec of specs.slice(0, 3)) {
    const found = column(panel, spec.names[0]!).filter(Number.isFinite);
    expect(found.every((x) => Math.abs(x) <= 1)).toBe(true);
  }
  column(panel, "vwap10").forEach((price, t) => {
    if (Number.isNaN(price)) return;
    const [low, high] = [bars.low, bars.high].map((x) => x.slice(Math.max(0, t - 9), t + 1));
    expect(price).toBeGreaterThanOrEqual(Math.min(...low!));
    expect(price).toBeLessThanOrEqual(Math.max(...high!));
  });
});
