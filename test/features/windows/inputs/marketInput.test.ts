import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key } from "../../../../lib/core/random.js";
import type { Bars } from "../../../../lib/core/types.js";
import { emptyRow, readRow } from "../../../../lib/features/engine/featureStream.js";
import { column } from "../../../../lib/features/panel.js";
import { marketInput, marketInputStream } from "../../../../lib/features/windows/inputs/marketInput.js";
import { simulate } from "../../../../lib/market/simulate/simulate.js";
import { MINUTE, randomBars } from "../../support/randomBars.js";

const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 300, key: key("input") });
const btc = bars[0]!;
const { flow: _, ...candlesOnly } = btc;

// VI-14
test("candle, volume, indicators, profile and order flow stand in one row a bar", () => {
  const panel = marketInput(btc);
  expect(panel.names.length).toBe(14);
  expect(panel.names).toEqual(
    expect.arrayContaining([
      "return",
      "log volumeRatio20",
      "rsi14",
      "profilePosition60",
      "tradeImbalance20",
      "log spreadBps",
    ]),
  );
  expect(marketInput(candlesOnly).names).toEqual(panel.names.filter((n) => !/Imbalance|spread/.test(n)));
  const last = panel.values.subarray(-14);
  expect(last.every(Number.isFinite)).toBe(true);
  expect(column(panel, "return")[299]).toBeCloseTo(Math.log(btc.close[299]! / btc.close[298]!), 12);
  expect(column(panel, "high")[299]).toBeCloseTo(Math.log(btc.high[299]! / btc.close[299]!), 12);
});

test("prices in other units and volumes in other coins give the same rows", () => {
  const times = (by: number) => (values: Float64Array) => values.map((value) => value * by);
  const [price, coin] = [times(1000), times(7)];
  const other: Bars = {
    ...candlesOnly,
    ...{ open: price(btc.open), high: price(btc.high), low: price(btc.low), close: price(btc.close) },
    volume: coin(btc.volume),
  };
  const [a, b] = [marketInput(candlesOnly), marketInput(other)];
  a.values.forEach((value, i) => {
    if (Number.isFinite(value)) expect(b.values[i]).toBeCloseTo(value, 6);
    else expect(b.values[i]).toBeNaN();
  });
});

test("changing the bars after t leaves the rows up to t as they were", () => {
  const t = 200;
  const poke = (values: Float64Array) => values.map((value, i) => (i > t ? value * 1.5 : value));
  const poked: Bars = {
    ...btc,
    ...{ open: poke(btc.open), high: poke(btc.high), low: poke(btc.low), close: poke(btc.close) },
    volume: poke(btc.volume),
  };
  const [calm, wild] = [marketInput(candlesOnly), marketInput({ ...poked, flow: undefined as never })];
  const cut = (t + 1) * calm.names.length;
  expect(wild.values.subarray(0, cut)).toEqual(calm.values.subarray(0, cut));
  expect(wild.values.subarray(cut)).not.toEqual(calm.values.subarray(cut));
});

// VI-93
test("bar by bar is the batch to the bit, with flow and without, wherever bars are missing", () => {
  const cases = fc.record({
    seed: fc.integer(),
    flow: fc.boolean(),
    missing: fc.integer({ min: 1, max: 199 }),
    hole: fc.integer({ min: 0, max: 199 }),
  });
  fc.assert(
    fc.property(cases, ({ seed, flow, missing, hole }) => {
      const { flow: told, ...candles } = randomBars(fold(key("live input"), seed), 200);
      const times = candles.openTime.map((time, t) => (t < missing ? time : time + 3 * MINUTE));
      const close = candles.close.map((price, t) => (t === hole ? Number.NaN : price));
      const sound: Bars = { ...candles, openTime: times, close, ...(flow ? { flow: told } : {}) };
      const batch = marketInput(sound);
      const live = marketInputStream(MINUTE, { flow });
      expect(live.names).toEqual(batch.names);
      const row = emptyRow();
      for (let t = 0; t < 200; t++) {
        readRow(sound, t, row);
        const expected = batch.values.slice(t * live.names.length, (t + 1) * live.names.length);
        expect(live.preview(row)).toEqual(expected);
        expect(live.push(row)).toEqual(expected);
      }
    }),
    { numRuns: 30 },
  );
});

test("the first whole row comes after the warm-up, and again after a hole: no column reaches across it", () => {
  const { warmUp, names } = marketInputStream(btc.stepMs, { flow: true });
  const first = (values: Float64Array, from: number) =>
    Array.from({ length: 300 - from }, (_, i) => from + i).find((t) =>
      values.subarray(t * names.length, (t + 1) * names.length).every(Number.isFinite),
    );
  expect(first(marketInput(btc).values, 0)).toBe(warmUp);
  const late = { ...btc, openTime: btc.openTime.map((time, t) => (t < 120 ? time : time + btc.stepMs)) };
  expect(first(marketInput(late).values, 120)).toBe(120 + warmUp);
  expect(column(marketInput(late), "return")[120]).toBeNaN();
});
