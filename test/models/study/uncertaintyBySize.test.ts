/** Uncertainty by the rows of training. */
import { expect, test } from "vitest";
import { core, features, market, models } from "../../../lib/index.js";

const settings = { length: 2, horizon: 1, features: features.returnInput };

test("with sixteen times the rows the epistemic part is smaller, and the aleatoric part changes less", async () => {
  const opened = await market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 1400 });
  const data = features.dataset(opened, settings);
  const rows = Math.floor(data.train.rows / 16);
  const few = { ...data, train: features.latestRows(data.train, rows) };
  const options = { part: data.test, hidden: [4], draws: 30, key: core.key(6) };
  const training = { epochs: 15, batchSize: 64, learningRate: 0.01 };
  const [less, more] = await models.uncertaintyBySize([few, data], { ...options, training });
  expect([less!.rows, more!.rows]).toEqual([rows, data.train.rows]);
  expect(more!.epistemic).toBeLessThan(less!.epistemic);
  const change = (a: number, b: number) => Math.abs(Math.log(a / b));
  expect(change(more!.aleatoric, less!.aleatoric)).toBeLessThan(change(more!.epistemic, less!.epistemic));
  await expect(models.uncertaintyBySize([], { ...options, training })).rejects.toThrow(RangeError);
}, 300_000);
