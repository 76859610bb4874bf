/** Bars of arrays, records and frames: the same bars, whatever holds them and in whatever unit their times are. */
import { expect, test } from "vitest";
import { barsFrom } from "../../lib/market/barsFrom.js";
import { barsFrame } from "../../lib/market/frame.js";

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const close = [100, 101, 99, 102];
const columns = {
  time: close.map((_, t) => START + t * HOUR),
  open: close,
  high: close.map((c) => c + 1),
  low: close.map((c) => c - 1),
  close,
  volume: [5, 6, 7, 8],
};
const bars = barsFrom("BTCUSDT", columns);

test("arrays are bars, records are, and a frame of danfo is", async () => {
  expect(bars.stepMs).toBe(HOUR);
  expect([...bars.close]).toEqual(close);
  const records = close.map((_, t) => ({
    ...{ time: columns.time[t]!, open: columns.open[t]!, high: columns.high[t]! },
    ...{ low: columns.low[t]!, close: columns.close[t]!, volume: columns.volume[t]! },
  }));
  expect(barsFrom("BTCUSDT", records)).toEqual(bars);
  expect(barsFrom("BTCUSDT", records.reverse())).toEqual(bars);
  expect(barsFrom("BTCUSDT", await barsFrame(bars))).toEqual(bars);
});

const units: readonly (readonly [string, (ms: number) => number | string | Date])[] = [
  ["seconds", (ms: number) => ms / 1e3],
  ["microseconds", (ms: number) => ms * 1e3],
  ["dates", (ms: number) => new Date(ms)],
  ["ISO text", (ms: number) => new Date(ms).toISOString()],
  [
    "text without a zone, which is UTC",
    (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " "),
  ],
];

test.each(units)("times in %s are the same bars", (_, of) => {
  expect(barsFrom("BTCUSDT", { ...columns, time: columns.time.map(of) })).toEqual(bars);
});

test("a missing hour is a hole", () => {
  const without = (values: readonly number[]) => values.filter((_, t) => t !== 2);
  const holed = barsFrom("BTCUSDT", {
    ...{ time: without(columns.time), open: without(columns.open), high: without(columns.high) },
    ...{ low: without(columns.low), close: without(columns.close), volume: without(columns.volume) },
  });
  expect([...holed.close]).toEqual([100, 101, Number.NaN, 102]);
});

test("what cannot be bars is refused by symbol, column and row", () => {
  expect(() => barsFrom("X", { ...columns, high: [1] })).toThrow(
    "X: expected 4 values of high as of time, got 1",
  );
  const { volume: _, ...rest } = columns;
  expect(() => barsFrom("X", rest as typeof columns)).toThrow(
    "volume is not among time, open, high, low, close",
  );
  expect(() => barsFrom("X", { ...columns, time: [columns.time[0]!, columns.time[1]! * 1e3, 1, 2] })).toThrow(
    "X, row 1: expected a time from 2009 to 2100 in the unit of the first row (milliseconds)",
  );
  expect(() => barsFrom("X", { ...columns, time: [1, 2, 3, 4] })).toThrow("X, row 0");
});
