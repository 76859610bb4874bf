import { describe, expect, it } from "vitest";
import { core, models } from "../../../../lib/index.js";
import { placeFactors } from "../../../../lib/models/factor/linear/orderedFactors.js";

const root = core.key("ordered factors");
const planted = {
  loadings: core.fromRows([
    [0.2, -1],
    [0.3, -0.9],
    [0.1, -1.1],
    [-0.4, -0.8],
    [0.5, -0.9],
  ]),
  ownVariance: Float64Array.of(0.3, 0.4, 0.5, 0.2, 0.3),
  centre: Float64Array.of(0.1, 0, 0, 0, -0.2),
};
const { x } = models.factor.simulateLinearFactors(planted, 400, root);
const exact = models.factor.factorAnalysis(x, 5, { factors: 2 });
const vae = models.factor.linearVae(exact);

describe("the linear factor model as an autoencoder", () => {
  it("has its exact likelihood as importance bound, with a single draw", () => {
    const { importance } = models.autoencoder.rowBounds(vae, x, { draws: 1, key: root });
    const exactly = models.factor.linearFactorLogLikelihood(exact, x);
    expect(Math.max(...importance.map((log, n) => Math.abs(log - exactly[n]!)))).toBeLessThan(1e-8);
  });
});

describe("factors in an order", () => {
  const swapped = placeFactors(vae, [
    { dimension: 1, sign: -1 },
    { dimension: 0, sign: 1 },
  ]);

  it("decode a row to the same place as before", () => {
    const row = x.subarray(0, 5);
    const [before, after] = [vae.decode(vae.encode(row).mean), swapped.decode(swapped.encode(row).mean)];
    expect(Math.max(...before.map((v, a) => Math.abs(v - after[a]!)))).toBeLessThan(1e-12);
  });

  it("have the derivative of the decoder they are of", () => {
    const z = [0.3, -0.7];
    const finite = models.autoencoder.finiteJacobian((at) => swapped.decode(at), z, 1e-4).to1DArray();
    expect(Math.max(...swapped.jacobian(z).map((v, i) => Math.abs(v - finite[i]!)))).toBeLessThan(1e-9);
  });

  it("explain most first, with loadings whose cubes sum to a positive number, in every network", () => {
    const [first, second] = models.factor.alignFactors([swapped, vae], root);
    const [a, b] = [first!, second!].map((own) => models.factor.meanJacobian(own, new Float64Array(2)));
    expect(core.sum(a!.getColumn(0).map((v) => v ** 2))).toBeGreaterThan(
      core.sum(a!.getColumn(1).map((v) => v ** 2)),
    );
    expect(core.sum(a!.getColumn(0).map((v) => v ** 3))).toBeGreaterThan(0);
    expect(Math.max(...a!.to1DArray().map((v, i) => Math.abs(v - b!.to1DArray()[i]!)))).toBeLessThan(1e-12);
  });
});

describe("the returns of a portfolio by factor", () => {
  const weights = [0.2, 0.2, 0.2, 0.2, 0.2];
  const parts = models.factor.attributeReturns(vae, weights, exact.loadings, x);

  it("sum to the return of every row, of which a linear decoder leaves only a constant nonlinear", () => {
    const whole = models.factor.weightedReturns(weights, x);
    whole.forEach((r, n) => {
      expect(core.sum(parts.values.map((part) => part[n]!))).toBeCloseTo(r, 10);
    });
    expect(core.standardDeviation(parts.values[2]!)).toBeLessThan(1e-12);
  });

  it("have contributions that add up to the variance of every window", () => {
    const windows = models.factor.windowContributions(parts.values, 100);
    const whole = models.factor.weightedReturns(weights, x);
    expect(windows).toHaveLength(4);
    windows.forEach((own, w) => {
      expect(core.sum(own)).toBeCloseTo(core.variance(whole.subarray(100 * w, 100 * w + 100)), 10);
    });
  });
});
