import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { adjustedRandIndex } from "../../../lib/models/regimes/clusterScores.js";
import { kMeans, nearestCentres, plusPlusRows } from "../../../lib/models/regimes/clusters.js";
import { blobs } from "../support/regimes.js";

const { x } = blobs();
const options = { columns: 2, clusters: 3, key: key("k"), starts: 5 };

// BV-33
test("k-means finds what scikit-learn finds", async () => {
  const found = await kMeans(x, options);
  expect(found.inertia).toBeCloseTo(549.7240254625799, 9);
  const centres = [0.00320764042, -0.129760199, 3.95390539, 0.805721708, 1.17067411, 5.02119422];
  centres.forEach((value, i) => {
    expect(found.centres[i]).toBeCloseTo(value, 7);
  });
  const sizes = [0, 1, 2].map((c) => found.label.filter((label) => label === c).length);
  expect(sizes).toEqual([162, 84, 54]);
});

test("equal keys give equal clusters, and more starts none worse", async () => {
  const cloud = normals(key("cloud"), 1200);
  const of = (starts: number) => kMeans(cloud, { columns: 3, clusters: 7, key: key("a"), starts });
  const [once, again, more] = [await of(2), await of(2), await of(8)];
  expect(again).toEqual(once);
  expect(more.inertia).toBeLessThan(once.inertia);
});

test("rows that were not there get the nearest centre, whatever rows come with them", async () => {
  const found = await kMeans(x, options);
  expect(nearestCentres(x, found)).toEqual(found.label);
  expect(nearestCentres(Float64Array.of(4, 1, 0, 0, 1, 6), found)).toEqual(Uint16Array.of(1, 0, 2));
  expect(nearestCentres(Float64Array.of(4, 1), found)).toEqual(Uint16Array.of(1));
});

test("clusters do not depend on the order of the columns or on where zero is", async () => {
  const found = await kMeans(x, options);
  const swapped = x.map((_, i) => 10 + x[i ^ 1]!);
  const other = await kMeans(swapped, options);
  expect(adjustedRandIndex(found.label, other.label)).toBe(1);
});

test("starting rows differ, and far clouds each get one", () => {
  const far = Float64Array.from({ length: 400 }, (_, i) => 1000 * (i % 4) + i / 400);
  for (let s = 0; s < 20; s++) {
    const rows = plusPlusRows(far, 1, 4, fold(key("far"), s));
    expect(new Set(Array.from(rows, (n) => n % 4)).size).toBe(4);
  }
});

test("what cannot be clustered is refused", async () => {
  await expect(kMeans(Float64Array.of(1, 1, 1, 2), { ...options, columns: 1 })).rejects.toThrow(
    "x: expected at least 3 rows that differ, got 2",
  );
  await expect(kMeans(Float64Array.of(1, Number.NaN), { ...options, columns: 1 })).rejects.toThrow(
    "x[1]: expected a finite number, got NaN",
  );
  await expect(kMeans(x.subarray(1), options)).rejects.toThrow("x: expected 598 values, got 599");
});
