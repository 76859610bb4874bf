import { expect, test } from "vitest";
import { core, portfolio, trading } from "../../../lib/index.js";

test("two hours of ten percent are one block of 21 percent", () => {
  const hours = core.fromRows([
    [0.1, 0],
    [0.1, 0.5],
    [-0.5, 0],
  ]);
  const blocks = portfolio.compoundedReturns(hours, 2);
  expect(blocks.rows).toBe(1);
  expect(blocks.get(0, 0)).toBeCloseTo(0.21, 12);
  expect(blocks.get(0, 1)).toBeCloseTo(0.5, 12);
  expect(() => portfolio.compoundedReturns(hours, 4)).toThrow("whole blocks");
});

test("equal weights add to one and earn the mean of the mean returns", () => {
  const hours = core.fromRows([
    [0.1, 0],
    [0.3, 0.2],
  ]);
  const means = portfolio.meanReturns(hours);
  expect(Array.from(means)).toEqual([expect.closeTo(0.2), expect.closeTo(0.1)]);
  expect(trading.expectedReturn(portfolio.equalWeights(2), means)).toBeCloseTo(0.15, 12);
});

test("a shock moves its members' portfolio by its size and an independent asset not at all", () => {
  const covariance = core.fromRows([
    [4, 2, 0],
    [2, 9, 0],
    [0, 0, 1],
  ]);
  const moves = portfolio.shockScenario(covariance, [0, 1], -0.2);
  expect((moves[0]! + moves[1]!) / 2).toBeCloseTo(-0.2, 12);
  expect(moves[2]).toBeCloseTo(0, 12);
  expect(moves[1]! / moves[0]!).toBeCloseTo(11 / 6, 12);
  expect(() => portfolio.shockScenario(covariance, [3], -0.2)).toThrow("below 3");
});

test("a resample consists of whole rows of the history and depends on its key alone", () => {
  const history = core.fromRows(Array.from({ length: 50 }, (_, t) => [t, -t]));
  const options = { key: core.key("resample"), meanBlock: 5, length: 20 };
  const resample = portfolio.resampleReturns(history, options);
  expect(resample.rows).toBe(20);
  expect(resample.to2DArray().every(([p, q]) => p === -q!)).toBe(true);
  expect(portfolio.resampleReturns(history, options).to1DArray()).toEqual(resample.to1DArray());
  expect(() => portfolio.resampleReturns(history, { ...options, length: 51 })).toThrow("1 to 50");
});
