/** What happens in a hole of the bars changes nothing that is measured on them. */
import { expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import type { Bars } from "../../lib/core/types.js";
import { dayFacts, jointFacts } from "../../lib/features/facts/jointFacts.js";
import { factsOverWindows } from "../../lib/features/facts/rangesOfFacts.js";
import { weekFacts } from "../../lib/features/facts/weekFacts.js";
import { gaps, longestStretch, sliceBars } from "../../lib/market/bars.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

const hole = 2000;
const { bars } = simulate({ symbols: ["AAAUSDT", "BBBUSDT"], bars: 4000, key: key(3) });

/** 37 days missing before bar `hole`, in which every price went to `ratio` times what it was. */
const holed = (ratio: number): Bars[] =>
  bars.map((b) => {
    const after = (column: Float64Array, of: (v: number) => number) =>
      column.map((v, t) => (t < hole ? v : of(v)));
    const [open, high, low, close] = [b.open, b.high, b.low, b.close].map((p) => after(p, (v) => ratio * v));
    const openTime = after(b.openTime, (time) => time + 37 * 24 * b.stepMs);
    return { ...b, openTime, open: open!, high: high!, low: low!, close: close! };
  });

test.each([
  ["joint facts", (own: Bars[]) => jointFacts(own)],
  ["facts of the day", ([own]: Bars[]) => dayFacts(own!)],
  ["facts of the week", ([own]: Bars[]) => weekFacts(own!)],
  ["facts over windows", (own: Bars[]) => factsOverWindows(own, { length: 800, step: 100 })],
])("a price that trebles within a hole leaves the %s as they were", (_, facts) => {
  const flat = (of: Bars[]): number[] =>
    Object.values(facts(of)).flatMap((v: number | number[] | Float64Array) =>
      typeof v === "number" ? [v] : Array.from(v),
    );
  const [still, trebled] = [flat(holed(1)), flat(holed(3))];
  expect(still.length).toBeGreaterThan(0);
  trebled.forEach((value, i) => {
    if (Number.isNaN(still[i])) expect(value).toBeNaN();
    else expect(value).toBeCloseTo(still[i]!, 9);
  });
});

test("windows with a hole give no facts, and where each has one that is said", () => {
  const of = (length: number) => factsOverWindows(holed(1), { length, step: 100 }).annualVolatility.length;
  expect(of(800)).toBe(2 * 26); // starts 0 … 1200 and 2000 … 3200, of two symbols
  expect(() => of(2001)).toThrow(
    "AAAUSDT: expected a window of 2001 bars without a hole, each of 20 has one",
  );
});

test("the longest stretch has no hole, and is all there is where there is none", () => {
  expect(longestStretch(bars)).toEqual(bars);
  const later = holed(1).map((b) => sliceBars(b, 500));
  const stretch = longestStretch(later);
  expect(stretch.map((b) => b.openTime.length)).toEqual([2000, 2000]);
  expect(gaps(stretch[0]!)).toEqual([]);
  expect(stretch[1]!.close[0]).toBe(bars[1]!.close[hole]);
});
