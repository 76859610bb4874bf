import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import { wilsonInterval, winRateByConfidence } from "../../../lib/trading/performance/winRate.js";

const root = key("win rate");

test("Wilson's interval has its closed form, and does not collapse at 0 or all wins", () => {
  const half = wilsonInterval(50, 100, 0.95);
  const z = 1.959963984540054;
  expect(half.share).toBe(0.5);
  expect(half.upper - 0.5).toBeCloseTo(
    (z * Math.sqrt(0.25 / 100 + z ** 2 / 40_000)) / (1 + z ** 2 / 100),
    12,
  );
  expect(wilsonInterval(0, 10, 0.95).lower).toBe(0);
  expect(wilsonInterval(0, 10, 0.95).upper).toBeCloseTo(z ** 2 / (10 + z ** 2), 12);
  expect(wilsonInterval(10, 10, 0.95).lower).toBeCloseTo(10 / (10 + z ** 2), 12);
});

test("the interval covers the true rate as often as it says", () => {
  let held = 0;
  for (let n = 0; n < 2000; n++) {
    const wins = uniforms(fold(root, n), 80).filter((u) => u < 0.55).length;
    const { lower, upper } = wilsonInterval(wins, 80, 0.9);
    if (lower <= 0.55 && 0.55 <= upper) held++;
  }
  expect(held / 2000).toBeGreaterThan(0.88);
  expect(held / 2000).toBeLessThan(0.92);
});

test("BN-87: a model that knows when it is sure wins more often where it is, one that does not does not", () => {
  const confidence = uniforms(fold(root, "confidence"), 4000);
  const luck = normals(fold(root, "luck"), 4000);
  const knowing = winRateByConfidence(
    confidence,
    luck.map((e, i) => e + confidence[i]!),
    { bins: 4, level: 0.9 },
  );
  expect(knowing.map((row) => row.trades)).toEqual([1000, 1000, 1000, 1000]);
  for (let b = 1; b < 4; b++) expect(knowing[b]!.winRate).toBeGreaterThan(knowing[b - 1]!.winRate);
  expect(knowing[3]!.lower).toBeGreaterThan(knowing[0]!.upper);
  for (const row of winRateByConfidence(confidence, luck, { bins: 4, level: 0.999 })) {
    expect(row.lower).toBeLessThan(0.5);
    expect(row.upper).toBeGreaterThan(0.5);
  }
});

test("equal confidences share a bin, and results of zero count on neither side", () => {
  const rows = winRateByConfidence([1, 1, 1, 1, 2, 2], [1, -1, 0, 1, 1, 1], { bins: 3, level: 0.9 });
  expect(rows.map(({ from, to, trades, winRate }) => [from, to, trades, winRate])).toEqual([
    [1, 1, 3, 2 / 3],
    [2, 2, 2, 1],
  ]);
});

test("a confidence on the edge of two bins counts with the lower", () => {
  const rows = winRateByConfidence([1, 2, 3], [1, 1, 1], { bins: 2, level: 0.9 });
  expect(rows.map(({ from, to }) => [from, to])).toEqual([
    [1, 2],
    [3, 3],
  ]);
});

test("bad input is refused by name", () => {
  const options = { bins: 2, level: 0.9 };
  expect(() => winRateByConfidence([1], [1, 2], options)).toThrow("results: expected 1 values, got 2");
  expect(() => winRateByConfidence([Number.NaN], [1], options)).toThrow(
    "confidence[0]: expected a finite number",
  );
  expect(() => winRateByConfidence([1], [0], options)).toThrow("results: expected one that is not zero");
  expect(() => wilsonInterval(3, 2, 0.9)).toThrow("successes: expected at most 2, got 3");
});
