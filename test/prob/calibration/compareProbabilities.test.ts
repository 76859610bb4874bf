/** Probabilities of one event side by side, and recalibrated ones. */
import { describe, expect, test } from "vitest";
import { core, prob } from "../../../lib/index.js";

const { compareProbabilities, recalibrated } = prob.calibration;

describe("compareProbabilities", () => {
  const outcome = [1, 0, 1, 0];
  const day = [1, 1, 2, 2];

  test("a coin has a Brier score of a quarter, the truth one of zero, and the difference is paired", () => {
    const [coin, truth] = compareProbabilities({ coin: [0.5, 0.5, 0.5, 0.5], truth: outcome }, outcome, day);
    expect(coin).toEqual({ forecast: "coin", brier: 0.25, difference: 0, error: 0 });
    expect(truth).toEqual({ forecast: "truth", brier: 0, difference: -0.25, error: 0 });
  });

  test("the error counts clusters: equal differences within two days are two observations, not four", () => {
    const forecasts = { sure: [1, 0, 1, 0], half: [0.5, 0.5, 1, 0] };
    const [, half] = compareProbabilities(forecasts, outcome, day);
    expect(half!.difference).toBeCloseTo(0.125, 12);
    expect(half!.error).toBeCloseTo(core.clusteredError([0.25, 0.25, 0, 0], day), 12);
    expect(half!.error).toBeGreaterThan(core.clusteredError([0.25, 0.25, 0, 0], [1, 2, 3, 4]));
  });

  test("lengths must agree", () => {
    expect(() => compareProbabilities({ coin: [0.5] }, outcome, day)).toThrow(RangeError);
    expect(() => compareProbabilities({ coin: [0.5, 0.5, 0.5, 0.5] }, outcome, [1])).toThrow("cluster");
  });
});

test("recalibrated maps a probability to how often it came true before", () => {
  const probability = [0.2, 0.2, 0.2, 0.2, 0.9, 0.9];
  const outcome = [1, 0, 0, 0, 1, 0];
  const mended = recalibrated({ probability, outcome }, [0.9, 0.2, 0.1]);
  expect(Array.from(mended)).toEqual([0.5, 0.25, 0.25]);
});
