import fc from "fast-check";
import { expect, test } from "vitest";
import type { OrderBook, TakerTrade } from "../../../lib/market/bybit/public.js";
import { flowBars, type HeardFlow } from "../../../lib/market/flow/flowBars.js";
import { flowMeter } from "../../../lib/market/flow/flowMeter.js";
import { HOUR, START, walk } from "../loopbackFixtures.js";

const NAN = Number.NaN;
const trade = (minute: number, size: number, side: "buy" | "sell", price = 100): TakerTrade => ({
  ...{ id: `${minute}`, time: START + minute * 60_000, price, size, side },
});
const book = (minute: number, bid: number, size = 1): OrderBook => ({
  ...{ symbol: "BTCUSDT", time: START + minute * 60_000 },
  bids: Array.from({ length: 7 }, (_, i) => [bid - i, size * (i + 1)] as const),
  asks: Array.from({ length: 7 }, (_, i) => [bid + 1 + i, 2 * size] as const),
});
const candle = (hour: number, volume: number) => ({
  ...{ time: START + hour * HOUR, open: 100, high: 101, low: 99, close: 100, volume },
});

test("sums of the takers, the last quotes before the close and five levels, by hand (VI-61, VI-62)", () => {
  const meter = flowMeter({ stepMs: HOUR });
  meter.trade(trade(0, 2, "buy"));
  meter.trade(trade(59.9, 1, "sell"));
  meter.trade(trade(60, 5, "sell"));
  meter.book(book(10, 90));
  meter.book(book(59, 95, 2));
  meter.book(book(60, 99));
  expect(meter.take(candle(0, 3))).toEqual({
    ...{ buyVolume: 2, sellVolume: 1, bid: 95, ask: 96, bidSize: 2, askSize: 4 },
    ...{ bidDepth: 2 * (1 + 2 + 3 + 4 + 5), askDepth: 4 * 5 },
  });
  expect(meter.take(candle(1, 5))).toMatchObject({ buyVolume: 0, sellVolume: 5, bid: 99, ask: 100 });
  expect(meter.take(candle(2, 0))).toMatchObject({ buyVolume: 0, sellVolume: 0, bid: 99 }); // the book stands
});

test("a part of the tape does not pass for the whole", () => {
  const meter = flowMeter({ stepMs: HOUR });
  meter.trade(trade(30, 2, "buy")); // begun within the bar
  expect(meter.isWaiting(candle(0, 2.01))).toBe(false);
  expect(meter.isWaiting(candle(0, 3))).toBe(true);
  expect(meter.take(candle(0, 3))).toMatchObject({ buyVolume: NAN, sellVolume: NAN, bid: NAN });
  meter.trade(trade(59, 1, "sell")); // too late
  meter.trade(trade(61, 1, "sell"));
  expect(meter.take(candle(1, 1))).toMatchObject({ buyVolume: 0, sellVolume: 1 });
});

test("nothing is waited for of a candle that closed before anything was heard", () => {
  const meter = flowMeter({ stepMs: HOUR });
  expect(meter.isWaiting(candle(0, 3))).toBe(false);
  meter.book(book(60, 99));
  expect(meter.isWaiting(candle(0, 3))).toBe(false);
  expect(meter.isWaiting(candle(1, 3))).toBe(true);
});

test("a book that was lost is unknown until the next, and one with an empty side shows nothing", () => {
  const meter = flowMeter({ stepMs: HOUR });
  meter.book(book(10, 90));
  meter.lost();
  expect(meter.take(candle(0, 0)).bid).toBe(NAN);
  expect(meter.take(candle(1, 0)).bid).toBe(NAN);
  meter.book(book(130, 91));
  expect(meter.take(candle(2, 0)).bid).toBe(91);
  meter.book({ ...book(190, 92), asks: [] });
  expect(meter.take(candle(3, 0))).toMatchObject({ bid: NAN, ask: NAN, bidDepth: NAN });
});

test("contracts of an inverse market become units of the base asset", () => {
  const meter = flowMeter({ stepMs: HOUR, category: "inverse" });
  meter.trade(trade(1, 300, "buy", 100));
  meter.book(book(2, 50, 100));
  const { buyVolume, bidSize, bidDepth } = meter.take(candle(0, 3));
  expect([buyVolume, bidSize]).toEqual([3, 2]);
  expect(bidDepth).toBeCloseTo(100 / 50 + 200 / 49 + 300 / 48 + 400 / 47 + 500 / 46, 12);
});

const BARS = walk("BTCUSDT", 12);
const heard: fc.Arbitrary<HeardFlow> = fc.record({
  trades: fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 719 }), fc.double({ min: 0.01, max: 50, noNaN: true }), fc.boolean())
      .map(([minute, size, isBuy]) => trade(minute, size, isBuy ? "buy" : "sell")),
    { maxLength: 60 },
  ),
  books: fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 719 }), fc.integer({ min: 50, max: 90 }))
      .map(([minute, bid]) => book(minute, bid)),
    { maxLength: 40 },
  ),
});

/** The bars with the volume that the trades make up, so that each tape is whole. */
function barsOf({ trades }: HeardFlow) {
  const volume = BARS.openTime.map((open) =>
    trades.filter(({ time }) => time >= open && time < open + HOUR).reduce((sum, { size }) => sum + size, 0),
  );
  return { ...BARS, volume };
}

test("changing trades and books after a close changes no row up to it (VI-14, VI-61, VI-62)", () => {
  fc.assert(
    fc.property(heard, heard, fc.integer({ min: 1, max: 11 }), (one, other, bar) => {
      const close = START + bar * HOUR;
      const bars = barsOf(one);
      const poked: HeardFlow = {
        trades: [
          ...one.trades.filter(({ time }) => time < close),
          ...other.trades.filter(({ time }) => time >= close),
        ],
        books: [
          ...one.books.filter(({ time }) => time < close),
          ...other.books.filter(({ time }) => time >= close),
        ],
      };
      const [before, after] = [flowBars(bars, one).flow!, flowBars(bars, poked).flow!];
      for (const name of Object.keys(before) as (keyof typeof before)[])
        expect(after[name]!.slice(0, bar), name).toEqual(before[name]!.slice(0, bar));
    }),
  );
});

test("the order in which trades come changes nothing", () => {
  fc.assert(
    fc.property(heard, fc.infiniteStream(fc.nat()), (one, keys) => {
      const bars = barsOf(one);
      const trades = one.trades
        .map((entry) => [keys.next().value, entry] as const)
        .sort(([a], [b]) => a - b)
        .map(([, entry]) => entry);
      expect(flowBars(bars, { ...one, trades }).flow).toEqual(flowBars(bars, one).flow);
    }),
  );
});
