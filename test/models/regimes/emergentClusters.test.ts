import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { covariance, mean } from "../../../lib/core/stats.js";
import { silhouetteTest } from "../../../lib/models/regimes/clusterScores.js";
import { kMeans } from "../../../lib/models/regimes/clusters.js";
import { emergentClusterTest, singleCloud } from "../../../lib/models/regimes/emergentClusters.js";
import { blobs } from "../support/regimes.js";

const { x } = blobs();
const options = { columns: 2, clusters: 3, starts: 3, key: key("emergent"), replicates: 39 };

test("a single cloud has the mean and the covariance of the rows", () => {
  const many = Float64Array.from({ length: 40 * x.length }, (_, i) => x[i % x.length]!);
  const cloud = singleCloud(many, 2, key("cloud"));
  const column = (of: Float64Array, d: number) => of.filter((_, i) => i % 2 === d);
  for (const d of [0, 1]) expect(Math.abs(mean(column(cloud, d)) - mean(column(x, d)))).toBeLessThan(0.09);
  const slant = (of: Float64Array) => covariance(column(of, 0), column(of, 1), 0);
  expect(Math.abs(slant(cloud) - slant(x))).toBeLessThan(0.2);
});

// VI-27
test("planted clusters are there", async () => {
  const tested = await emergentClusterTest(x, options);
  expect(tested.p).toBe(1 / 40);
  expect(tested.value).toBeGreaterThan(tested.null99 + 0.1);
});

test("clusters of a single cloud are not, though they beat labels shifted in time every time", async () => {
  let found = 0;
  for (let m = 0; m < 20; m++) {
    const cloud = normals(fold(key("cloud"), m), 400);
    if ((await emergentClusterTest(cloud, { ...options, replicates: 19, starts: 1 })).p <= 0.05) found++;
    const { label } = await kMeans(cloud, options);
    expect(silhouetteTest(cloud, label, options).p).toBe(1 / 40);
  }
  expect(found).toBeLessThan(4); // one expected of twenty; four or more once in sixty
});
