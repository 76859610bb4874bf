import { expect, test } from "vitest";
import { core, trading } from "../../../lib/index.js";
import { simulatedMarket } from "../../support/simulatedMarket.js";

const market = simulatedMarket({ symbols: ["BTCUSDT"], bars: 900 });
const decidedAt = market.bars[0]!.openTime.map((open) => open + market.stepMs).slice(0, 800);
const zeros = new Float64Array(800);
const edge = core.normals(core.key(1), 800).map((e) => 1e-3 * e);
const forecastWith = (epistemic: Float64Array) =>
  core.normalForecast(
    { mean: edge, aleatoric: zeros.map(() => 1e-4), latent: zeros, epistemic },
    { asset: zeros, decidedAt, names: ["BTCUSDT"] },
  );
const options = { key: core.key(2), placebos: 9, block: 100, scale: zeros.map(() => 0.01) };

test("equal uncertainties have placebos that do exactly as well: the p-values are one", () => {
  const study = trading.significance.sizingPlacebo(forecastWith(zeros.map(() => 1e-8)), market, {
    ...{ ...options, trueMean: edge },
  });
  expect(study.sharpeP).toBe(1);
  expect(study.gainP).toBe(1);
  expect(study.rows[2]!.gain).toBeCloseTo(study.rows[1]!.gain, 9);
  expect(study.rows[1]!.gain).toBeGreaterThan(study.rows[0]!.gain); // larger where the edge is larger
  expect(study.difference).toBeCloseTo(study.rows[1]!.Sharpe - study.rows[0]!.Sharpe, 9);
});

test("uncertainty that marks the hours whose edge is false beats every placebo by the known gain", () => {
  const isFalse = (n: number) => n % 2 === 0;
  const epistemic = zeros.map((_, n) => (isFalse(n) ? 1 : 1e-10));
  const trueMean = edge.map((mu, n) => (isFalse(n) ? -mu : mu));
  const study = trading.significance.sizingPlacebo(forecastWith(epistemic), market, { ...options, trueMean });
  expect(study.gainP).toBeCloseTo(0.1, 12);
  const unknown = trading.significance.sizingPlacebo(forecastWith(epistemic), market, options);
  expect(unknown.gainP).toBeNaN();
  expect(unknown.rows[0]!.gain).toBeNaN();
});
