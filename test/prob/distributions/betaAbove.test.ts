import { expect, test } from "vitest";
import { core, prob } from "../../../lib/index.js";

test("closed forms: Beta(1, 1) is uniform, Beta(2, 1) has the distribution x², Beta(a, a) is symmetric", () => {
  expect(prob.betaAbove(0.3, 1, 1)).toBeCloseTo(0.7, 12);
  expect(prob.betaAbove(0.3, 2, 1)).toBeCloseTo(1 - 0.09, 12);
  expect(prob.betaAbove(0.5, 40, 40)).toBeCloseTo(0.5, 12);
  expect(prob.betaAbove(0.53, 7, 3) + prob.betaAbove(0.47, 3, 7)).toBeCloseTo(1, 12);
});

test("it agrees with draws made of two gammas, for hundreds of trials too", () => {
  for (const [hits, misses] of [
    [7, 3],
    [210, 90],
  ] as const) {
    const up = core.gammas(core.key(hits), 40_000, hits);
    const down = core.gammas(core.key(misses), 40_000, misses);
    const above = core.mean(up.map((gamma, i) => (gamma / (gamma + down[i]!) > 0.66 ? 1 : 0)));
    const exact = prob.betaAbove(0.66, hits, misses);
    expect(Math.abs(above - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 40_000));
  }
});

test("half a hit and a threshold of one are refused", () => {
  expect(() => prob.betaAbove(0.5, 0.5, 1)).toThrow("hits");
  expect(() => prob.betaAbove(1, 1, 1)).toThrow("threshold");
});
