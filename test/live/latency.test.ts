/** Latency against a budget. */
import { expect, test } from "vitest";
import { BNN_BUDGET, latencyRows, stageTimes, VAE_BUDGET } from "../../lib/live/latency.js";
import { STAGES } from "../../lib/live/types.js";

const readings = [
  { collect: 1, features: 2, draws: 10 },
  { collect: 2, features: 2, draws: 30 },
  { collect: 3, features: 2, draws: 20, order: 4 },
];

test("a stage that was not needed took no time", () => {
  expect([...stageTimes(readings, ["order"])]).toEqual([0, 0, 4]);
});

test("parts are sums over their stages, and the last row is all of them", () => {
  const rows = latencyRows(readings, [
    { name: "in", stages: ["collect", "features"], budgetMs: 5 },
    { name: "draws", stages: ["draws"], budgetMs: 7 },
  ]);
  expect(rows.map(({ stage, budget, median }) => [stage, budget, median])).toEqual([
    ["in", 5, 4],
    ["draws", 7, 20],
    ["in all", 12, 29],
  ]);
  expect(rows.at(-1)?.p99).toBeCloseTo(29 + 0.98 * 5, 9);
});

test.each([
  ["VAE", VAE_BUDGET, 28],
  ["Bayesian network", BNN_BUDGET, 72],
] as const)("the budget of the %s names each stage once and adds up", (_, budget, total) => {
  expect(budget.flatMap(({ stages }) => stages).sort()).toEqual([...STAGES].sort());
  expect(budget.reduce((all, { budgetMs }) => all + budgetMs, 0)).toBe(total);
});

test("no reading is no table", () => {
  expect(() => latencyRows([], BNN_BUDGET)).toThrow(/readings/);
});
