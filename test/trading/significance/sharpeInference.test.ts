import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, variance } from "../../../lib/core/stats.js";
import {
  bootstrapSharpeDifference,
  deflatedSharpe,
  expectedMaxSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeDifferenceTest,
  sharpeMoments,
} from "../../../lib/trading/significance/sharpeInference.js";

const root = key("sharpeInference");
const source = "independent";
const paper = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skew: -3, kurtosis: 10 };

function returnsOf(name: string, seed: number, length: number, edge = 0): Float64Array {
  return normals(fold(root, name, seed), length).map((z) => edge + z);
}

test("the example of Bailey and López de Prado deflates 2.5 a year to 0.90 after 100 trials and 0.95 after 46", () => {
  const found = deflatedSharpe(paper, { variance: 0.5 / 250, count: 100, source });
  expect(found.benchmark).toBeCloseTo(0.1132, 4);
  expect(found.probability).toBeCloseTo(0.9004, 4);
  expect(deflatedSharpe(paper, { variance: 0.5 / 250, count: 46, source }).probability).toBeCloseTo(
    0.9505,
    4,
  );
});

test("a single trial is not deflated", () => {
  expect(expectedMaxSharpe({ variance: 0.5, count: 1 })).toBe(0);
  expect(deflatedSharpe(paper, { variance: 0.5, count: 1, source }).probability).toBe(
    probabilisticSharpe(paper, 0),
  );
});

test.each([2, 10, 100])("the expected best of %d trials is that of a simulation", (count) => {
  const best = Array.from({ length: 20_000 }, (_, i) =>
    Math.max(...normals(fold(root, "best", count, i), count)),
  );
  expect(Math.abs(expectedMaxSharpe({ variance: 1, count }) - mean(best))).toBeLessThan(0.07);
  expect(expectedMaxSharpe({ variance: 4, count })).toBeCloseTo(
    2 * expectedMaxSharpe({ variance: 1, count }),
    12,
  );
});

test("after the minimum track record the probability is the confidence asked for", () => {
  const record = minimumTrackRecord(paper, 0.05, 0.95);
  expect(probabilisticSharpe({ ...paper, count: Math.floor(record) }, 0.05)).toBeLessThan(0.95);
  expect(probabilisticSharpe({ ...paper, count: Math.ceil(record) }, 0.05)).toBeGreaterThanOrEqual(0.95);
  expect(minimumTrackRecord(paper, 1, 0.95)).toBe(Number.POSITIVE_INFINITY);
});

test("under the null a probability above 0.95 comes in one series of twenty", () => {
  let rejected = 0;
  for (let seed = 0; seed < 1000; seed++) {
    if (probabilisticSharpe(sharpeMoments(returnsOf("psr", seed, 250, 0.1)), 0.1) > 0.95) rejected++;
  }
  expect(rejected / 1000).toBeGreaterThan(0.03);
  expect(rejected / 1000).toBeLessThan(0.07);
});

test("the best of twenty trials without skill passes undeflated more often than not, deflated hardly ever", () => {
  let naive = 0;
  let deflated = 0;
  for (let seed = 0; seed < 200; seed++) {
    const trials = Array.from({ length: 20 }, (_, i) => sharpeMoments(returnsOf(`trial ${i}`, seed, 200)));
    const best = trials.reduce((a, b) => (b.sharpe > a.sharpe ? b : a));
    const spread = variance(trials.map(({ sharpe }) => sharpe));
    if (probabilisticSharpe(best, 0) > 0.95) naive++;
    if (deflatedSharpe(best, { variance: spread, count: 20, source }).probability > 0.95) deflated++;
  }
  expect(naive / 200).toBeGreaterThan(0.5);
  expect(deflated / 200).toBeLessThan(0.05);
});

/** Two series with correlation 0.7 and Sharpe ratios 0.1 and 0.1 + `edge`. */
function pair(seed: number, length: number, edge: number): [Float64Array, Float64Array] {
  const common = returnsOf("common", seed, length);
  const own = (name: string, sharpe: number) =>
    returnsOf(name, seed, length).map((z, t) => sharpe + Math.sqrt(0.7) * common[t]! + Math.sqrt(0.3) * z);
  return [own("x", 0.1), own("y", 0.1 + edge)];
}

test("both tests of a difference reject a true null in one case of twenty", () => {
  let memmel = 0;
  let resampled = 0;
  for (let seed = 0; seed < 400; seed++) {
    const [x, y] = pair(seed, 250, 0);
    if (sharpeDifferenceTest(x, y).pValue < 0.05) memmel++;
    const options = { key: fold(root, "resample", seed), replicates: 300, meanBlock: 3 };
    if (bootstrapSharpeDifference(x, y, options).pValue < 0.05) resampled++;
  }
  for (const count of [memmel, resampled]) {
    expect(count / 400).toBeGreaterThan(0.02);
    expect(count / 400).toBeLessThan(0.085);
  }
});

test("both tests find a difference that is there, of the same size and nearly the same variance", () => {
  const [x, y] = pair(1, 4000, 0.15);
  const memmel = sharpeDifferenceTest(x, y);
  const resampled = bootstrapSharpeDifference(x, y, { key: root, replicates: 999, meanBlock: 3 });
  expect(memmel.difference).toBeLessThan(-0.1);
  expect(resampled.difference).toBe(memmel.difference);
  expect(resampled.variance / memmel.variance).toBeGreaterThan(0.85);
  expect(resampled.variance / memmel.variance).toBeLessThan(1.15);
  expect(memmel.pValue).toBeLessThan(1e-6);
  expect(resampled.pValue).toBe(1 / 1000);
});

test("the order of the two turns the sign and nothing else", () => {
  const [x, y] = pair(2, 300, 0.05);
  const [there, back] = [sharpeDifferenceTest(x, y), sharpeDifferenceTest(y, x)];
  expect(back.z).toBeCloseTo(-there.z, 12);
  expect(back.pValue).toBeCloseTo(there.pValue, 12);
});

test("bad input is named with what was expected and what came", () => {
  expect(() => probabilisticSharpe({ ...paper, kurtosis: 7 }, 0)).toThrow(
    "kurtosis: expected the raw one, at least 1 + skew² = 10, got 7",
  );
  expect(() => probabilisticSharpe({ ...paper, count: 1 }, 0)).toThrow(
    "count: expected an integer of at least 2, got 1",
  );
  expect(() => expectedMaxSharpe({ variance: -1, count: 5 })).toThrow(
    "expected a variance of 0 or more, got -1",
  );
  expect(() => expectedMaxSharpe({ variance: 1, count: 0 })).toThrow("expected a count of 1 or more, got 0");
  expect(() => minimumTrackRecord(paper, 0, 95)).toThrow("confidence: expected a number in (0.5, 1), got 95");
  expect(() => sharpeMoments(new Float64Array(5).fill(0.01))).toThrow(
    "returns: expected values that vary, got 0.01",
  );
  const x = returnsOf("bad", 0, 20);
  expect(() => sharpeDifferenceTest(x, x)).toThrow("expected series that differ");
  expect(() => sharpeDifferenceTest(x, x.subarray(1))).toThrow("y: expected 20 values, got 19");
});
