import { expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import { correlation, mean, variance } from "../../lib/core/stats.js";
import { sharpePerBar } from "../../lib/trading/performance/returns.js";
import { effectiveTrials } from "../../lib/trading/significance/overfitting.js";
import { deflatedSharpe, expectedMaxSharpe } from "../../lib/trading/significance/sharpeInference.js";

const root = key("effective trials");
const bars = 400;
const series = (name: string, i: number) => normals(fold(root, name, i), bars);
const independent = Array.from({ length: 300 }, (_, i) => series("own", i));

test("independent trials count as they are, and copies of one, in whatever unit, as one", () => {
  expect(effectiveTrials(independent) / 300).toBeGreaterThan(0.97); // 300 (1 − ρ), ρ within 3 · √(2/T) / 300 of zero
  expect(effectiveTrials(independent)).toBeLessThanOrEqual(300);
  const copies = Array.from({ length: 50 }, (_, i) => independent[0]!.map((r) => 1e-200 * r * (i + 1)));
  expect(effectiveTrials(copies)).toBeCloseTo(1, 9);
  expect(effectiveTrials([independent[0]!])).toBe(1);
});

test("trials with one mean correlation count as ρ + (1 − ρ) N", () => {
  // Bailey & López de Prado 2014, appendix 3, with the correlations of the series as they are
  const [x, y, z] = independent as [Float64Array, Float64Array, Float64Array];
  const opposite = x.map((r) => -r);
  const rho = correlation(x, y);
  const shared = (2 + 4 * rho) / 6; // of the six pairs two are copies
  expect(effectiveTrials([x, x, y, y])).toBeCloseTo(shared + (1 - shared) * 4, 9);
  expect(effectiveTrials([x, opposite, z])).toBe(3); // a negative mean makes no more trials than there are
  const common = series("common", 0);
  const sharing = independent.map((own) =>
    own.map((r, t) => Math.sqrt(0.3) * r + Math.sqrt(0.7) * common[t]!),
  );
  expect(Math.abs(effectiveTrials(sharing) - (0.7 + 0.3 * 300))).toBeLessThan(12); // four times 300 · 0.7 · √(2/400) · 0.3, the error of the count
});

test("the effective number charges for the best of many mixtures of ten returns without skill, ten does not", () => {
  const best = Array.from({ length: 20 }, (_, run) => {
    const own = Array.from({ length: 10 }, (_, i) => series(`run ${run}`, i));
    const trials = Array.from({ length: 300 }, (_, n) => {
      const weight = normals(fold(root, "weights", run, n), 10);
      return own[0]!.map((_, t) => own.reduce((total, r, i) => total + weight[i]! * r[t]!, 0));
    });
    const sharpes = trials.map(sharpePerBar);
    const spread = { variance: variance(sharpes) };
    const found = Math.max(...sharpes) / Math.sqrt(spread.variance);
    return { found, count: effectiveTrials(trials) };
  });
  const found = mean(best.map((one) => one.found));
  const charged = mean(best.map((one) => expectedMaxSharpe({ variance: 1, count: one.count })));
  // mixtures of ten lie on a sphere, whose 300 points reach less far than 300 independent ones and much farther than ten
  expect(charged).toBeGreaterThan(found);
  expect(charged).toBeLessThan(1.3 * found);
  expect(expectedMaxSharpe({ variance: 1, count: 10 })).toBeLessThan(0.8 * found);
});

test("a deflated ratio says what it was charged for, and refuses a count from nowhere", () => {
  const moments = { sharpe: 0.1, count: 500, skew: 0, kurtosis: 3 };
  const trials = { variance: 0.002, count: effectiveTrials(independent), source: "effective" } as const;
  expect(deflatedSharpe(moments, trials).trials).toEqual(trials);
  const unknown = { variance: 0.002, count: 5, source: "somewhere" } as unknown as typeof trials;
  expect(() => deflatedSharpe(moments, unknown)).toThrow(
    'expected a source "independent" or "effective", got somewhere',
  );
});

test("trials that cannot be counted are refused by number", () => {
  expect(() => effectiveTrials([])).toThrow("number of trials");
  expect(() => effectiveTrials([independent[0]!, new Float64Array(bars).fill(0.1)])).toThrow(
    "trial 1: expected returns that vary, got 0.1 throughout",
  );
  expect(() => effectiveTrials([independent[0]!, new Float64Array(3)])).toThrow(
    "trial 1: expected 400 values, got 3",
  );
});
