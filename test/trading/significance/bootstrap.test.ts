import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { autocorrelation, mean, median, quantile, standardDeviation } from "../../../lib/core/stats.js";
import { automaticBlockLength } from "../../../lib/trading/significance/blockLength.js";
import {
  bootstrapInterval,
  bootstrapReplicates,
  bootstrapSharpe,
  resampledSums,
  stationaryBootstrapIndices,
  stationaryIndices,
} from "../../../lib/trading/significance/bootstrap.js";

const root = key("bootstrap");

/** x_t = φ x_{t−1} + √(1 − φ²) ε_t: variance 1, started in its stationary distribution. */
function autoregressive(name: number, length: number, phi: number): Float64Array {
  const x = normals(fold(root, "series", name), length);
  for (let t = 1; t < length; t++) x[t] = phi * x[t - 1]! + Math.sqrt(1 - phi * phi) * x[t]!;
  return x;
}

const sharpe = (x: ArrayLike<number>) => mean(x) / standardDeviation(x);

test("a restart begins a block, the rest follow their predecessor and the last is followed by the first", () => {
  expect([...stationaryIndices([3, 0, 1, 0, 2], [0, 0, 0, 1, 0])]).toEqual([3, 4, 0, 0, 1]);
});

test("blocks have the mean length asked for, and each bar is drawn as often as any other", () => {
  const length = 200_000;
  const index = stationaryBootstrapIndices(fold(root, "blocks"), length, 25);
  let breaks = 1;
  for (let t = 1; t < length; t++) if (index[t] !== (index[t - 1]! + 1) % length) breaks++;
  expect(length / breaks).toBeGreaterThan(24);
  expect(length / breaks).toBeLessThan(26);
  expect(mean(index) / length).toBeCloseTo(0.5, 1);
});

test("a mean block of one bar leaves no memory, a long one keeps it", () => {
  const x = autoregressive(0, 20_000, 0.8);
  const memory = (meanBlock: number) => {
    const index = stationaryBootstrapIndices(fold(root, "memory"), x.length, meanBlock);
    return autocorrelation(
      Float64Array.from(index, (t) => x[t]!),
      1,
    );
  };
  expect(Math.abs(memory(1))).toBeLessThan(0.03);
  expect(memory(50)).toBeGreaterThan(0.75);
});

test("the fast Sharpe ratios are those of the resampled series, one by one", () => {
  const returns = normals(fold(root, "fast"), 300).map((z) => 0.001 + 0.01 * z);
  const options = { key: fold(root, "options"), replicates: 50, meanBlock: 10 };
  const slow = bootstrapReplicates(returns, sharpe, options);
  bootstrapSharpe(returns, options).forEach((value, r) => {
    expect(value).toBeCloseTo(slow[r]!, 11);
  });
  const [sums] = resampledSums([returns], options);
  const means = bootstrapReplicates(returns, mean, options);
  sums!.forEach((value, r) => {
    expect(value / 300).toBeCloseTo(means[r]!, 14);
  });
});

test("the spread of resampled means is the standard error of the mean", () => {
  const x = normals(fold(root, "mean"), 400);
  const means = bootstrapReplicates(x, mean, { key: root, replicates: 4000, meanBlock: 1 });
  expect(standardDeviation(means) / (standardDeviation(x) / Math.sqrt(400))).toBeCloseTo(1, 1);
});

test("the percentile interval has the replicates' quantiles, the basic one mirrors them", () => {
  const replicates = Float64Array.from({ length: 101 }, (_, i) => i / 100);
  const percentile = bootstrapInterval(0.4, replicates, { level: 0.9, method: "percentile" });
  expect(percentile.lower).toBeCloseTo(quantile(replicates, 0.05), 12);
  expect(percentile.upper).toBeCloseTo(0.95, 12);
  const basic = bootstrapInterval(0.4, replicates, { level: 0.9, method: "basic" });
  expect(basic.lower).toBeCloseTo(-0.15, 12);
  expect(basic.upper).toBeCloseTo(0.75, 12);
});

/** Share of 300 series of 400 bars whose 90 % interval holds the true Sharpe ratio of 0.1. */
function coverage(phi: number, meanBlock: number, method: "percentile" | "basic"): number {
  const seeds = 300;
  let held = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const returns = autoregressive(seed, 400, phi).map((x) => 0.1 + x);
    const options = { key: fold(root, "coverage", seed), replicates: 250, meanBlock };
    const found = bootstrapInterval(sharpe(returns), bootstrapSharpe(returns, options), {
      level: 0.9,
      method,
    });
    if (found.lower <= 0.1 && 0.1 <= found.upper) held++;
  }
  return held / seeds;
}

test.each(["percentile", "basic"] as const)(
  "%s intervals of level 0.9 cover that share of independent returns",
  (method) => {
    const share = coverage(0, 3, method);
    expect(share).toBeGreaterThan(0.86);
    expect(share).toBeLessThan(0.94);
  },
);

test("blocks keep the coverage of autocorrelated returns, independent draws lose it", () => {
  const blocks = coverage(0.4, 15, "percentile");
  expect(blocks).toBeGreaterThan(0.84);
  expect(blocks).toBeLessThan(0.94);
  expect(coverage(0.4, 1, "percentile")).toBeLessThan(0.8);
});

test("the automatic block of an AR(1) is what theory says, and that of white noise is short", () => {
  const lengths = (phi: number) =>
    Array.from({ length: 15 }, (_, i) => automaticBlockLength(autoregressive(i, 5000, phi)));
  const theory = Math.cbrt(((2 * 0.5) / (1 - 0.25)) ** 2 * 5000);
  expect(median(lengths(0.5)) / theory).toBeGreaterThan(0.8);
  expect(median(lengths(0.5)) / theory).toBeLessThan(1.25);
  expect(median(lengths(0))).toBeLessThan(5);
});

test("bad input is named with what was expected and what came", () => {
  const returns = Float64Array.of(0.1, 0.2, Number.NaN);
  const options = { key: root, replicates: 10, meanBlock: 2 };
  expect(() => bootstrapSharpe(returns, options)).toThrow("returns[2]: expected a finite number, got NaN");
  const two = Float64Array.of(0.1, 0.2);
  expect(() => bootstrapSharpe(two, { ...options, meanBlock: 0.5 })).toThrow(
    "meanBlock: expected a number of bars from 1 to 2, got 0.5",
  );
  expect(() => bootstrapSharpe(two, { ...options, replicates: 1 })).toThrow("replicates");
  expect(() => resampledSums([two, new Float64Array(3)], options)).toThrow(
    "columns[1]: expected 2 values, got 3",
  );
  expect(() => stationaryIndices([0, 2], [1, 0])).toThrow(
    "starts[1]: expected an integer from 0 to 1, got 2",
  );
  expect(() => bootstrapInterval(0, returns, { level: 0.9, method: "basic" })).toThrow("replicates[2]");
  expect(() => bootstrapInterval(0, two, { level: 90, method: "basic" })).toThrow(
    "level: expected a number in (0, 1), got 90",
  );
  expect(() => automaticBlockLength(new Float64Array(30))).toThrow("expected values that differ");
});
