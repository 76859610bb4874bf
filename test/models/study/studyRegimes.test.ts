/** Parts of a study that chapters put into tables: regimes by the head, restored features, parts of the uncertainty, folds. */
import { beforeAll, expect, test } from "vitest";
import { core, features, models } from "../../../lib/index.js";
import { simulatedMarket } from "../../support/simulatedMarket.js";

const bars = simulatedMarket({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 900 });
const folds = features.forwardDatasets(bars, { length: 12, horizon: 4, stride: 3, folds: 2, first: 0.5 });
const data = folds[0]!;
const model = models.vae({ data, latent: 2, hidden: [8] });
let fit: Awaited<ReturnType<typeof models.train<typeof model.network>>>;

beforeAll(async () => {
  fit = await models.train(model, data, { epochs: 2, batchSize: 64, beta: 1, seeds: 1 });
}, 300_000);

test("the head names one of three regimes for each row: that of greatest mean probability", () => {
  const key = core.key(3);
  const named = models.headRegimes(fit, data.test, { draws: 4, key });
  const { regimes } = models.market.marketForecast(model.network, fit.weights, fit.encode(data.test), {
    ...{ draws: 4, key },
  });
  expect(named.length).toBe(data.test.rows);
  named.forEach((regime, n) => {
    const own = regimes.subarray(3 * n, 3 * n + 3);
    expect(own[regime]).toBe(Math.max(...own));
  });
});

test("a table of folds counts the windows of each part, and their returns follow one another", () => {
  const rows = features.describeFolds(folds);
  expect(rows.map(({ fold }) => fold)).toEqual([1, 2]);
  expect(rows[1]!.test).toBe(folds[1]!.test.rows);
  expect(rows[0]!["test begins"].getTime()).toBe(data.test.decidedAt[0]);
  const returns = features.testReturns(folds);
  expect(returns.length).toBe(folds[0]!.test.rows + folds[1]!.test.rows);
  expect(returns[data.test.rows]).toBe(folds[1]!.test.returns[0]);
});

test("the table of restored features has their mean, the best in front and the worst last", () => {
  const restored = [0.2, 0.9, 0.5, 0.1].map((decoded, f) => ({
    feature: `f${f}`,
    decoded,
    windowMean: decoded / 2,
  }));
  const rows = models.restoredRows(restored, { best: 1, worst: 2 });
  expect(rows.map(({ feature }) => feature)).toEqual(["mean of all", "f1", "f0", "f3"]);
  expect(rows[0]!.decoded).toBeCloseTo(0.425, 12);
  expect(rows[0]!.windowMean).toBeCloseTo(0.2125, 12);
  expect(() => models.restoredRows(restored, { best: 3, worst: 2 })).toThrow("features");
});

test("the parts of the uncertainty are roots of mean variances, in basis points", () => {
  const of = (...values: number[]) => Float64Array.from(values);
  const parts = models.uncertaintyParts({
    ...{ mean: of(0, 0), aleatoric: of(1e-4, 3e-4), latent: of(0, 0), epistemic: of(1e-8, 1e-8) },
  });
  expect(parts.aleatoric).toBeCloseTo(1e4 * Math.sqrt(2e-4), 9);
  expect(parts.latent).toBe(0);
  expect(parts.epistemic).toBeCloseTo(1, 9);
});
