/** Portfolios of forecasts, each with the covariance of the bars before it. */
import { expect, test } from "vitest";
import { fromRows, key, normalForecast, normals, sum } from "../../lib/core/index.js";
import { portfoliosAlong } from "../../lib/live/portfoliosAlong.js";
import { sampleCovariance, variationalPortfolio } from "../../lib/portfolio/index.js";

const count = 60;
const values = normals(key("portfolios"), 2 * count).map((z) => 0.01 * z);
const returns = { time: Float64Array.from({ length: count }, (_, t) => t), names: ["A", "B"], values };
const forecast = (time: number, asset = [0, 1]) =>
  normalForecast(
    {
      ...{
        mean: Float64Array.from(asset, (a) => 1e-3 * (a + 1)),
        aleatoric: Float64Array.from(asset, () => 1e-4),
      },
      ...{ latent: new Float64Array(asset.length), epistemic: Float64Array.from(asset, () => 1e-6) },
    },
    { asset, decidedAt: asset.map(() => time) },
  );
const options = { past: 30, horizon: 4, riskAversion: 5 };

test("the covariance is that of the last bars up to the decision, over the horizon", () => {
  const [found] = portfoliosAlong([forecast(40)], returns, options);
  const { time, weights } = found!;
  const rows = Array.from({ length: 30 }, (_, i) => [values[2 * (11 + i)]!, values[2 * (11 + i) + 1]!]);
  const byHand = variationalPortfolio({
    ...{ expected: [1e-3, 2e-3], uncertainty: [1e-3, 1e-3], riskAversion: 5 },
    covariance: sampleCovariance(fromRows(rows)).mul(4),
  });
  expect([time, ...weights]).toEqual([40, ...byHand]);
  expect(sum(weights)).toBeCloseTo(1, 9);
});

test("tomorrow's returns do not move today's weights, and a forecast of some assets makes no portfolio", () => {
  const later = { ...returns, values: values.map((r, i) => (i >= 2 * 41 ? 9 * r : r)) };
  const [today] = portfoliosAlong([forecast(40), forecast(41, [0])], returns, options);
  expect(portfoliosAlong([forecast(40)], later, options)).toEqual([today]);
});

test("a forecast with too few bars behind it is refused", () => {
  expect(() => portfoliosAlong([forecast(10)], returns, options)).toThrow(
    /30 bars before a forecast, got 11/,
  );
});
