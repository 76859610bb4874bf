/** A sweep of β as a study: what is predicted for linear maps comes out, and what is read off the networks is what is there. */
import { beforeAll, describe, expect, test } from "vitest";
import { core, models } from "../../../lib/index.js";

const root = core.key("beta sweep");
const variances = [4, 1, 0.25];
const rowsOf = (name: string, rows: number) =>
  core.normals(core.fold(root, name), 3 * rows).map((e, i) => e * Math.sqrt(variances[i % 3]!));
const data = models.tableData({
  columns: ["a", "b", "c"],
  train: rowsOf("train", 1000),
  test: rowsOf("test", 600),
});
let fit: Awaited<ReturnType<typeof models.train<ReturnType<typeof models.betaVae>["network"]>>>;

beforeAll(async () => {
  const linear = models.betaVae({ data, latent: 3, hidden: [], noiseVariance: 0.1 });
  fit = await models.train(linear, data, {
    beta: [1, 4, 16],
    epochs: 60,
    batchSize: 100,
    learningRate: 1e-2,
    key: root,
  });
}, 300_000);

describe("sweepTable", () => {
  test("a trained linear sweep ends where reverse water-filling predicts", () => {
    const { betas, networks } = models.sweepTable(fit, data.train, { key: root, rows: 600 });
    expect(networks.map(({ beta, seed }) => [beta, seed])).toEqual([
      [1, 0],
      [4, 0],
      [16, 0],
    ]);
    expect(betas.map((row) => row.activePredicted)).toEqual([3, 2, 1]);
    for (const row of betas) {
      expect(row.active).toBe(row.activePredicted);
      expect(Math.abs(row.kl - row.klPredicted)).toBeLessThan(0.15);
      expect(Math.abs(row.error / row.errorPredicted - 1)).toBeLessThan(0.15);
    }
  });

  test("the default noise variance is that of probabilistic PCA", () => {
    const two = models.betaVae({ data, latent: 2, hidden: [] });
    const { eigenvalues } = models.factor.principalComponents(Float64Array.from(data.train.x), 3);
    expect(two.noiseVariance).toBeCloseTo(eigenvalues[2]!, 6);
  });

  test("a model without a target refuses to predict, and bad rows are refused", () => {
    expect(() => fit.at(1).predict(data.test)).toThrow("predict: expected a model with a head for returns");
    expect(() => models.tableData({ columns: ["a"], train: [1, Number.NaN], test: [1] })).toThrow("train");
  });
});

test("reconstruct decodes the posterior mean of the row; dimensions come largest KL first", () => {
  const { input, decoded, kl, active, error } = models.reconstruct(fit.at(1), data.test, 5);
  expect(Array.from(input)).toEqual(Array.from(data.test.x.subarray(15, 18)));
  expect(error).toBeLessThan(0.2);
  expect(Array.from(kl)).toEqual(Array.from(kl).sort((a, b) => b - a));
  expect(active).toBe(3);
  expect(decoded.length).toBe(3);
  expect(() => models.reconstruct(fit, data.test, 600)).toThrow("row: expected an index below 600");
  const order = models.dimensionsByKl(fit.at(1), data.test);
  expect(fit.at(1).encode(data.test).klPerDimension[order[0]!]).toBeCloseTo(kl[0]!, 6);
});

test("a linear network matches factors that lie on the axes as principal components do", () => {
  const factors = [0, 1, 2].map((k) => Float64Array.from({ length: 600 }, (_, n) => data.test.x[3 * n + k]!));
  const { networks, components } = models.factorMatches(fit, data.test, factors);
  expect(components.mig).toBeGreaterThan(0.5);
  expect(networks[0]!.mig).toBeGreaterThan(0.4);
  for (const row of components.fractions) for (const fraction of row) expect(fraction).toBeLessThanOrEqual(1);
  const telling = networks[2]!.fractions.filter((row) => Math.max(...row) > 0);
  expect(telling.length).toBe(1); // at β = 16 one dimension is active; the ranks of the others tell nothing
  const noise = factors.map((_, k) => core.normals(core.fold(root, "noise", k), 600));
  expect(models.factorMatches(fit, data.test, noise).networks[0]!.mig).toBeLessThan(0.05);
});

test("movementsOf gives the reading of a column to the dimension that encodes it", () => {
  const readings = [
    { name: "a", of: (row: Float32Array) => row[0]! },
    { name: "b", of: (row: Float32Array) => row[1]! },
  ];
  const strongest = models.autoencoder.strongestMovements(models.movementsOf(fit.at(1), readings));
  for (const { share } of strongest) expect(share).toBeGreaterThan(0.7);
  expect(strongest[0]!.latent).not.toBe(strongest[1]!.latent);
});

