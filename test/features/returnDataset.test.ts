import { beforeAll, describe, expect, it } from "vitest";
import { core, features, market } from "../../lib/index.js";

describe("the rows of a factor model", () => {
  let source: market.Market;
  let data: features.ReturnDataset;
  let rows: core.Panel;
  beforeAll(async () => {
    source = await market.open({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 3000, folder: "simulated" });
    data = features.returnDataset(source);
    rows = features.wholeRows(features.returnMatrix(source.bars, "log"));
  });

  it("times scale and unit are the log returns, of all hours but those in which the scale settles", () => {
    const { test, unit } = data;
    test.x.forEach((value, i) => {
      expect(value * test.scale[Math.floor(i / 2)]! * unit[i % 2]!).toBeCloseTo(test.returns[i]!, 12);
    });
    expect(data.train.rows + data.validation.rows + test.rows).toBe(rows.time.length - 200);
    expect(Array.from(test.returns.slice(-2))).toEqual(Array.from(rows.values.slice(-2)));
  });

  it("follow one another in time without touching", () => {
    expect(data.train.time.at(-1)!).toBeLessThan(data.validation.time[0]!);
    expect(data.validation.time.at(-1)!).toBeLessThan(data.test.time[0]!);
  });

  it("of a row depend on no later bar, and of any row on training rows and bars before it", () => {
    const shocked = source.bars.map((bars) => ({
      ...bars,
      close: bars.close.map((c, t) => (t > 2900 ? 2 * c : c)),
    }));
    const other = features.returnDataset(shocked);
    expect(Array.from(other.train.x)).toEqual(Array.from(data.train.x));
    const before = data.test.time.findIndex((time) => time > source.bars[0]!.openTime[2900]! + 3_600_000);
    expect(Array.from(other.test.x.subarray(0, 2 * before))).toEqual(
      Array.from(data.test.x.subarray(0, 2 * before)),
    );
    expect(core.correlation(other.test.x, data.test.x)).toBeLessThan(1);
  });

  it("are refused fractions that do not sum to one", () => {
    expect(() =>
      features.returnDataset(source, { split: { train: 0.6, validation: 0.2, test: 0.3 } }),
    ).toThrow(/sum to 1, got 0.6, 0.2 and 0.3/);
  });
});
