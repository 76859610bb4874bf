import { expect, test } from "vitest";
import { fold, integers, key, normals } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import { chiSquareSurvival } from "../../../lib/core/tails.js";
import {
  expectedRankPmf,
  sbcEcdfBand,
  sbcRank,
  sbcRanks,
  sbcTest,
} from "../../../lib/prob/diagnostics/sbc.js";

const root = key("sbc");
const draws = 19;
const simulations = 4000;

/** Ranks under θ ~ N(0, 1), x ~ N(θ, 1), and N(x/2 + shift, sdRatio²/2) for a posterior: exact at 1 and 0. */
function ranks(sdRatio: number, shift = 0): Uint32Array {
  return sbcRanks(simulations, fold(root, "ranks", String(sdRatio), String(shift)), (k) => {
    const [truth, noise] = normals(fold(k, "truth"), 2) as unknown as [number, number];
    const posterior = normals(fold(k, "posterior"), draws);
    return {
      truth,
      draws: posterior.map((e) => (truth + noise) / 2 + shift + sdRatio * Math.SQRT1_2 * e),
    };
  });
}

function chiSquareTail(histogram: ArrayLike<number>, pmf: ArrayLike<number>): number {
  const total = Array.from(histogram).reduce((a, b) => a + b, 0);
  const distance = Array.from(pmf).reduce(
    (sum, p, r) => sum + (histogram[r]! - total * p) ** 2 / (total * p),
    0,
  );
  return chiSquareSurvival(distance, pmf.length - 1);
}

test("the exact posterior's ranks are uniform", () => {
  const { histogram, chiSquare, pValue } = sbcTest(ranks(1), draws);
  expect(pValue).toBeGreaterThan(0.001);
  expect(pValue).toBeCloseTo(chiSquareTail(histogram, new Float64Array(20).fill(1 / 20)), 12);
  expect(chiSquare).toBeGreaterThan(0);
  expect(histogram.reduce((a, b) => a + b, 0)).toBe(simulations);
});

test.each([0.6, 1.5])(
  "a posterior %d times as wide as the true one is rejected, with the histogram that theory expects",
  (sdRatio) => {
    const { histogram, pValue } = sbcTest(ranks(sdRatio), draws);
    expect(pValue).toBeLessThan(1e-6);
    expect(chiSquareTail(histogram, expectedRankPmf(draws, sdRatio))).toBeGreaterThan(0.001);
  },
);

test("a posterior that lies too high puts the truth too low among its draws", () => {
  const { histogram, pValue } = sbcTest(ranks(1, 0.4), draws);
  expect(pValue).toBeLessThan(1e-6);
  expect(histogram[0]!).toBeGreaterThan(2 * histogram[draws]!);
});

test.each([0.3, 0.6, 1, 1.5, 4])(
  "the expected distribution at ratio %d sums to one and is symmetric",
  (sdRatio) => {
    const pmf = expectedRankPmf(draws, sdRatio);
    expect(pmf.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    pmf.forEach((p, r) => {
      expect(p).toBeCloseTo(pmf[draws - r]!, 10);
    });
  },
);

test("the expected distribution is flat at ratio one, a U below and a dome above", () => {
  for (const p of expectedRankPmf(draws, 1)) expect(p).toBeCloseTo(1 / 20, 10);
  const narrow = expectedRankPmf(draws, 0.6);
  expect(narrow[0]).toBeCloseTo(0.1456, 4);
  expect(narrow[1]).toBeCloseTo(0.0649, 4);
  const wide = expectedRankPmf(draws, 1.5);
  expect(wide[0]!).toBeLessThan(0.03);
  expect(wide[10]!).toBeGreaterThan(0.055);
});

test("a rank counts the draws strictly below, ties apart", () => {
  expect(sbcRank(0.5, [0.1, 0.5, 0.7, 0.2, 0.5])).toEqual({ rank: 2, ties: 2 });
  expect(sbcRank(9, [1, 2])).toEqual({ rank: 2, ties: 0 });
  expect(sbcRank(0, [1, 2])).toEqual({ rank: 0, ties: 0 });
});

test("ties are broken at random, so that a posterior of one point is uniform too", () => {
  const tied = sbcRanks(simulations, fold(root, "ties"), () => ({
    truth: 1,
    draws: new Float64Array(draws).fill(1),
  }));
  expect(sbcTest(tied, draws).pValue).toBeGreaterThan(0.001);
});

test("the band has its width on paper and covers as often as it says", () => {
  const wide = sbcEcdfBand(1, 100);
  expect(Array.from(wide.expected)).toEqual([0.5, 1]);
  expect(wide.lower[0]).toBeCloseTo(0.5 - 0.098, 4);
  expect(wide.upper[0]).toBeCloseTo(0.5 + 0.098, 4);
  expect([wide.lower[1], wide.upper[1]]).toEqual([1, 1]);
  const [repeats, size] = [500, 400];
  for (const level of [0.95, 0.8]) {
    const band = sbcEcdfBand(draws, size, level);
    const covered = Array.from({ length: repeats }, (_, i) => {
      const counts = sbcTest(integers(fold(root, "band", i), size, draws + 1), draws).histogram;
      let below = 0;
      return mean(
        Array.from(counts.subarray(0, draws), (count, r) => {
          below += count;
          return below / size >= band.lower[r]! && below / size <= band.upper[r]! ? 1 : 0;
        }),
      );
    });
    expect(Math.abs(mean(covered) - level)).toBeLessThan(0.03);
  }
});

test("a rank out of range, a ratio of nothing and a level that is no probability are refused", () => {
  expect(() => sbcEcdfBand(draws, 100, 1)).toThrow("level: expected a probability in (0, 1), got 1");
  expect(() => sbcTest([0, 20], draws)).toThrow("rank 1: expected an integer from 0 to 19, got 20");
  expect(() => sbcTest([0.5], draws)).toThrow("rank 0: expected an integer from 0 to 19, got 0.5");
  expect(() => expectedRankPmf(draws, 0)).toThrow("sdRatio: expected a positive number, got 0");
});
