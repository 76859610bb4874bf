/** Ensembles of several sizes out of the same networks. */
import { expect, test } from "vitest";
import { core, models } from "../../../lib/index.js";

const HOUR = 3_600_000;
const part = {
  ...{ rows: 2, x: new Float32Array(2), y: new Float32Array(4), asset: new Uint16Array(2) },
  ...{ decidedAt: Float64Array.of(HOUR, 30 * HOUR), returns: Float64Array.of(0, 0.01) },
};
/** Networks that say −1 %, +1 % and 0 of every row, each with a standard deviation of 1 %. */
const centres = [-0.01, 0.01, 0];
const fit = {
  settings: centres.map((_, seed) => ({ beta: 1, seed })),
  network: (i: number) => ({
    predict: () =>
      core.normalForecast(
        {
          ...{ mean: Float64Array.of(centres[i]!, centres[i]!), aleatoric: Float64Array.of(1e-4, 1e-4) },
          ...{ latent: new Float64Array(2), epistemic: new Float64Array(2) },
        },
        part,
      ),
  }),
} as unknown as models.StudyFit;

test("two networks that disagree are one normal distribution with the sum of both variances", () => {
  const [one, two] = models.scoreEnsembles(fit, part, [1, 2]);
  const nll = (value: number, mean: number, variance: number) =>
    0.5 * Math.log(2 * Math.PI * variance) + (value - mean) ** 2 / (2 * variance);
  expect(one!.model).toBe("1 network");
  expect(one!.nll).toBeCloseTo((nll(0, -0.01, 1e-4) + nll(0.01, -0.01, 1e-4)) / 2, 9);
  expect(two!.nll).toBeCloseTo((nll(0, 0, 2e-4) + nll(0.01, 0, 2e-4)) / 2, 9);
  expect(two!.difference).toBeCloseTo(two!.nll - one!.nll, 12);
});

test("more networks than there are is refused", () => {
  expect(() => models.scoreEnsembles(fit, part, [1, 4])).toThrow("networks of the fit");
});
