/** The input row of a return network. */
import { expect, test } from "vitest";
import { features, market } from "../../../../lib/index.js";

const opened = market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 600 });

test("has 17 columns with tape and quotes, 12 without", async () => {
  const [bars] = (await opened).bars;
  expect(features.returnInput(bars!).names.length).toBe(17);
  const { flow: _, ...candles } = bars!;
  expect(features.returnInput(candles).names.length).toBe(12);
});

test("the return of one bar is the log return over the volatility of the 168 bars up to it", async () => {
  const [bars] = (await opened).bars;
  const returns = Array.from(bars!.close, (c, t) => Math.log(c / bars!.close[t - 1]!));
  const last = returns.slice(300 - 167, 301);
  const mean = last.reduce((a, b) => a + b) / 168;
  const deviation = Math.sqrt(last.reduce((sum, r) => sum + (r - mean) ** 2, 0) / 167);
  const column = features.column(features.returnInput(bars!), "return1");
  expect(column[300]! / (returns[300]! / deviation)).toBeCloseTo(1, 6);
});

test("no column at a time depends on later bars", async () => {
  const { bars } = await opened;
  const data = { length: 2, horizon: 1, features: features.returnInput };
  expect(() => features.dataset(bars, data)).not.toThrow();
});

test("the latest rows of a part are its last ones, scaled as they were", async () => {
  const { bars } = await opened;
  const { train, columns } = features.dataset(bars, {
    length: 2,
    horizon: 1,
    features: features.returnInput,
  });
  const part = features.latestRows(train, 10);
  expect(part.rows).toBe(10);
  expect(part.x).toEqual(train.x.slice(-20 * columns.length));
  expect(part.decidedAt).toEqual(train.decidedAt.slice(-10));
  expect(Math.min(...part.decidedAt)).toBeGreaterThanOrEqual(Math.max(...train.decidedAt.slice(0, -10)));
  expect(() => features.latestRows(train, train.rows + 1)).toThrow(`rows: expected at most ${train.rows}`);
});
