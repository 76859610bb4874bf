/** Tables of a sweep over β: matches with known factors, folds, strongest dimensions, signals; and data whose causes are known. */
import { beforeAll, describe, expect, test } from "vitest";
import { core, models } from "../../../lib/index.js";

const root = core.key("sweep tables");

describe("matchTable", () => {
  const network = (beta: number, seed: number, mig: number) => ({ beta, seed, mig, fractions: [] });
  const matches = {
    networks: [network(1, 0, 0.2), network(1, 1, 0.4), network(8, 0, 0.5), network(8, 1, 0.5)],
    components: { mig: 0.25, fractions: [] },
  };

  test("has the mean, the range and the gain over components of each β", () => {
    const [one, eight] = models.matchTable(matches);
    expect(one).toMatchObject({ beta: 1, networks: 2, least: 0.2, most: 0.4 });
    expect(one!.mig).toBeCloseTo(0.3, 12);
    expect(one!.gain).toBeCloseTo(0.05, 12);
    expect(eight!.gain).toBeCloseTo(0.25, 12);
  });

  test("the interval over two seeds is Student's with one degree of freedom: 12.7 standard errors", () => {
    const [one, eight] = models.matchTable(matches);
    expect(one!.half).toBeCloseTo(12.7062 * 0.1, 3); // deviation 0.1414 over √2
    expect(eight!.half).toBe(0);
    expect(models.matchTable({ ...matches, networks: [network(1, 0, 0.2)] })[0]!.half).toBeNaN();
  });
});

test("forwardTable has a row a β and one for the components, the folds before their mean", () => {
  const candidate = (folds: number[]) => ({
    ...{ folds, foldErrors: folds, mean: core.mean(folds), standardError: 0.5 },
  });
  const selection = (...candidates: ReturnType<typeof candidate>[]) => ({
    ...{ candidates, best: 0, benchmark: 0, probability: 0.5, p: 0.5 },
  });
  const rows = models.forwardTable({
    betas: [1, 4],
    networks: selection(candidate([0.1, 0.3]), candidate([0, 0])),
    components: selection(candidate([-0.1, -0.1])),
  });
  expect(rows.map(({ model }) => model)).toEqual(["β = 1", "β = 4", "components"]);
  expect(Object.entries(rows[0]!)).toEqual([
    ["model", "β = 1"],
    ["fold 1", 0.1],
    ["fold 2", 0.3],
    ["mean IC", 0.2],
    ["standard error", 0.5],
  ]);
});

test("gaussianTable has columns of the variances asked for, and other rows to test on", () => {
  const { train, test: fresh, columns } = models.gaussianTable([4, 0.25], { key: root, rows: 4000 });
  expect(columns).toEqual(["1", "2"]);
  const column = (k: number) => Float64Array.from({ length: 4000 }, (_, n) => train.x[2 * n + k]!);
  // the deviation of a sample variance is √(2 / N) of itself: 2.2 %, and four of these are allowed
  expect(Math.abs(core.variance(column(0)) / 4 - 1)).toBeLessThan(0.09);
  expect(Math.abs(core.variance(column(1)) / 0.25 - 1)).toBeLessThan(0.09);
  expect(Array.from(fresh.x.slice(0, 4))).not.toEqual(Array.from(train.x.slice(0, 4)));
  expect(() => models.gaussianTable([1, 0], { key: root, rows: 10 })).toThrow("variances[1]");
});

test("knownFactors knows the factors of its test part: its first column is nearly the first of them", () => {
  const toy = models.knownFactors({ key: root, train: 50, test: 400, strengths: [1.5, 1.25, 1.05, 0.9] });
  expect([toy.data.train.rows, toy.data.test.rows, toy.data.columns.length]).toEqual([50, 400, 12]);
  const first = Float64Array.from({ length: 400 }, (_, n) => toy.data.test.x[12 * n]!);
  expect(core.correlation(first, toy.factors[0]!)).toBeGreaterThan(0.9);
  expect(Math.abs(core.correlation(first, toy.factors[2]!))).toBeLessThan(0.2);
});

describe("of trained networks", () => {
  const data = models.gaussianTable([4, 1, 0.25], { key: root, rows: 800 });
  let sweep: Awaited<ReturnType<typeof models.train<ReturnType<typeof models.betaVae>["network"]>>>;

  beforeAll(async () => {
    const linear = models.betaVae({ data, latent: 3, hidden: [], noiseVariance: 0.1 });
    const run = { beta: [1, 16], epochs: 60, batchSize: 100, learningRate: 1e-2, key: root };
    sweep = await models.train(linear, data, run);
  }, 300_000);
  const readings = [0, 1].map((k) => ({ name: `column ${k + 1}`, of: (row: Float32Array) => row[k]! }));

  test("strongestDimensions counts dimensions from 1 and gives each column the one that encodes it", () => {
    const owners = models.strongestDimensions(sweep.at(1), readings);
    expect(owners.map(({ reading }) => reading)).toEqual(["column 1", "column 2"]);
    const kl = models.dimensionsByKl(sweep.at(1), data.test);
    expect(owners[0]!.dimension).toBe(kl[0]! + 1); // the strongest direction is the first column
    for (const { share } of owners) expect(share).toBeGreaterThan(0.5); // more than the other two together
  });

  test("movementShares is the mean share, and with one dimension in use it is one, as it must be", () => {
    const [many, single] = models.movementShares(sweep, readings, [3, 1]);
    expect(many!.share).toBeCloseTo(
      core.mean(models.strongestDimensions(sweep.at(1), readings).map(({ share }) => share)),
      12,
    );
    expect([many!.atLeast, single!.atLeast]).toEqual([1 / 3, 1]);
    expect(single!.share).toBeGreaterThan(0.9);
  });

  test("signalsByBeta is the best signal of each β by name", () => {
    const returns = Float64Array.from({ length: 800 }, (_, n) => data.train.x[3 * n]!);
    const signals = models.signalsByBeta(sweep, { ...data.train, returns }, data.test);
    expect(Object.keys(signals)).toEqual(["β = 1", "β = 16"]);
    const first = Float64Array.from({ length: 800 }, (_, n) => data.test.x[3 * n]!);
    expect(core.correlation(signals["β = 1"]!, first)).toBeGreaterThan(0.95);
  });

  test("bestComponent finds the component that goes with the returns, whatever its place and sign", () => {
    const returns = Float64Array.from({ length: 800 }, (_, n) => -data.train.x[3 * n + 1]!);
    const { dimension, values } = models.bestComponent({ ...data.train, returns }, data.test, 3);
    const second = Float64Array.from({ length: 800 }, (_, n) => -data.test.x[3 * n + 1]!);
    expect(dimension).toBe(1); // of the second largest variance
    expect(core.correlation(values, second)).toBeGreaterThan(0.99);
  });

  test("the level of a sweep's row is β times the stated noise variance", () => {
    const { betas } = models.sweepTable(sweep, data.train, { key: root, rows: 200 });
    expect(betas.map(({ level }) => level)).toEqual([0.1, 1.6]);
  });

  test("componentMatch is the components' part of factorMatches", () => {
    const factors = [0, 1, 2].map((k) =>
      Float64Array.from({ length: 800 }, (_, n) => data.test.x[3 * n + k]!),
    );
    const { components } = models.factorMatches(sweep, data.test, factors);
    expect(models.componentMatch(data.train, data.test, factors)).toEqual(components);
    expect(components.mig).toBeGreaterThan(0.5); // the axes are the factors
    expect(() => models.componentMatch(data.train, data.test, [factors[0]!.slice(1)])).toThrow("factors[0]");
  });
});
