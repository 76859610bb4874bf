/** Windows of candles as a data set, what is read off them, and numbers of rows at their places. */
import { beforeAll, describe, expect, test } from "vitest";
import { core, features, market } from "../../../../lib/index.js";

let source: Awaited<ReturnType<typeof market.open>>;
let data: ReturnType<typeof features.candleDataset>;

beforeAll(async () => {
  source = await market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 1200 });
  data = features.candleDataset(source, { length: 24, horizon: 4, stride: 4 });
});

const last = (times: Float64Array) => times.reduce((a, b) => Math.max(a, b));
const first = (times: Float64Array) => times.reduce((a, b) => Math.min(a, b));

describe("the parts", () => {
  test("follow one another: no return of one is known only in the next, no window reaches back", () => {
    const { train, validation, test: later, stepMs } = data;
    expect(last(train.resolvedAt)).toBeLessThanOrEqual(first(validation.decidedAt));
    expect(last(validation.resolvedAt)).toBeLessThanOrEqual(first(later.decidedAt));
    expect(first(validation.decidedAt) - 24 * stepMs).toBeGreaterThanOrEqual(
      last(train.decidedAt) - 4 * stepMs,
    );
  });

  test("are sorted by asset, then by time", () => {
    for (const { asset, decidedAt } of [data.train, data.validation, data.test])
      for (let n = 1; n < asset.length; n++)
        expect(asset[n]! > asset[n - 1]! || decidedAt[n]! > decidedAt[n - 1]!).toBe(true);
  });

  test("are scaled by the training part: mean 0 and deviation 1 there, but for what is cut", () => {
    for (let f = 0; f < 4; f++) {
      const column = Float64Array.from({ length: data.train.rows * 24 }, (_, i) => data.train.x[4 * i + f]!);
      expect(core.mean(column)).toBeCloseTo(0, 1);
      expect(core.standardDeviation(column)).toBeCloseTo(1, 1);
    }
  });

  test("a part without windows is refused by name", () => {
    const split = { train: 0.98, validation: 0.01, test: 0.01 };
    expect(() => features.candleDataset(source, { length: 24, horizon: 4, stride: 4, split })).toThrow(
      "for the validation part",
    );
  });
});

describe("what is read off a row", () => {
  const at = (n: number) => {
    const { asset, decidedAt } = data.train;
    const bars = source.bars[asset[n]!]!;
    return { bars, t: Array.from(bars.openTime).indexOf(decidedAt[n]! - bars.stepMs) };
  };

  test("its candles close where those of the market did, from 100", () => {
    const { bars, t } = at(7);
    const drawn = features.decodedCandles(data, data.train.x.subarray(7 * 96, 8 * 96));
    const truth = Math.log(bars.close[t]! / bars.close[t - 24]!);
    expect(Math.log(drawn.close[23]! / 100)).toBeCloseTo(truth, 4);
  });

  test("trend and volatility are the return of the window and its mean log range", () => {
    const { bars, t } = at(7);
    const [trend, volatility] = features.candleReadings(data);
    const row = data.train.x.subarray(7 * 96, 8 * 96);
    expect(trend!.of(row)).toBeCloseTo(Math.log(bars.close[t]! / bars.close[t - 24]!), 4);
    const ranges = Array.from({ length: 24 }, (_, h) => Math.log(bars.high[t - h]! / bars.low[t - h]!));
    expect(Math.abs(volatility!.of(row) - core.mean(ranges.map(Math.log)))).toBeLessThan(0.05);
  });

  test("the steps of a traversal are windows of the unscaled features", () => {
    const { mean, standardDeviation } = data.scaler.x;
    const values = Float64Array.from(
      data.train.x.subarray(0, 192),
      (v, i) => v * standardDeviation[i % 4]! + mean[i % 4]!,
    );
    const [one, two] = features.traversedCandles(data, { sigmas: [-1, 1], values });
    expect(one).toEqual(features.decodedCandles(data, data.train.x.subarray(0, 96)));
    expect(two!.close).toEqual(features.decodedCandles(data, data.train.x.subarray(96, 192)).close);
    expect(() => features.traversedCandles(data, { sigmas: [0], values })).toThrow("values");
  });
});

describe("numbers of rows", () => {
  const places = () => data.validation;

  test("stand in a panel at their times and assets", () => {
    const values = Float64Array.from({ length: places().rows }, (_, n) => n);
    const panel = features.rowsPanel(data.symbols, places(), values);
    const row = Array.from(panel.time).indexOf(places().decidedAt[3]!);
    expect(panel.values[row * 2 + places().asset[3]!]).toBe(3);
  });

  test("are read at the bar that closes at the decision, of the row's own asset", () => {
    const closes = features.valuesAt(source, places(), (t, a) => source.bars[a]!.close[t]!);
    const t = Array.from(source.bars[0]!.openTime).indexOf(places().decidedAt[3]! - source.stepMs);
    expect(closes[3]).toBe(source.bars[places().asset[3]!]!.close[t]);
    const odd = { asset: [0], decidedAt: Float64Array.of(source.bars[0]!.openTime[5]! + 1) };
    expect(() => features.valuesAt(source, odd, () => 0)).toThrow("row 0: expected the close of a bar, got");
  });

  test("trailing returns and true means are those of the bars before and after", () => {
    const t = Array.from(source.bars[0]!.openTime).indexOf(places().decidedAt[0]! - source.stepMs);
    const { close } = source.bars[places().asset[0]!]!;
    expect(features.trailingReturns(source, places(), 24)[0]).toBe(Math.log(close[t]! / close[t - 24]!));
    const means = features.trueMeans(source, places(), 2)!;
    const truth = source.truth!.mean;
    expect(means[0]).toBeCloseTo(
      truth[(t + 1) * 2 + places().asset[0]!]! + truth[(t + 2) * 2 + places().asset[0]!]!,
      12,
    );
    const { bars, stepMs } = source;
    expect(features.trueMeans({ bars, stepMs }, places(), 2)).toBeUndefined();
  });
});
