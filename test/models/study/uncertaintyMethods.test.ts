/** Five methods on one data set, and plain networks of a study. */
import { expect, test } from "vitest";
import { core, features, market, models } from "../../../lib/index.js";

const opened = market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 700 });
const settings = { length: 2, horizon: 1, features: features.returnInput };

test("each of the five predicts every row with a positive variance, has some epistemic part, and is counted and timed", async () => {
  const data = features.dataset(await opened, settings);
  let now = 0;
  const methods = await models.uncertaintyMethods({
    ...{ data, part: data.test, hidden: [4], draws: 5, members: 3, dropout: 0.2, processRows: 50 },
    ...{ training: { epochs: 2, batchSize: 64 }, key: core.key(3), clock: () => (now += 1000) },
  });
  expect(methods.map(({ method }) => method)).toEqual([
    "Bayesian network",
    "MC dropout",
    "ensemble of 3",
    "last-layer Laplace",
    "Gaussian process, 50 rows",
  ]);
  const one = (34 + 1) * 4 + (4 + 1) * 2;
  expect(methods.map(({ parameters }) => parameters)).toEqual([2 * one, one, 3 * one, one + 15, 50 * 35]);
  for (const { forecast, trainingSeconds, millisecondsPerRow } of methods) {
    expect(forecast.mean.length).toBe(data.test.rows);
    expect(Math.min(...forecast.aleatoric)).toBeGreaterThan(0);
    expect(Math.min(...forecast.epistemic)).toBeGreaterThanOrEqual(0); // no unit may be dropped in five draws
    expect(core.mean(forecast.epistemic)).toBeGreaterThan(0);
    expect(trainingSeconds).toBeGreaterThan(0);
    expect(millisecondsPerRow).toBeGreaterThan(0);
  }
}, 300_000);

test("without dropout a plain network of one seed has no epistemic variance; several seeds have", async () => {
  const data = features.dataset(await opened, settings);
  const model = models.plain({ data, hidden: [4] });
  const alone = await models.train(model, data, { epochs: 1, key: core.key(4) });
  expect(Math.max(...alone.predict(data.test).epistemic)).toBe(0);
  const three = await models.train(model, data, { epochs: 1, seeds: 3, key: core.key(4) });
  expect(Math.min(...three.predict(data.test).epistemic)).toBeGreaterThan(0);
}, 300_000);
