import { expect, test } from "vitest";
import { core, models } from "../../../lib/index.js";

const rows = 4000;
const zeros = new Float64Array(rows);
const forecastOf = (epistemic: number) =>
  core.normalForecast(
    {
      ...{ mean: zeros, aleatoric: zeros.map(() => 1e-4), latent: zeros },
      epistemic: zeros.map(() => epistemic),
    },
    { asset: zeros, decidedAt: zeros.map((_, n) => n) },
  );

test("a row tells mean and both standard deviations in basis points", () => {
  const [row] = models.inference.edgeRows({ only: forecastOf(9e-8) }, 5);
  expect(row!.edge).toBe(0);
  expect(row!["sd of the edge"]).toBeCloseTo(3, 9);
  expect(row!["sd of the return"]).toBeCloseTo(Math.sqrt(1e4 + 9), 9);
  expect(row!["P(return > 0)"]).toBe(0.5);
  expect(() => models.inference.edgeRows({ only: forecastOf(1) }, rows)).toThrow("below 4000");
});

test("intervals of the right width cover at their level, those half as wide cover less, and unknown truths are NaN", () => {
  const scale = zeros.map(() => 0.01);
  const y = core.normals(core.key(1), rows);
  const trueMean = core.normals(core.key(2), rows).map((e) => 3e-4 * e);
  const forecasts = { right: forecastOf(9e-8), narrow: forecastOf(9e-8 / 4) };
  const [right, narrow] = models.inference.coverageRows(forecasts, { y, scale, trueMean }, 0.9);
  const error = 100 * Math.sqrt((0.9 * 0.1) / rows);
  expect(Math.abs(right!["returns covered"] - 90)).toBeLessThan(4 * error);
  expect(Math.abs(right!["true edges covered"] - 90)).toBeLessThan(4 * error);
  const half = 100 * (2 * core.mean([0.7945]) - 1); // P(|z| < 1.645 / 2) = 2 Φ(0.8224) − 1
  expect(Math.abs(narrow!["true edges covered"] - half)).toBeLessThan(4 * 0.78);
  expect(models.inference.coverageRows(forecasts, { y, scale }, 0.9)[0]!["true edges covered"]).toBeNaN();
});
