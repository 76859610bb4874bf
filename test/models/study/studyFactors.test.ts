import { beforeAll, describe, expect, it } from "vitest";
import { core, models } from "../../../lib/index.js";

const root = core.key("study of factors");
const planted = {
  loadings: core.fromRows([
    [1, 0.5],
    [0.9, 0.4],
    [0.8, -0.6],
    [0.9, -0.5],
    [0.7, 0.1],
    [0.8, 0],
  ]),
  ownVariance: new Float64Array(6).fill(0.4),
  centre: new Float64Array(6),
};
const rowsOf = (rows: number, name: string) => ({
  rows,
  x: models.factor.simulateLinearFactors(planted, rows, core.fold(root, name)).x,
});
const data = {
  names: ["A", "B", "C", "D", "E", "F"],
  train: rowsOf(1500, "train"),
  validation: rowsOf(500, "validation"),
  test: rowsOf(500, "test"),
};
const equal = new Float64Array(6).fill(1 / 6);

describe("a factor model without hidden layers", () => {
  let fit: models.FactorStudy;
  beforeAll(async () => {
    fit = await models.factorModel({ data, factors: 2, key: root });
  });

  it("has the exact likelihood of factor analysis", () => {
    const exact = models.factor.factorAnalysis(data.train.x, 6, { factors: 2 });
    const logs = models.factor.linearFactorLogLikelihood(exact, data.test.x);
    expect(core.mean(fit.logLikelihood(data.test))).toBeCloseTo(core.mean(logs), 10);
  });

  it("has the same loadings up, down and on average, and a straight traversal", () => {
    const [up, down] = [fit.loadings("up").mean, fit.loadings("down").mean];
    expect(Math.max(...up.clone().sub(down).to1DArray().map(Math.abs))).toBeLessThan(1e-12);
    const { paths } = fit.traversal({ factor: 0, sigmas: [-1, 0, 1] });
    paths.forEach((path, a) => {
      expect(path[2]! - path[1]!).toBeCloseTo(fit.loadings().mean.get(a, 0), 10);
      expect(path[1]! - path[0]!).toBeCloseTo(fit.loadings().mean.get(a, 0), 10);
    });
  });

  it("splits the variance of a portfolio into factors and idiosyncratic risk alone, near the planted fractions", () => {
    const { factorShares, residualShare, ownShare } = fit.risk(equal);
    const factorVariance = core.sum([0, 1].map((k) => core.mean(planted.loadings.getColumn(k)) ** 2));
    const fraction = factorVariance / (factorVariance + 0.4 / 6);
    expect(Math.abs(residualShare)).toBeLessThan(1e-10);
    expect(core.sum(factorShares) + ownShare).toBeCloseTo(1, 10);
    expect(Math.abs(core.sum(factorShares) - fraction)).toBeLessThan(0.03);
  });

  it("has no negative share for a portfolio that a factor hardly moves: each is the square of equation (5)", () => {
    const b = fit.loadings().mean;
    // orthogonal to the first factor but for a thousandth, so that its share is a millionth
    const [p, q] = [b.get(0, 0), b.get(1, 0)];
    const weights = [q + 0.001, -p, 0, 0, 0, 0];
    const { factorShares, variance } = fit.risk(weights);
    [0, 1].forEach((k) => {
      const square = (weights[0]! * b.get(0, k) + weights[1]! * b.get(1, k)) ** 2;
      expect(factorShares[k]!).toBeCloseTo(square / variance, 12);
    });
    expect(factorShares[0]!).toBeGreaterThan(0);
  });

  it("gains nothing from shared tails on normal rows, and draws scenarios of the rows' variance with them", async () => {
    const tails = await models.factorModel({ data, factors: 2, sharedTails: true, key: root });
    const gain = core.mean(tails.logLikelihood(data.test)) - core.mean(fit.logLikelihood(data.test));
    expect(Math.abs(gain)).toBeLessThan(0.02);
    const { returns } = tails.scenarios({ count: 5000, key: root });
    expect(core.variance(returns) / core.variance(data.train.x)).toBeCloseTo(1, 1);
  });

  it("refuses a factor that it does not have", () => {
    expect(() => fit.traversal({ factor: 2 })).toThrow(/index below 2, got 2/);
  });
});

describe("a factor model with a hidden layer", () => {
  it("loses on linear rows what its bound and its noise cost, a seventh of a nat at most, with attributions that add up", async () => {
    const fit = await models.factorModel({
      data,
      factors: 2,
      hidden: [8],
      epochs: 80,
      seeds: 2,
      batchSize: 64,
      key: root,
    });
    const exact = await models.factorModel({ data, factors: 2, key: root });
    const loss = core.mean(exact.logLikelihood(data.test)) - core.mean(fit.logLikelihood(data.test));
    expect(Math.abs(loss)).toBeLessThan(1 / 7);
    const { values } = fit.attribute(data.test, equal);
    const whole = models.factor.weightedReturns(equal, data.test.x);
    expect(
      Math.max(...whole.map((r, n) => Math.abs(r - core.sum(values.map((part) => part[n]!))))),
    ).toBeLessThan(1e-9);
    expect(fit.loadings().each).toHaveLength(2);
  });
});
