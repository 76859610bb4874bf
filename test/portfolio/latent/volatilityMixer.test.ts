import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/index.js";
import { latent } from "../../../lib/portfolio/index.js";

const covariance = fromRows([
  [1, 0, 0],
  [0, 4, 0],
  [0, 0, 9],
]);
const volatility = (w: ArrayLike<number>) =>
  100 * Math.sqrt(100 * (w[0]! ** 2 + 4 * w[1]! ** 2 + 9 * w[2]! ** 2));
const mixer = latent.volatilityMixer({ covariance, barsPerYear: 100, volatility }, { cap: 0.6 });

test("the ends are the least variance and the most volatile assets filled to the cap", () => {
  expect(mixer.least).toBeCloseTo(volatility([0.6, 0.277, 0.123]), 0);
  expect(mixer.most).toBeCloseTo(volatility([0, 0.4, 0.6]), 6);
  expect(Math.max(...mixer.quietest)).toBeLessThanOrEqual(0.6 + 1e-9);
});

test("every mixture has the volatility asked for, sums to one and keeps the cap", () => {
  const rows = [Float64Array.of(0.4, 0.4, 0.2), Float64Array.of(0.1, 0.4, 0.5)];
  mixer.at(1200, rows).forEach((w) => {
    expect(volatility(w)).toBeCloseTo(1200, 6);
    expect(w[0]! + w[1]! + w[2]!).toBeCloseTo(1, 9);
    expect(Math.max(...w)).toBeLessThanOrEqual(0.6 + 1e-9);
  });
});

test("a volatility below the least is refused", () => {
  expect(() => mixer.at(mixer.least / 2, [Float64Array.of(0.4, 0.4, 0.2)])).toThrow("target");
});
