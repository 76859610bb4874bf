import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals, permutation } from "../../../lib/core/random.js";
import {
  adjustedRandIndex,
  adjustedRandTest,
  labelRuns,
  silhouette,
  silhouetteTest,
} from "../../../lib/models/regimes/clusterScores.js";
import { kMeans } from "../../../lib/models/regimes/clusters.js";
import { blobs, chain } from "../support/regimes.js";

const { x, truth } = blobs();
const s = { columns: 2, key: key("s") };

// VI-27
test("agreement and silhouette are those of scikit-learn", async () => {
  const { label } = await kMeans(x, { columns: 2, clusters: 3, key: key("k"), starts: 5 });
  expect(adjustedRandIndex(label, truth)).toBeCloseTo(0.956169380881441, 13);
  expect(silhouette(x, label, s)).toBeCloseTo(0.6015862962641321, 13);
  expect(silhouette(x, truth, s)).toBeCloseTo(0.6049074883221175, 13);
});

test("agreement is that of the paper's definition by hand", () => {
  // pairs together: 2; in a: 2, in b: 3 of 6; expected 1, most 2.5
  expect(adjustedRandIndex([0, 0, 1, 1], [0, 0, 0, 1])).toBeCloseTo((1 - 1) / (2.5 - 1), 12);
  expect(adjustedRandIndex([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(0.5714285714285714, 12);
  expect(adjustedRandIndex([0, 1, 0, 1], [0, 0, 1, 1])).toBeCloseTo(-0.5, 12);
});

test("agreement does not depend on names or sides, and is 1 for the same partition only", () => {
  const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(labels, labels, (a, b) => {
      const renamed = a.map((label) => (label * 3 + 1) % 4);
      expect(adjustedRandIndex(renamed, b)).toBeCloseTo(adjustedRandIndex(a, b), 12);
      expect(adjustedRandIndex(b, a)).toBeCloseTo(adjustedRandIndex(a, b), 12);
      expect(adjustedRandIndex(a, renamed)).toBe(1);
    }),
  );
});

test("labels dealt at random agree by 0 on average", () => {
  const mean =
    Array.from({ length: 300 }, (_, r) => {
      const order = permutation(fold(key("deal"), r), 300);
      return adjustedRandIndex(
        Array.from(order, (n) => truth[n]!),
        truth,
      );
    }).reduce((a, b) => a + b, 0) / 300;
  expect(Math.abs(mean)).toBeLessThan(0.002);
});

test("persistent labels that know nothing of each other pass once in twenty, not once in two", () => {
  const [trials, replicates] = [150, 39];
  const markets = Array.from({ length: trials }, (_, m) =>
    ["a", "b"].map((side) => chain(fold(key("unrelated"), m, side), 800, { states: 3, stay: 0.98 })),
  );
  const share = (blocks: number) =>
    markets.filter(([a, b], m) => {
      const options = { key: fold(key("null"), m), replicates, blocks };
      return adjustedRandTest(a!, b!, options).p <= 0.05;
    }).length / trials;
  expect(share(1)).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials));
  expect(share(800)).toBeGreaterThan(0.5); // blocks of one row: the usual permutation
});

test("planted regimes that show in the rows are found beyond chance", () => {
  const regime = chain(key("planted"), 1500, { states: 3, stay: 0.98 });
  const rows = normals(key("rows"), 3000).map((z, i) => z + [0, 3, -2][regime[i >> 1]!]! * (i % 2));
  const options = { ...s, key: key("t"), sample: 400, replicates: 99 };
  const tested = silhouetteTest(rows, regime, options);
  expect(tested.p).toBe(0.01);
  expect(tested.value).toBeGreaterThan(tested.null99 + 0.1);
  expect(tested.value).toBe(silhouette(rows, regime, options));
  const noisy = regime.map((label, t) => (t % 3 === 0 ? 0 : label));
  expect(adjustedRandTest(noisy, regime, options)).toMatchObject({ p: 0.01 });
});

test("the silhouette of a sample is near that of all rows", () => {
  const all = silhouette(x, truth, s);
  expect(Math.abs(silhouette(x, truth, { ...s, sample: 150 }) - all)).toBeLessThan(0.05);
  expect(silhouette(x, truth, { ...s, key: key("other") })).toBe(all); // 300 rows are below the limit
});

test("silhouettes by hand: a label of one row counts 0, rows in one place count 0", () => {
  const line = Float64Array.of(0, 1, 10);
  const of = (label: number[], rows = line) => silhouette(rows, label, { ...s, columns: 1 });
  expect(of([0, 0, 1])).toBeCloseTo((9 / 10 + 8 / 9 + 0) / 3, 12);
  expect(of([0, 1, 0], new Float64Array(3))).toBe(0);
  expect(of([1, 0, 1])).toBeLessThan(0);
});

// BV-34
test("runs say how long labels last", () => {
  expect(labelRuns([0, 0, 1, 1, 1, 0])).toEqual({ switches: 2, meanRun: 2 });
  expect(labelRuns([4])).toEqual({ switches: 0, meanRun: 1 });
  expect(labelRuns(chain(key("runs"), 50_000, { states: 2, stay: 0.95 })).meanRun).toBeCloseTo(20, -0.5);
});

test("labels that do not fit are refused", () => {
  expect(() => adjustedRandIndex([0, 1], [0])).toThrow("truth: expected 2 values, got 1");
  expect(() => adjustedRandIndex([0, -1], [0, 1])).toThrow("label[1]: expected an integer of at least 0");
  expect(() => silhouette(x, truth.subarray(1), s)).toThrow("label: expected 300 values, got 299");
  expect(() => silhouette(x, new Uint8Array(300), s)).toThrow("expected at least two different labels");
});

test("a rare label that a shift moves out of the sample does not stop the test", () => {
  const rare = new Uint8Array(300);
  rare[7] = 1;
  const seen = Array.from({ length: 40 }, (_, i) => ({ ...s, key: key(i), sample: 60 })).find((options) => {
    try {
      return silhouette(x, rare, options) !== undefined;
    } catch {
      return false;
    }
  })!;
  expect(silhouetteTest(x, rare, { ...seen, replicates: 50 }).nullMean).not.toBeNaN();
});
