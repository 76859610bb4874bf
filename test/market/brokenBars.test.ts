/** Broken feeds: damage in the raw candles. */
import { expect, test } from "vitest";
import { core, market } from "../../lib/index.js";
import { simulatedMarket } from "../support/simulatedMarket.js";

const [bars] = simulatedMarket({ symbols: ["BTCUSDT"], bars: 300 }).bars as [core.Bars];
const broken = (kind: market.simulate.BrokenFeed) =>
  market.simulate.brokenBars(bars, kind, { key: core.key("broken"), block: 60 });
const steps = ({ close }: core.Bars) =>
  Array.from(close, (price, t) => Math.log(price / (close[t - 1] ?? price)));

test("every broken feed is a possible set of bars of the same times", () => {
  for (const kind of ["frozen", "stopped", "shuffled", "other volume", "crash"] as const) {
    const own = broken(kind);
    market.checkBars(own);
    expect(own.openTime).toEqual(bars.openTime);
  }
});

test("a frozen feed moves by less than a basis point, a stopped one not at all; volume goes on", () => {
  expect(Math.max(...steps(broken("frozen")).map(Math.abs))).toBeLessThan(1.01e-4);
  expect(Math.max(...steps(broken("stopped")).map(Math.abs))).toBe(0);
  expect(broken("frozen").volume).toEqual(bars.volume);
});

test("shuffled hours keep each block's steps and change their order", () => {
  const [before, after] = [steps(bars), steps(broken("shuffled"))];
  const block = (values: number[]) => values.slice(60, 120);
  const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
  sorted(block(after)).forEach((step, i) => {
    expect(step).toBeCloseTo(sorted(block(before))[i]!, 12);
  });
  expect(block(after)).not.toEqual(block(before));
});

test("a crash takes 15 % in one hour of a block and leaves the other hours as they were", () => {
  const moved = steps(broken("crash")).map((step, t) => step - steps(bars)[t]!);
  expect(moved[30]).toBeCloseTo(Math.log(0.85), 12);
  expect(Math.max(...moved.filter((_, t) => t % 60 !== 30).map(Math.abs))).toBeLessThan(1e-12);
});

test("volume of another time leaves the prices as they were", () => {
  const own = broken("other volume");
  expect(own.close).toEqual(bars.close);
  expect(own.volume[0]).toBe(bars.volume[150]);
});
