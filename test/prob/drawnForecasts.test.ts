/** Forecasts made of draws against outcomes. */
import { expect, test } from "vitest";
import { core, prob } from "../../lib/index.js";

const { centralCoverage, meansBelow, probabilityBelow } = prob.calibration;

test("one draw is a normal distribution; several are their mixture", () => {
  const one = { draws: 1, mean: [0, 1], variance: [1, 4] };
  expect(probabilityBelow(one, [0, 3])[1]).toBeCloseTo(0.8413447460685429, 12);
  const two = { draws: 2, mean: [-1, 1], variance: [1, 1] };
  expect(probabilityBelow(two, [0])[0]).toBeCloseTo(0.5, 12);
  expect(meansBelow(two, [0])[0]).toBe(0.5);
});

test("outcomes of the forecast itself lie in a 90 % interval nine times in ten; by the means alone far more rarely", () => {
  const rows = 4000;
  const centre = core.normals(core.key("centre"), rows);
  const outcomes = core.normals(core.key("outcome"), rows).map((e, n) => 0.01 * centre[n]! + e);
  const draws = { draws: 1, mean: centre.map((m) => 0.01 * m), variance: centre.map(() => 1) };
  const [held] = centralCoverage(probabilityBelow(draws, outcomes), [0.9]);
  expect(Math.abs(held! - 0.9)).toBeLessThan(3 * Math.sqrt(0.09 / rows));
  expect(centralCoverage(meansBelow(draws, outcomes), [0.9])[0]).toBe(0);
});
