import { describe, expect, it } from "vitest";
import { core, models } from "../../../lib/index.js";

const root = core.key("shared scale");
const planted = {
  loadings: core.fromRows([[1], [0.8], [0.6], [0.9]]),
  ownVariance: Float64Array.of(0.3, 0.4, 0.5, 0.2),
  centre: Float64Array.of(0.1, 0, -0.2, 0),
};
const rowsDensity = (x: Float64Array) => models.factor.linearFactorLogLikelihood(planted, x);
const density = models.factor.linearScaleDensities(planted);

/** Rows at scale 0.7 with probability 0.9 and at 2.5 otherwise, and log p of each. */
function mixture(rows: number) {
  const { x } = models.factor.simulateLinearFactors(planted, rows, core.fold(root, "rows"));
  const wide = core.uniforms(core.fold(root, "wide"), rows).map((u) => (u < 0.1 ? 2.5 : 0.7));
  return { x: x.map((v, i) => v * wide[Math.floor(i / 4)]!), wide };
}

describe("a scale that all assets share", () => {
  const { x, wide } = mixture(3000);
  const truth = { scales: Float64Array.of(0.7, 2.5), weights: Float64Array.of(0.9, 0.1) };

  it("is found as likely as the planted one, in the sample, and no more than chance allows", () => {
    const found = models.factor.fitSharedScale(density, x, 4, { scales: truth.scales });
    expect(found.weights[1]).toBeGreaterThan(0.1 - 3 * Math.sqrt(0.09 / 3000));
    expect(found.weights[1]).toBeLessThan(0.1 + 3 * Math.sqrt(0.09 / 3000));
    const grid = models.factor.fitSharedScale(density, x, 4);
    const logOf = (scale: models.factor.SharedScale) =>
      core.mean(models.factor.sharedScaleLogLikelihood(density, x, 4, scale));
    expect(Math.abs(logOf(grid) - logOf(truth))).toBeLessThan(0.01);
  });

  it("of one scale is the density of the rows over it, with the change of variables", () => {
    const one = { scales: Float64Array.of(2), weights: Float64Array.of(1) };
    const by = models.factor.sharedScaleLogLikelihood(density, x, 4, one);
    const halved = rowsDensity(x.map((v) => v / 2));
    expect(Math.max(...by.map((log, n) => Math.abs(log - halved[n]! + 4 * Math.log(2))))).toBeLessThan(1e-12);
  });

  it("has the same density by three values of the linear model as by one for each scale", () => {
    const scales = Float64Array.of(0.3, 1, 5);
    const [exact, asked] = [density, models.factor.scaleDensities(rowsDensity)].map((of) =>
      of(x.slice(0, 400), scales),
    );
    exact!.forEach((row, n) => {
      row.forEach((log, j) => {
        expect(log).toBeCloseTo(asked![n]![j]!, 8);
      });
    });
  });

  it("is larger for the rows that were drawn wide", () => {
    const scales = models.factor.expectedScales(density, x, 4, truth);
    const of = (which: number) => core.mean(scales.filter((_, n) => wide[n] === which));
    expect(of(2.5)).toBeGreaterThan(1.5 * of(0.7));
  });

  it("is drawn with its probabilities", () => {
    const draws = models.factor.drawScales(truth, 20_000, root);
    const fraction = core.mean(draws.map((s) => (s === 2.5 ? 1 : 0)));
    expect(Math.abs(fraction - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / 20_000));
  });
});
