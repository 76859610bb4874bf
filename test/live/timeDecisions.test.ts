/** Decisions timed by clocks that are known. */
import { expect, test } from "vitest";
import { key } from "../../lib/core/index.js";
import { dataset } from "../../lib/features/windows/dataset.js";
import { BNN_BUDGET } from "../../lib/live/latency.js";
import { clockedRows, timeDecisions, withinBudget } from "../../lib/live/timeDecisions.js";
import { candlesOnly } from "../../lib/market/candlesOnly.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { bnn, train } from "../../lib/models/study/index.js";

test("a clock that goes on by one at each look reads one for each part of a stage, and each clock has its own run", async () => {
  const root = key("timed decisions");
  const bars = candlesOnly(simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 300, key: root }).bars);
  const data = dataset(bars, { length: 5, horizon: 2 });
  const fit = await train(bnn({ data, hidden: [4] }), data, { epochs: 1, key: root });
  const ticking = (by: number) => {
    let now = 0;
    return () => {
      now += by;
      return now;
    };
  };
  const rules = { position: { kind: "fixed", weight: 0.1 }, maxWeight: 1 } as const;
  const clocks = { slow: ticking(1), fast: ticking(3) };
  const times = timeDecisions(fit, bars, { clocks, rules, draws: 3, key: root });
  expect(times.slow.length).toBeGreaterThan(200);
  expect(times.fast).toHaveLength(times.slow.length);
  // a window is moved, and taken
  const once = { collect: 1, features: 1, window: 2, screen: 1, draws: 1, aggregate: 1, signal: 1, size: 1 };
  for (const reading of times.slow) expect(reading).toEqual(once);
  expect(times.fast[0]).toMatchObject({ window: 6, draws: 3 });
});

const slow = [
  { collect: 1, draws: 40 },
  { collect: 3, draws: 80 },
];
const quick = [
  { collect: 1, draws: 20 },
  { collect: 1, draws: 30 },
];

test("a decision that takes the budget to the millisecond is within it", () => {
  expect(withinBudget(slow, 41)).toBe(50);
  expect(withinBudget(slow, 40.9)).toBe(0);
  expect(withinBudget(slow, 83)).toBe(100);
  expect(() => withinBudget([], 1)).toThrow(/readings/);
});

test("each part of a budget has the median of both clocks, and the tail of the elapsed one", () => {
  const rows = clockedRows({ processor: quick, elapsed: slow }, BNN_BUDGET);
  expect(rows[0]).toMatchObject({ stage: "data collection", budget: 10, processor: 1, elapsed: 2 });
  expect(rows[2]).toMatchObject({ stage: "100 forward passes", processor: 25, elapsed: 60 });
  expect(rows[2]!["99 %"]).toBeCloseTo(40 + 0.99 * 40, 12);
  expect(rows.at(-1)).toMatchObject({ stage: "in all", budget: 72, processor: 26, elapsed: 62 });
});
