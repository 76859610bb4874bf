import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import { sharpeEstimate, sharpePerBar } from "../../../lib/trading/performance/returns.js";
import { automaticBlockLength } from "../../../lib/trading/significance/blockLength.js";
import { bootstrapInterval, bootstrapSharpe } from "../../../lib/trading/significance/bootstrap.js";
import { statisticInterval, studentisedSharpeInterval } from "../../../lib/trading/significance/intervals.js";
import {
  longRunVariance,
  sharpeHacError,
  sharpeInfluence,
} from "../../../lib/trading/significance/sharpeError.js";

const root = key("intervals");
const TRUTH = 0.05;

/** Unit variance and mean 0.05: y_t = φ y_{t−1} + √(1 − φ²) e_t, e a GARCH(1,1) of weights α, β. */
function series(
  name: string,
  seed: number,
  { bars, phi, alpha, beta }: Record<string, number>,
): Float64Array {
  const z = normals(fold(root, name, seed), bars! + 200);
  let [variance, e, y] = [1, 0, 0];
  const path = z.map((shock) => {
    variance = 1 - alpha! - beta! + alpha! * e * e + beta! * variance;
    e = Math.sqrt(variance) * shock;
    y = phi! * y + Math.sqrt(1 - phi! * phi!) * e;
    return y + TRUTH;
  });
  return path.slice(200);
}

const distributions = {
  independent: { bars: 1000, phi: 0, alpha: 0, beta: 0 },
  autoregressive: { bars: 1000, phi: 0.3, alpha: 0, beta: 0 },
  "autoregressive with GARCH volatility": { bars: 1000, phi: 0.3, alpha: 0.1, beta: 0.85 },
};

function coverage(name: keyof typeof distributions, method: "studentised" | "percentile"): number {
  let held = 0;
  for (let seed = 0; seed < 500; seed++) {
    const returns = series(name, seed, distributions[name]);
    const meanBlock = 4 * automaticBlockLength(sharpeInfluence(returns));
    const options = { key: fold(root, "resample", seed), replicates: 200, meanBlock, level: 0.9 };
    const { lower, upper } =
      method === "studentised"
        ? studentisedSharpeInterval(returns, options)
        : bootstrapInterval(sharpePerBar(returns), bootstrapSharpe(returns, options), { level: 0.9, method });
    if (lower <= TRUTH && TRUTH <= upper) held++;
  }
  return held / 500;
}

test.each(Object.keys(distributions) as (keyof typeof distributions)[])(
  "VI-78: %s returns: studentised intervals of level 0.9 hold the truth in 0.88 to 0.92 of 500 series",
  (name) => {
    const share = coverage(name, "studentised");
    expect(share).toBeGreaterThanOrEqual(0.88);
    expect(share).toBeLessThanOrEqual(0.92);
  },
);

test("of independent returns the studentised reach is the normal quantile, at a large Sharpe ratio too", () => {
  const returns = normals(fold(root, "large"), 2000).map((z) => 2 + z);
  const options = { key: root, replicates: 2000, meanBlock: 4, level: 0.9 };
  const { estimate, upper, standardError } = studentisedSharpeInterval(returns, options);
  expect((upper - estimate) / standardError).toBeGreaterThan(1.55);
  expect((upper - estimate) / standardError).toBeLessThan(1.75);
});

test("percentile intervals are too short for autocorrelated returns: the studentised ones are the honest ones", () => {
  expect(coverage("autoregressive", "percentile")).toBeLessThan(0.88);
});

test("the interval of any statistic is that of its replicates, and leaves the returns as they were", () => {
  const returns = series("any", 1, distributions.independent);
  const before = returns.slice();
  const options = { key: root, replicates: 500, meanBlock: 5, level: 0.9, method: "percentile" as const };
  const lowest = (sample: Float64Array) => sample.sort()[10]!;
  const found = statisticInterval(returns, lowest, options);
  expect(returns).toEqual(before);
  expect(found.lower).toBeLessThan(found.estimate);
  const sharpe = statisticInterval(returns, sharpePerBar, options);
  const direct = bootstrapInterval(sharpePerBar(returns), bootstrapSharpe(returns, options), options);
  expect(sharpe.lower).toBeCloseTo(direct.lower, 10);
  expect(sharpe.upper).toBeCloseTo(direct.upper, 10);
});

test("the long-run variance of an AR(1) is (1 + φ) / (1 − φ) of its variance", () => {
  const x = series("long run", 0, { bars: 100_000, phi: 0.5, alpha: 0, beta: 0 }).map((v) => v - TRUTH);
  expect(longRunVariance(x) / 3).toBeGreaterThan(0.93);
  expect(longRunVariance(x) / 3).toBeLessThan(1.07);
});

test("the error agrees with Mertens on independent returns, and with the spread over series on autocorrelated ones", () => {
  const calm = series("mertens", 0, { bars: 20_000, phi: 0, alpha: 0, beta: 0 });
  const mertens = sharpeEstimate(calm, { barsPerYear: 1, horizon: 1 }).standardErrorPerBar;
  expect(sharpeHacError(calm) / mertens).toBeCloseTo(1, 1);
  const many = Array.from({ length: 400 }, (_, n) =>
    series("spread", n, { bars: 800, phi: 0.4, alpha: 0, beta: 0 }),
  );
  const spread = standardDeviation(many.map(sharpePerBar));
  expect(mean(many.map(sharpeHacError)) / spread).toBeGreaterThan(0.9);
  expect(mean(many.map(sharpeHacError)) / spread).toBeLessThan(1.1);
  expect(mean(sharpeInfluence(calm))).toBeCloseTo(0, 12);
});

test("bad input is refused by name", () => {
  const options = { key: root, replicates: 10, meanBlock: 2, level: 0.9 };
  expect(() => studentisedSharpeInterval(new Float64Array(30).fill(0.1), options)).toThrow(
    "expected values that vary",
  );
  expect(() => studentisedSharpeInterval(normals(root, 30), { ...options, level: 2 })).toThrow(
    "level: expected",
  );
  expect(() => sharpeHacError(normals(root, 10))).toThrow(
    "length of the series: expected an integer of at least 20",
  );
});
