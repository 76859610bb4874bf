/** Rows along one input: what moves, what stays, what is refused. */
import { expect, test } from "vitest";
import { core, features, market, models } from "../../../../lib/index.js";

const settings = { length: 2, horizon: 1, features: features.returnInput };
const opened = market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 700 });

test("one input takes the values in every bar of the window, all others are zero", async () => {
  const data = features.dataset(await opened, settings);
  const part = features.alongInput(data, "rsi", [-2, 0, 3]);
  expect(part.rows).toBe(3);
  const width = data.columns.length;
  const place = data.columns.indexOf("rsi");
  const bars = Array.from({ length: 6 }, (_, b) => part.x.subarray(b * width, (b + 1) * width));
  expect(bars.map((bar) => bar[place])).toEqual([-2, -2, 0, 0, 3, 3]);
  for (const bar of bars) expect(bar.filter((v, f) => f !== place && v !== 0)).toHaveLength(0);
});

test("a trained model predicts every row, the same where the value is the same", async () => {
  const data = features.dataset(await opened, settings);
  const fit = await models.train(models.plain({ data, hidden: [4] }), data, { epochs: 1, key: core.key(5) });
  const { mean } = fit.predict(features.alongInput(data, "return1", [-1, 2, -1]));
  expect(mean).toHaveLength(3);
  expect(mean[0]).toBeCloseTo(mean[2]!, 12);
  expect(mean[1]).not.toBeCloseTo(mean[0]!, 12);
});

test("an unknown input is refused by its name, with the names there are", async () => {
  const data = features.dataset(await opened, settings);
  expect(() => features.alongInput(data, "mood", [0])).toThrow(/input mood: expected one of return1/);
  expect(() => features.alongInput(data, "rsi", [])).toThrow(RangeError);
});
