/** Rules at one level. */
import { expect, test } from "vitest";
import { forecastOf, forecastRows, mean } from "../../lib/core/index.js";
import { atMeanWeight } from "../../lib/trading/decisions/atMeanWeight.js";
import { positionWeight } from "../../lib/trading/decisions/rules.js";

const forecast = forecastOf(
  { draws: 2, mean: [-1, 2, 1, 3], variance: [1, 4, 1, 4] },
  { asset: [0, 1], decidedAt: [0, 0] },
);
const rows = forecastRows(forecast);

test("the mean weight is the wanted one, and ratios stay", () => {
  const rule = atMeanWeight((row) => 1 / row.aleatoric, forecast, 0.15);
  const weights = rows.map((row) => positionWeight(row, rule));
  expect(mean(weights)).toBeCloseTo(0.15, 12);
  expect(weights[0]! / weights[1]!).toBeCloseTo(4, 12);
});

test("a rule that holds nothing cannot be brought to a level", () => {
  expect(() => atMeanWeight(() => 0, forecast, 0.15)).toThrow("mean weight of the rule");
  expect(() => atMeanWeight(() => 1, forecast, 0)).toThrow("weight");
});