test("latentMeans are the posterior means of one network, a column a dimension", () => {
  const columns = models.latentMeans(fit, data.test, { network: 1 });
  const { mean } = fit.at(4).encode(data.test);
  expect(columns.length).toBe(3);
  columns.forEach((column, k) => {
    expect(column.length).toBe(600);
    expect(column[7]).toBeCloseTo(mean[3 * 7 + k]!, 6);
  });
});

test("editWindow moves one reading of the decoded row and keeps another", () => {
  const aims = [
    { name: "a", of: (row: Float32Array) => row[0]!, change: 1, tolerance: 1e-3 },
    { name: "b", of: (row: Float32Array) => row[1]!, change: 0, tolerance: 1e-3 },
  ];
  const { original, edited, before, after, distance, reached } = models.editWindow(fit.at(1), data.test, {
    row: 5,
    aims,
  });
  expect(reached).toBe(true);
  expect(Math.abs(original[0]! - data.test.x[15]!)).toBeLessThan(0.4); // decoded from the row's own latent vector
  expect(before[0]).toBe(original[0]);
  expect(Math.abs(edited[0]! - original[0]! - 1)).toBeLessThan(2e-3);
  expect(Math.abs(after[1]! - before[1]!)).toBeLessThan(2e-3);
  // the direction has a deviation of 2, and the decoder takes a step of one σ of the prior to about that
  expect(Math.abs(distance - 0.5)).toBeLessThan(0.1);
  expect(() => models.editWindow(fit.at(1), data.test, { row: 600, aims })).toThrow(
    "row: expected an integer",
  );
});

describe("what goes with returns", () => {
  const hour = 3_600_000;
  const part = (from: number, rows: number, x: ArrayLike<number>, follow: number) => {
    const plain = models.tableData({ columns: ["a", "b", "c"], train: x, test: x }).train;
    const decidedAt = Float64Array.from({ length: rows }, (_, n) => (from + n) * hour);
    const chance = core.normals(core.fold(root, "returns", from), rows);
    const returns = chance.map((e, n) => follow * x[3 * n + 1]! + e);
    return { ...plain, decidedAt, resolvedAt: decidedAt.map((t) => t + hour), returns };
  };
  const parts = (follow: number) => ({
    train: part(0, 1000, rowsOf("train", 1000), follow),
    validation: part(1000, 600, rowsOf("test", 600), follow),
    stepMs: hour,
  });

  test("a planted connection is found in every fold, and none where there is none", () => {
    const options = { folds: 4, key: root, replicates: 99 };
    const planted = models.forwardByBeta(fit, { data: parts(-0.5), ...options });
    expect(planted.betas).toEqual([1, 4, 16]);
    const [one] = planted.networks.candidates;
    expect(one!.folds.length).toBe(4);
    for (const ic of one!.folds) expect(ic).toBeGreaterThan(0.2);
    expect(planted.networks.p).toBeLessThanOrEqual(0.02);
    expect(planted.components.candidates[0]!.mean).toBeGreaterThan(0.3);
    const none = models.forwardByBeta(fit, { data: parts(0), ...options });
    expect(Math.abs(none.networks.candidates[0]!.mean)).toBeLessThan(
      4 * none.networks.candidates[0]!.standardError,
    );
  });

  test("bestSignal reads the dimension the right way round on later rows", () => {
    const { train, validation } = parts(-0.5);
    const { values } = models.bestSignal(fit.at(1), train, validation);
    expect(core.correlation(values, validation.returns)).toBeGreaterThan(0.25);
    const negative = models.bestColumn([Float64Array.of(3, 2, 1)], Float64Array.of(1, 2, 3), [
      Float64Array.of(5, 6),
    ]);
    expect(negative).toEqual({ dimension: 0, values: Float64Array.of(-5, -6) });
  });
});

test("active latents are the columns of the dimensions in use, of the network asked for", () => {
  const [first, , last] = [0, 1, 2].map((network) => models.activeLatents(fit, data.test, { network }));
  expect(first!.length).toBe(3);
  expect(last!.length).toBe(1);
  const all = fit.at(16).encode(data.test).mean;
  const columns = models.disentangle.latentColumns(all, 3);
  expect(columns.map((column) => Array.from(column))).toContainEqual(Array.from(last![0]!));
});

test("anomalies of a study are a row's own: a row far away has more KL and more bound than the rest", () => {
  const x = data.test.x.slice(0, 30);
  x.set([40, 40, 40], 27);
  const { kl, reconstruction, bound } = models.anomalies(fit.at(1), x, { draws: 4, key: root });
  expect(kl.length).toBe(10);
  expect(kl[9]).toBeGreaterThan(10 * Math.max(...kl.slice(0, 9)));
  expect(bound[9]).toBeCloseTo(kl[9]! + reconstruction[9]!, 9);
});
