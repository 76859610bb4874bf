import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import type { Panel } from "../../../lib/core/types.js";
import { heldReturns, observableFactors } from "../../../lib/trading/factors/factorReturns.js";
import { scenarioRisk } from "../../../lib/trading/performance/scenarioRisk.js";

const names = ["A", "B", "C", "D"];
const panel = (times: number[], rows: number[][]): Panel => ({
  time: Float64Array.from(times),
  names,
  values: Float64Array.from(rows.flat()),
});
const returns = panel(
  [2, 3, 4],
  [
    [0.01, 0.02, 0.03, 0.04],
    [0.1, 0.2, 0.3, 0.4],
    [-0.1, 0, 0, 0.1],
  ],
);

test("a bar earns the weights known when it began: not those of its own close", () => {
  const weights = panel(
    [1, 2, 3],
    [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
    ],
  );
  expect([...heldReturns(weights, returns, 1)]).toEqual([0.01, 0.2, 0.1]);
  const late = panel([3], [[0, 0, 0, 1]]);
  expect([...heldReturns(late, returns, 1)]).toEqual([Number.NaN, Number.NaN, 0.1]);
});

// VF-03
test("the market is the mean of all, a characteristic its winners less its losers", () => {
  const exposure = panel(
    [1, 2, 3],
    [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [1, 2, 3, 4],
    ],
  );
  const { names: factors, values } = observableFactors(
    returns,
    { momentum: exposure },
    { quantile: 0.25, stepMs: 1 },
  );
  expect(factors).toEqual(["market", "momentum"]);
  [0.025, 0.03, 0.25, -0.3, 0, 0.2].forEach((want, i) => {
    expect(values[i]!).toBeCloseTo(want, 12);
  });
});

test("another exposure at a bar's own close leaves its factor returns as they were", () => {
  const exposure = panel(
    [1, 2, 3, 4],
    Array.from({ length: 4 }, (_, t) => [t, 2, 1, 3]),
  );
  const poked = { ...exposure, values: exposure.values.map((v, i) => (i >= 12 ? -v : v)) };
  const options = { quantile: 0.5, stepMs: 1 };
  expect(observableFactors(returns, { x: poked }, options)).toEqual(
    observableFactors(returns, { x: exposure }, options),
  );
});

// VF-19
test("scenario risk: order statistics of four scenarios, and parts of the shortfall that add to it", () => {
  const scenarios = Float64Array.of(-0.1, 0, 0.02, 0.02, -0.02, -0.04, 0.1, 0.1);
  const risk = scenarioRisk([0.5, 0.5], scenarios, 0.5);
  expect(risk.valueAtRisk).toBeCloseTo(0.03, 12);
  expect(risk.expectedShortfall).toBeCloseTo(0.04, 12);
  expect(risk.shortfallParts[0]! + risk.shortfallParts[1]!).toBeCloseTo(risk.expectedShortfall, 12);
  expect(risk.worstScenario).toBe(0);
  const many = normals(key("risk"), 40_000);
  expect(scenarioRisk([1, 1], many, 0.05).valueAtRisk).toBeCloseTo(1.645 * Math.SQRT2, 1);
});
