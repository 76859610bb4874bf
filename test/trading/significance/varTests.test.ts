import { expect, test } from "vitest";
import { fold, key, uniforms } from "../../../lib/core/random.js";
import {
  backtestValueAtRisk,
  christoffersenTest,
  conditionalCoverageTest,
  kupiecTest,
} from "../../../lib/trading/significance/varTests.js";

const root = key("varTests");

/** [T] hits with the chance `calm` after a 0 and `stormy` after a 1. */
function hitsOf(seed: number, length: number, calm: number, stormy = calm): Uint8Array {
  const hits = new Uint8Array(length);
  uniforms(fold(root, seed), length).forEach((u, t) => {
    hits[t] = u < (t > 0 && hits[t - 1] === 1 ? stormy : calm) ? 1 : 0;
  });
  return hits;
}

const count = (hits: Uint8Array) => hits.reduce((total, hit) => total + hit, 0);

test("as many exceedances as announced are no evidence at all", () => {
  expect(kupiecTest({ observations: 500, exceedances: 25, probability: 0.05 })).toEqual({
    statistic: 0,
    pValue: 1,
  });
});

test("without exceedances the statistic is −2 T log(1 − p)", () => {
  const { statistic } = kupiecTest({ observations: 250, exceedances: 0, probability: 0.01 });
  expect(statistic).toBeCloseTo(-500 * Math.log(0.99), 10);
  expect(kupiecTest({ observations: 3, exceedances: 3, probability: 0.5 }).statistic).toBeCloseTo(
    6 * Math.LN2,
    12,
  );
});

test("all three tests reject a right value at risk in one series of twenty", () => {
  const rejected = [0, 0, 0];
  for (let seed = 0; seed < 1000; seed++) {
    const hits = hitsOf(seed, 1000, 0.1);
    const found = [
      kupiecTest({ observations: 1000, exceedances: count(hits), probability: 0.1 }),
      christoffersenTest(hits),
      conditionalCoverageTest(hits, 0.1),
    ];
    found.forEach(({ pValue }, i) => {
      if (pValue < 0.05) rejected[i]!++;
    });
  }
  for (const times of rejected) {
    expect(times / 1000).toBeGreaterThan(0.03);
    expect(times / 1000).toBeLessThan(0.07);
  }
});

test("clusters escape Kupiec and are caught by Christoffersen", () => {
  const hits = hitsOf(5, 2000, 0.03, 0.4); // 0.03 / (0.03 + 0.6) = 4.8 % in the long run
  const share = count(hits) / 2000;
  expect(kupiecTest({ observations: 2000, exceedances: count(hits), probability: share }).pValue).toBe(1);
  expect(christoffersenTest(hits).pValue).toBeLessThan(1e-6);
  expect(conditionalCoverageTest(hits, share).pValue).toBeLessThan(1e-6);
});

test("conditional coverage is coverage and independence together", () => {
  const hits = hitsOf(6, 800, 0.07);
  const [n00, n01, n10, n11] = christoffersenTest(hits).transitions;
  const coverage = kupiecTest({
    observations: n00 + n01 + n10 + n11,
    exceedances: n01 + n11,
    probability: 0.05,
  });
  const sum = coverage.statistic + christoffersenTest(hits).statistic;
  expect(conditionalCoverageTest(hits, 0.05).statistic).toBeCloseTo(sum, 9);
});

test("transitions are counted in the order 00, 01, 10, 11", () => {
  expect(christoffersenTest([0, 0, 0, 1, 1, 0]).transitions).toEqual([2, 1, 1, 1]);
  expect(christoffersenTest([0, 0, 0]).pValue).toBe(1);
});

test("bad input is named with what was expected and what came", () => {
  expect(() => kupiecTest({ observations: 10, exceedances: 11, probability: 0.05 })).toThrow(
    "exceedances: expected at most 10, got 11",
  );
  expect(() => kupiecTest({ observations: 10, exceedances: 1, probability: 5 })).toThrow(
    "probability: expected a number in (0, 1), got 5",
  );
  expect(() => christoffersenTest([0, 1, 2])).toThrow("hits[2]: expected 0 or 1, got 2");
  expect(() => christoffersenTest([1])).toThrow("number of hits: expected an integer of at least 2, got 1");
});

test("a backtest of a value at risk counts the losses beyond each bar's own level and tests them as the tests do", () => {
  const returns = [-3, -1, 2, -5, 0.5, -2, -2, 1];
  const found = backtestValueAtRisk(returns, [2, 2, 2, 6, 2, 1, 2, 2], 0.25);
  expect(found.exceedances).toBe(2); // the first and the sixth; −2 against 2 is none
  expect(found.expected).toBe(2);
  expect(found.kupiec).toBe(kupiecTest({ observations: 8, exceedances: 2, probability: 0.25 }).pValue);
  expect(found.christoffersen).toBe(christoffersenTest([1, 0, 0, 0, 0, 1, 0, 0]).pValue);
  expect(() => backtestValueAtRisk(returns, [1, 2], 0.25)).toThrow(/valueAtRisk/);
});
