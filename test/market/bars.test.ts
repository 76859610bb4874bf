import { expect, test } from "vitest";
import type { Bars } from "../../lib/core/types.js";
import { alignBars, checkBars, coarserBars, gaps, sliceBars } from "../../lib/market/bars.js";

const HOUR = 3_600_000;

/** Bars at the given hours, flat but for a close that names the hour. */
function barsAt(symbol: string, hours: readonly number[]): Bars {
  const column = (value: (hour: number) => number) => Float64Array.from(hours, value);
  return {
    symbol,
    stepMs: HOUR,
    openTime: column((h) => h * HOUR),
    open: column(() => 100),
    high: column((h) => 200 + h),
    low: column(() => 90),
    close: column((h) => 100 + h),
    volume: column(() => 5),
  };
}

const poke = (name: keyof Omit<Bars, "symbol" | "stepMs" | "flow">, t: number, value: number): Bars => {
  const bars = barsAt("AAA", [0, 1, 2, 3]);
  bars[name][t] = value;
  return bars;
};

test("sound bars pass, also with a hole", () => {
  expect(() => checkBars(barsAt("AAA", [0, 1, 2]))).not.toThrow();
  expect(() => checkBars(barsAt("AAA", [0, 1, 5]))).not.toThrow();
});

test.each([
  [poke("close", 2, Number.NaN), "AAA, bar 2: expected a positive close, got NaN"],
  [poke("open", 1, -1), "AAA, bar 1: expected a positive open, got -1"],
  [poke("high", 3, 101), "AAA, bar 3: expected a high of at least 103, got 101"],
  [poke("low", 0, 100.5), "AAA, bar 0: expected a low of at most 100, got 100.5"],
  [poke("volume", 0, -2), "AAA, bar 0: expected a volume of at least 0, got -2"],
  [poke("openTime", 2, HOUR), "AAA, bar 2: expected a time after 3600000, got 3600000"],
  [poke("openTime", 3, 2.5 * HOUR), "AAA, bar 3: expected a whole number of steps of 3600000 ms"],
  [barsAt("AAA", []), "AAA: expected at least one bar, got none"],
  [{ ...barsAt("AAA", [0, 1]), low: new Float64Array(1) }, "AAA: low: expected 2 values, got 1"],
])("unsound bars are refused with the place and what came (%#)", (bars, message) => {
  expect(() => checkBars(bars)).toThrow(message);
});

test("gaps lists each hole with its size", () => {
  expect(gaps(barsAt("AAA", [0, 1, 4, 5, 7]))).toEqual([
    { after: HOUR, before: 4 * HOUR, missing: 2 },
    { after: 5 * HOUR, before: 7 * HOUR, missing: 1 },
  ]);
  expect(gaps(barsAt("AAA", [3, 4, 5]))).toEqual([]);
});

test("aligning keeps the times that all have and reports what went", () => {
  const { bars, report } = alignBars([barsAt("AAA", [0, 1, 2, 3, 4, 5]), barsAt("BBB", [1, 2, 4, 5, 6])]);
  for (const b of bars) expect(Array.from(b.close)).toEqual([101, 102, 104, 105]);
  for (const b of bars) expect(() => checkBars(b)).not.toThrow();
  expect(report).toEqual([
    { symbol: "AAA", kept: 4, early: 1, late: 0, inside: 1 },
    { symbol: "BBB", kept: 4, early: 0, late: 1, inside: 0 },
  ]);
});

test("nothing in common, or different steps, is an error", () => {
  expect(() => alignBars([barsAt("AAA", [0, 1]), barsAt("BBB", [2, 3])])).toThrow(
    "expected a common time of AAA, BBB, got none",
  );
  expect(() => alignBars([barsAt("AAA", [0]), { ...barsAt("BBB", [0]), stepMs: 60_000 }])).toThrow("BBB");
  expect(() => alignBars([])).toThrow("expected at least one symbol");
});

test("a slice is a copy", () => {
  const bars = barsAt("AAA", [0, 1, 2, 3]);
  const slice = sliceBars(bars, 1, 3);
  slice.close[0] = 1;
  expect(Array.from(bars.close)).toEqual([100, 101, 102, 103]);
  expect(Array.from(sliceBars(bars, -2).openTime)).toEqual([2 * HOUR, 3 * HOUR]);
  expect(() => sliceBars(bars, 4)).toThrow("got none");
});

test("a coarser bar holds first open, highest high, lowest low, last close and the whole volume", () => {
  const { openTime, open, high, low, close, volume, stepMs } = coarserBars(barsAt("AAA", [0, 1, 2, 3, 4]), 2);
  expect(stepMs).toBe(2 * HOUR);
  expect(Array.from(openTime, (time) => time / HOUR)).toEqual([0, 2]); // hour 4 has no partner
  expect([open, high, low, close, volume].map((x) => Array.from(x))).toEqual([
    ...[
      [100, 100],
      [201, 203],
      [90, 90],
    ],
    ...[
      [101, 103],
      [10, 10],
    ],
  ]);
});

test("a coarser bar of which an hour is missing is left out, and the grid goes on behind the gap", () => {
  const { openTime } = coarserBars(barsAt("AAA", [0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14]), 3);
  expect(Array.from(openTime, (time) => time / HOUR)).toEqual([0, 9, 12]); // 3 and 4 lack 5
  expect(() => coarserBars(barsAt("AAA", [0, 1]), 3)).toThrow(/AAA: expected 3 bars in a row/);
});
