/** Rules brought to one level. */
import { expect, test } from "vitest";
import { normalForecast } from "../../../lib/core/index.js";
import { alwaysLong, levelRules, sizeTable, withSignal } from "../../../lib/trading/decisions/levelRules.js";
import { decide } from "../../../lib/trading/index.js";

const forecast = normalForecast(
  {
    ...{ mean: Float64Array.from([1e-3, -1e-3]), aleatoric: Float64Array.from([1e-4, 3e-4]) },
    ...{ latent: new Float64Array(2), epistemic: Float64Array.from([1e-6, 3e-6]) },
  },
  { asset: [0, 1], decidedAt: [5, 5] },
);
const rules = levelRules(
  { fixed: { kind: "fixed", weight: 7 }, inverse: (row) => 1 / row.aleatoric },
  forecast,
  { weight: 0.1, maxWeight: 0.12 },
);

test("every rule has the same mean weight, and keeps its proportions", () => {
  const free = levelRules({ inverse: (row) => 1 / row.aleatoric }, forecast, { weight: 0.1, maxWeight: 1 });
  const { weight } = decide(forecast, free.inverse);
  expect(weight[0]).toBeCloseTo(0.15, 12); // three times the other, 0.1 on average
  expect(weight[1]).toBeCloseTo(-0.05, 12);
  expect([...decide(forecast, rules.fixed).weight]).toEqual([0.1, -0.1]);
});

test("the table of sizes ends at the limit of a symbol", () => {
  const [fixed, inverse] = sizeTable(rules, forecast);
  expect(fixed).toMatchObject({ rule: "fixed" });
  for (const name of ["mean", "5 %", "median", "95 %"] as const) expect(fixed![name]).toBeCloseTo(10, 12);
  expect(inverse!.mean).toBeCloseTo((12 + 5) / 2, 12);
  expect(inverse!["95 %"]).toBeCloseTo(5 + 0.95 * 7, 12);
});

test("an account that is always long is long against its forecast, with the same sizes", () => {
  const long = withSignal(rules, alwaysLong);
  const { weight, signals } = decide(forecast, long.fixed);
  expect([...weight]).toEqual([0.1, 0.1]);
  expect(signals.map(({ direction }) => direction)).toEqual(["LONG", "LONG"]);
  expect(signals[1]!.confidence).toBeLessThan(0.5); // of a gain, which the forecast does not expect
  expect(long.fixed.maxWeight).toBe(0.12);
});
