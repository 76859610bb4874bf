/** Files of candles: exact to the bit, and no damage goes unseen. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bars } from "../../lib/core/types.js";
import { columnsOf } from "../../lib/market/store/columns.js";
import { decodeBars, encodeBars, fileFault } from "../../lib/market/store/parquet.js";
import type { Series } from "../../lib/market/store/series.js";
import { HOUR, makeBars } from "./storeFixtures.js";

const series: Series = { category: "linear", symbol: "BTCUSDT", interval: "60" };

function bits(bars: Bars): Record<string, BigUint64Array> {
  return Object.fromEntries(
    Object.entries(columnsOf(bars)).map(([name, column]) => [
      name,
      new BigUint64Array(column.slice().buffer),
    ]),
  );
}

const price = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true });
const volume = fc.oneof(fc.constant(-0), fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }));
const candle = fc.tuple(price, price, price, price, volume, fc.integer({ min: 1, max: 50 }));
const anyBars = fc
  .record({ rows: fc.array(candle, { minLength: 1, maxLength: 60 }), flow: fc.boolean() })
  .map(barsFrom);

function barsFrom({
  rows,
  flow,
}: {
  rows: [number, number, number, number, number, number][];
  flow: boolean;
}): Bars {
  const column = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value);
  let time = 1_600_000_000_000 - (1_600_000_000_000 % HOUR);
  const [a, b] = [column((row) => row[0]), column((row) => row[4])];
  const bars: Bars = {
    symbol: "BTCUSDT",
    stepMs: HOUR,
    openTime: column((row) => (time += row[5] * HOUR)),
    open: column((row) => row[0]),
    high: column((row) => Math.max(row[0], row[1], row[2], row[3])),
    low: column((row) => Math.min(row[0], row[1], row[2], row[3])),
    close: column((row) => row[3]),
    volume: b,
  };
  if (flow) bars.flow = { buyVolume: b, sellVolume: a, bid: a, ask: b, bidSize: a, askSize: b };
  return bars;
}

test("any sound candles come back to the bit, −0 and subnormal numbers too", async () => {
  await fc.assert(
    fc.asyncProperty(anyBars, async (bars) => {
      const bytes = await encodeBars(bars, series);
      expect(fileFault(bytes)).toBeUndefined();
      const read = await decodeBars(bytes, series, "file");
      expect(bits(read)).toEqual(bits(bars));
      expect([read.symbol, read.stepMs]).toEqual(["BTCUSDT", HOUR]);
    }),
    { numRuns: 100, seed: 2026 },
  );
});

test("candles of several row groups come back in order", async () => {
  const bars = makeBars({ from: 0, count: 250_001 });
  const bytes = await encodeBars(bars, series);
  const read = await decodeBars(bytes, series, "file");
  expect(Buffer.compare(Buffer.from(read.openTime.buffer), Buffer.from(bars.openTime.buffer))).toBe(0);
  expect(Buffer.compare(Buffer.from(read.close.buffer), Buffer.from(bars.close.buffer))).toBe(0);
});

test("every file cut short is seen", async () => {
  const bytes = await encodeBars(makeBars({ from: 0, count: 48 }), series);
  for (let length = 0; length < bytes.length; length++) {
    expect(fileFault(bytes.subarray(0, length)), `cut to ${length} bytes`).toMatch(/truncated|empty|damaged/);
  }
});

test("every flipped bit of a file is seen", async () => {
  const bytes = await encodeBars(makeBars({ from: 0, count: 24 }), series);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    if (fileFault(bytes) === undefined) expect.fail(`bit ${bit} of ${bytes.length * 8} was flipped unseen`);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
  }
  expect(fileFault(bytes)).toBeUndefined();
});

test("a file of another series is refused by name", async () => {
  const bytes = await encodeBars(makeBars({ from: 0, count: 24 }), series);
  await expect(decodeBars(bytes, { ...series, symbol: "ETHUSDT" }, "2024-01.parquet")).rejects.toThrow(
    "2024-01.parquet: expected ETHUSDT 60 (linear), got BTCUSDT 60 (linear)",
  );
});

test("candles that are not sound are not written", async () => {
  const bars = makeBars({ from: 0, count: 24 });
  bars.close[7] = Number.NaN;
  await expect(encodeBars(bars, series)).rejects.toThrow(
    "BTCUSDT, bar 7: expected a positive close, got NaN",
  );
});
