import { describe, expect, test } from "vitest";
import { correlation, mean } from "../../lib/core/index.js";
import { regressionDataset, returnRegression } from "../../lib/features/index.js";
import { open } from "../../lib/market/index.js";

describe("a regression data set of a simulated market", async () => {
  const market = await open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 1500 });
  const data = regressionDataset(market);
  const parts = [data.train, data.validation, data.test];

  test("has parts that follow one another, and with what was left out all rows", () => {
    const last = (part: (typeof parts)[number]) => part.decidedAt[part.rows - 1]!;
    expect(last(data.train)).toBeLessThan(data.validation.decidedAt[0]!);
    expect(last(data.validation)).toBeLessThan(data.test.decidedAt[0]!);
    const rows = parts.reduce((total, part) => total + part.rows, data.leftOut);
    expect(rows).toBe(returnRegression(market).y.length);
  });

  test("scales by the training part alone", () => {
    const first = (part: (typeof parts)[number]) =>
      mean(Float64Array.from({ length: part.rows }, (_, n) => part.x[n * part.columns]!));
    expect(first(data.train)).toBeCloseTo(0, 10);
    expect(Math.abs(first(data.test))).toBeGreaterThan(1e-4);
  });

  test("knows the true mean of the very hour a row predicts: what the tape adds to it is not correlated with it", () => {
    const { train: part } = data;
    const forecast = Float64Array.from({ length: part.rows }, (_, n) => {
      const t = market.bars[0]!.openTime.indexOf(part.decidedAt[n]!);
      return market.truth!.forecast[t * 2 + part.asset[n]!]!;
    });
    const rest = forecast.map((f, n) => (f - part.trueMean![n]!) / part.scale[n]!);
    const known = part.trueMean!.map((f, n) => f / part.scale[n]!);
    expect(Math.abs(correlation(rest, known))).toBeLessThan(4 / Math.sqrt(part.rows));
    expect(
      correlation(
        forecast.map((f, n) => f / part.scale[n]!),
        known,
      ),
    ).toBeGreaterThan(0.5);
  });

  test("has no true mean of bars whose truth is not known", () => {
    const { truth: _, ...real } = market;
    expect(regressionDataset(real).test.trueMean).toBeUndefined();
  });
});
