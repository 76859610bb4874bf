/** A whole study in ten lines, as the README shows it: from bars to a tear sheet. */
import { beforeAll, describe, expect, test } from "vitest";
import { core, features, market, models, plot, trading } from "../../../lib/index.js";

let bars: Awaited<ReturnType<typeof market.open>>;
let data: ReturnType<typeof features.dataset>;
const small = { epochs: 2, batchSize: 64 };
let vae: ReturnType<typeof models.vae>;
let fit: Awaited<ReturnType<typeof models.train<typeof vae.network>>>;

beforeAll(async () => {
  bars = await market.open({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 700 });
  data = features.dataset(bars, { length: 12, horizon: 4, stride: 2 });
  vae = models.vae({ data, latent: 3, hidden: [16] });
  fit = await models.train(vae, data, { ...small, beta: 4, seeds: 2 });
}, 300_000);

test("the ten lines run: forecast, weights, ledger, figures", () => {
  const forecast = fit.predict(data.test, { draws: 10 });
  expect(forecast.mean.length).toBe(data.test.rows);
  expect(forecast.names).toEqual(["BTCUSDT", "ETHUSDT"]);
  const result = trading.backtest(trading.size(forecast, { maxWeight: 0.5 }), bars, {
    costs: trading.BYBIT_COSTS,
  });
  expect(result.time[0]).toBe(data.test.decidedAt[0]);
  expect(result.time.at(-1)).toBe(data.test.decidedAt.at(-1)! + 2 * data.stepMs);
  expect(plot.tearSheet(result).data.length).toBeGreaterThan(0);
  expect(plot.traversal(fit, { dimension: 0 }).data.length).toBe(9 * 4);
});

test("a forecast of a row does not depend on the rows beside it, and comes again", () => {
  const all = fit.predict(data.test, { draws: 5 });
  const again = fit.predict(data.test, { draws: 5 });
  expect(again.mean).toEqual(all.mean);
  const half = firstRows(5);
  const some = fit.predict(half, { draws: 5 });
  for (let n = 0; n < 5; n++) expect(some.mean[n]).toBeCloseTo(all.mean[n]!, 7);
});

test("seeds are exchangeable and differ: their spread is the epistemic variance", () => {
  const { epistemic, latent, aleatoric } = fit.predict(data.test, { draws: 20 });
  expect(Math.min(...epistemic)).toBeGreaterThan(0);
  expect(Math.min(...latent)).toBeGreaterThan(0);
  expect(Math.min(...aleatoric)).toBeGreaterThan(0);
});

describe("a sweep", () => {
  test("names its networks, compares like with like, and predicts by one β alone", async () => {
    const sweep = await models.train(vae, data, { ...small, beta: [1, 8], seeds: 2 });
    expect(sweep.settings).toEqual([
      { beta: 1, seed: 0 },
      { beta: 1, seed: 1 },
      { beta: 8, seed: 0 },
      { beta: 8, seed: 1 },
    ]);
    expect(() => sweep.predict(data.test)).toThrow("predict: expected networks of one β");
    expect(() => sweep.at(3)).toThrow("beta: expected one of 1, 8, got 3");
    const alone = await models.train(vae, data, { ...small, beta: 8, seeds: 2 });
    expect(sweep.at(8).weights.parameters).toEqual(alone.weights.parameters);
    expect(sweep.at(8).encode(data.test).shape).toEqual([2, data.test.rows, 3]);
  }, 300_000);
});

test("a Bayesian network takes the same lines; it has no traversal and says so", async () => {
  const model = models.bnn({ data, hidden: [16] });
  const trained = await models.train(model, data, small);
  const forecast = trained.predict(data.test, { draws: 20 });
  expect(Math.min(...forecast.epistemic)).toBeGreaterThan(0);
  expect(core.mean(forecast.latent)).toBe(0);
  expect(() => trained.traversal({ dimension: 0 })).toThrow("traversal: expected a model with a decoder");
}, 300_000);

test("numbers and schedules alike; what makes no sense is refused by name", async () => {
  await expect(models.train(vae, data, { ...small, beta: -1 })).rejects.toThrow(
    "beta: expected a number of zero or more",
  );
  await expect(models.train(vae, data, { ...small, learningRate: 0 })).rejects.toThrow("learningRate");
  expect(() => models.vae({ data, latent: 0 })).toThrow("latent");
  expect(() => models.vae({ data, latent: 2, encoder: "linear", dropout: 0.1 })).toThrow(
    'dropout: expected an encoder with hidden layers, got "linear"',
  );
});

function firstRows(rows: number) {
  const { x, y, asset, decidedAt } = data.test;
  const size = x.length / data.test.rows;
  return {
    ...{ rows, x: x.slice(0, rows * size), y: y.slice(0, rows * 5) },
    ...{ asset: asset.slice(0, rows), decidedAt: decidedAt.slice(0, rows) },
  };
}
