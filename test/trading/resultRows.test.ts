import { beforeAll, expect, test } from "vitest";
import { core, market, trading } from "../../lib/index.js";

const hours = 600;
let of: market.Market;
let rules: Record<"hold" | "swing" | "nothing", core.Panel>;
let results: trading.RuleResult[];

beforeAll(async () => {
  of = await market.open({ folder: "simulated", symbols: ["BTCUSDT"], bars: hours });
  const time = of.bars[0]!.openTime.map((open) => open + of.stepMs);
  const panel = (weightOf: (t: number) => number) => ({
    ...{ time, names: ["BTCUSDT"] },
    values: Float64Array.from({ length: hours }, (_, t) => weightOf(t)),
  });
  rules = { hold: panel(() => 0.5), swing: panel((t) => (t % 9 < 4 ? 1 : -1)), nothing: panel(() => 0) };
  results = trading.compareRules(rules, of, trading.BYBIT_COSTS);
});

test("a row tells size, the expected gain in per cent a year, and that gain for each unit of weight", () => {
  const means = new Float64Array(hours).fill(1e-5);
  const rows = trading.resultRows(results, means);
  expect(rows.map(({ rule }) => rule)).toEqual(["hold", "swing", "nothing"]);
  expect(rows[0]!["known gain"]).toBeCloseTo(100 * 0.5 * 1e-5 * core.barsPerYear(of.stepMs), 9);
  expect(rows[0]!["gain per unit"]).toBeCloseTo(2 * rows[0]!["known gain"], 9);
  expect(rows[2]!["gain per unit"]).toBeNaN();
  expect(rows[1]!["Sharpe after"]).toBeLessThan(rows[1]!["Sharpe before"]);
  expect(trading.resultRows(results)[0]!["known gain"]).toBeNaN();
});

test("the difference of two annual Sharpe ratios lies inside its interval, which changes sign with the order", () => {
  const options = { key: core.key(3), replicates: 400, meanBlock: 24 };
  const [hold, swing, nothing] = results.map(({ ledger }) => ledger);
  const one = trading.significance.annualSharpeDifference(hold!, swing!, options)!;
  const back = trading.significance.annualSharpeDifference(swing!, hold!, options)!;
  const ratio = (n: number) => results[n]!.after.sharpe;
  expect(one.estimate).toBeCloseTo(ratio(0) - ratio(1), 6);
  expect(back.lower).toBeCloseTo(-one.upper, 6);
  expect(one.lower).toBeLessThan(one.estimate);
  expect(one.upper).toBeGreaterThan(one.estimate);
  const narrow = trading.significance.annualSharpeDifference(hold!, swing!, { ...options, level: 0.5 })!;
  expect(narrow.upper - narrow.lower).toBeLessThan(one.upper - one.lower);
  expect(trading.significance.annualSharpeDifference(hold!, nothing!, options)).toBeUndefined();
});

test("mean sizes are counted group by group, and an empty group has none", () => {
  const groups = {
    long: (n: number) => n % 9 < 4,
    all: () => true,
    none: () => false,
  };
  const rows = trading.meanSizes({ hold: rules.hold, swing: rules.swing }, groups);
  expect(rows[0]).toEqual({ group: "long", hours: 268, hold: 0.5, swing: 1 });
  expect(rows[1]!.hours).toBe(hours);
  expect(rows[2]).toEqual({ group: "none", hours: 0, hold: Number.NaN, swing: Number.NaN });
  expect(() => trading.meanSizes({ a: rules.hold, b: { values: new Float64Array(2) } }, groups)).toThrow("b");
});
