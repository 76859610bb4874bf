import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import { backtestOverfitting } from "../../../lib/trading/significance/overfitting.js";

const root = key("overfitting");

/** `count` independent series of 200 bars; the first has a Sharpe ratio of `edge` per bar. */
function market(seed: number, count: number, edge = 0): Float64Array[] {
  return Array.from({ length: count }, (_, i) =>
    normals(fold(root, seed, i), 200).map((z) => (i === 0 ? edge : 0) + z),
  );
}

test("without skill the best of one half ranks anywhere in the other", () => {
  const found = Array.from({ length: 150 }, (_, seed) => backtestOverfitting(market(seed, 9), 6).probability);
  expect(mean(found)).toBeGreaterThan(0.45);
  expect(mean(found)).toBeLessThan(0.65); // with 9 trials the median rank itself counts as overfit: 5 of 9
});

test("a trial with skill is chosen and stays ahead", () => {
  const found = backtestOverfitting(market(0, 9, 0.5), 8);
  expect(found.probability).toBe(0);
  expect(found.lossProbability).toBe(0);
  expect(found.chosen.every((trial) => trial === 0)).toBe(true);
});

test("every half has its complement: there are C(S, S/2) of them", () => {
  expect(backtestOverfitting(market(1, 3), 10).logits.length).toBe(252);
});

test("of a trial and its negative that change places half-way, the best of one half is the worst of the other", () => {
  const up = Float64Array.of(1, 2, 1, 2, -1, -2, -1, -2);
  const found = backtestOverfitting([up, up.map((r) => -r)], 2);
  expect([...found.chosen]).toEqual([0, 1]);
  for (const logit of found.logits) expect(logit).toBeCloseTo(-Math.LN2, 12); // the lower of two: rank 1 of 3
  expect(found.probability).toBe(1);
  expect(found.inSample[0]).toBeCloseTo(1.5 / Math.sqrt(1 / 3), 12);
  expect(found.outOfSample[0]).toBeCloseTo(-1.5 / Math.sqrt(1 / 3), 12);
});

test("equal trials share the mean rank, which is a logit of zero", () => {
  const same = normals(fold(root, "same"), 40);
  expect([...backtestOverfitting([same, same, same], 4).logits]).toEqual(new Array(6).fill(0));
});

test("the scale of a trial does not matter, and the bars beyond whole blocks are the first ones", () => {
  const trials = market(3, 5);
  const found = backtestOverfitting(trials, 6);
  const scaled = backtestOverfitting(
    trials.map((r) => r.map((x) => 8 * x)),
    6,
  );
  expect([...scaled.logits]).toEqual([...found.logits]);
  const trimmed = backtestOverfitting(
    trials.map((r) => r.subarray(2)),
    6,
  );
  expect([...trimmed.logits]).toEqual([...found.logits]);
});

test("a trial that never trades has a Sharpe ratio of zero", () => {
  const losing = normals(fold(root, "losing"), 60).map((z) => z - 2);
  const found = backtestOverfitting([new Float64Array(60), losing], 4);
  expect(found.chosen.every((trial) => trial === 0)).toBe(true);
  expect(found.outOfSample.every((sharpe) => sharpe === 0)).toBe(true);
});

test("bad input is named with what was expected and what came", () => {
  const trials = market(0, 3);
  expect(() => backtestOverfitting(trials, 5)).toThrow("blocks: expected an even number from 2 to 20, got 5");
  expect(() => backtestOverfitting(trials, 22)).toThrow("got 22");
  expect(() => backtestOverfitting(trials.slice(0, 1), 4)).toThrow(
    "number of trials: expected an integer of at least 2, got 1",
  );
  expect(() => backtestOverfitting([trials[0]!, new Float64Array(5)], 4)).toThrow(
    "trial 1: expected 200 returns, got 5",
  );
  expect(() => backtestOverfitting([trials[0]!, new Float64Array(200).fill(0.1)], 4)).toThrow(
    "trial 1: expected returns that vary, got 0.1",
  );
  expect(() => backtestOverfitting([Float64Array.of(1, 2), Float64Array.of(2, 1)], 4)).toThrow(
    "expected at least 8 bars for 4 blocks, got 2",
  );
});
