import { expect, test } from "vitest";
import { fold, key, mean } from "../../../lib/core/index.js";
import { simulate } from "../../../lib/market/simulate/index.js";
import {
  averagesOfParts,
  compareWalks,
  type Decide,
  differencesFromFirst,
  differencesOfPairs,
  equalWeights,
  overParts,
  ruleOf,
  walkForward,
} from "../../../lib/portfolio/index.js";
import { BYBIT_COSTS, summarise } from "../../../lib/trading/index.js";

const root = key("parts");
const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const open = (n: number) => simulate({ symbols, bars: 400, key: fold(root, n) });
const walk = { lookBack: 100, every: 50, costs: BYBIT_COSTS };
/** All in the asset that rose most in the window. */
const luckiest: Decide = (window) => {
  const gains = [0, 1, 2].map((a) => mean(window.getColumn(a)) / deviation(window.getColumn(a)));
  return [0, 1, 2].map((a) => (a === gains.indexOf(Math.max(...gains)) ? 1 : 0));
};
const deviation = (x: readonly number[]) => Math.sqrt(mean(x.map((value) => (value - mean(x)) ** 2)));
const rules = { equal: (r: { columns: number }) => equalWeights(r.columns), luckiest, again: luckiest };
const results = overParts(rules, { parts: 6, open, ...walk });

test("a rule walked together with others has the ledger that it has alone", () => {
  const { bars } = open(2);
  const alone = summarise(walkForward(bars, { decide: luckiest, ...walk }));
  expect(results[1]!.sharpe[2]).toBe(alone.sharpe);
  expect(results[1]!.turnover[2]).toBe(alone.annualTurnover);
});

test("the best asset of a window is better there than equal weights in every part, and what is picked is not known to last", () => {
  const [equal, best] = results;
  best!.windowSharpe.forEach((value, n) => {
    expect(value).toBeGreaterThan(equal!.windowSharpe[n]!);
  });
});

test("a window's Sharpe ratio is annual: mean over deviation of the window, by the root of the bars of a year", () => {
  const seen: number[] = [];
  const hold: Decide = (window) => {
    const column = window.getColumn(0);
    const spread = Math.sqrt(column.reduce((s, v) => s + (v - mean(column)) ** 2, 0) / (column.length - 1));
    seen.push((Math.sqrt(8766) * mean(column)) / spread);
    return [1, 0, 0];
  };
  const [held] = overParts({ hold }, { parts: 1, open, ...walk });
  expect(held!.windowSharpe[0]! / mean(seen)).toBeCloseTo(1, 3);
});

test("two rules that decide alike differ by nothing, and a pair turned round changes its sign", () => {
  const pairs = [
    ["luckiest", "again"] as const,
    ["luckiest", "equal"] as const,
    ["equal", "luckiest"] as const,
  ];
  const found = differencesOfPairs(results, pairs, "sharpe");
  expect(found["luckiest less again"]).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
  expect(found["luckiest less equal"]!.estimate).toBe(-found["equal less luckiest"]!.estimate);
  const [first] = differencesFromFirst(results, "sharpe");
  expect(found["luckiest less equal"]!.estimate).toBe(first!.difference);
  expect(found["luckiest less equal"]!.upper).toBe(first!.upper);
});

test("rules compared over one market have the results that each has alone, with 1.96 standard errors to either side", () => {
  const { bars } = open(1);
  const [, row] = compareWalks(rules, bars, walk);
  const alone = summarise(walkForward(bars, { decide: luckiest, ...walk }));
  expect(row!.rule).toBe("luckiest");
  expect(row!.sharpe).toBe(alone.sharpe);
  expect(row!.half).toBeCloseTo(1.96 * alone.sharpeError, 12);
  expect(row!.costs).toBeCloseTo(100 * (alone.fees + alone.spread), 12);
});

test("averages have a row for each rule, the first included", () => {
  const rows = averagesOfParts(results);
  expect(rows.map(({ rule }) => rule)).toEqual(["equal", "luckiest", "again"]);
  expect(rows[0]!.afterCosts).toBeCloseTo(mean(results[0]!.sharpe), 14);
  expect(rows[1]!.inWindow).toBeCloseTo(mean(results[1]!.windowSharpe), 14);
});

test("a rule that is not there is named", () => {
  expect(() => ruleOf(results, "none")).toThrow("rule: expected one of equal, luckiest, again, got none");
});
