/** Positions by true conditional means, and the probability of a move. */
import { expect, test } from "vitest";
import { core, market, trading } from "../../lib/index.js";

const opened = market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 2000 });

/** Weights at the closes of bars 500 … 1499. */
async function panelOf(weight: (t: number, a: number) => number): Promise<core.Panel> {
  const { bars, stepMs, symbols } = await opened;
  const closes = Array.from({ length: 1000 }, (_, i) => 500 + i);
  return {
    time: Float64Array.from(closes, (t) => bars[0]!.openTime[t]! + stepMs),
    names: symbols,
    values: Float64Array.from(closes.flatMap((t) => symbols.map((_, a) => weight(t, a)))),
  };
}

test("a held asset has the mean of its true means over the deviation of its returns, a year", async () => {
  const { truth, bars, ...rest } = await opened;
  const [row] = trading.sharpeByTrueMeans({ hold: await panelOf((_, a) => (a === 0 ? 1 : 0)) }, {
    truth,
    bars,
    ...rest,
  } as market.Market);
  const next = Array.from({ length: 1000 }, (_, i) => 501 + i);
  const mean = core.mean(next.map((t) => truth!.mean[2 * t]!));
  const returns = next.map((t) => Math.log(bars[0]!.close[t]! / bars[0]!.close[t - 1]!));
  expect(row!.byTrueMeans).toBeCloseTo((mean / core.standardDeviation(returns)) * Math.sqrt(8760), 8);
  expect(row!.realised).toBeCloseTo(
    (core.mean(returns) / core.standardDeviation(returns)) * Math.sqrt(8760),
    8,
  );
  expect(row!.lessFirst).toBe(0);
});

test("the side of the true mean is worth more than its opposite, far beyond the error, and scale does not matter", async () => {
  const { truth, ...rest } = await opened;
  const side = (t: number, a: number) => Math.sign(truth!.mean[2 * (t + 1) + a]!);
  const rows = trading.sharpeByTrueMeans(
    {
      against: await panelOf((t, a) => -side(t, a)),
      along: await panelOf(side),
      half: await panelOf((t, a) => side(t, a) / 2),
    },
    { truth, ...rest } as market.Market,
  );
  expect(rows[1]!.lessFirst).toBeGreaterThan(10 * rows[1]!.differenceError);
  expect(rows[2]!.byTrueMeans).toBeCloseTo(rows[1]!.byTrueMeans, 8);
  expect(rows[1]!.error).toBeLessThan(rows[1]!.realisedError);
});

test("a market without known means is refused", async () => {
  const { bars, stepMs } = await opened;
  const panel = await panelOf(() => 1);
  expect(() => trading.sharpeByTrueMeans({ panel }, { bars, stepMs })).toThrow("expected a simulated market");
});

test("a clustered error is the standard error of the clusters' means where clusters are equal", () => {
  const values = [1, 3, 2, 4, 5, 9];
  const days = [0, 0, 1, 1, 2, 2];
  expect(core.clusteredError(values, days)).toBeCloseTo(core.standardDeviation([2, 3, 7]) / Math.sqrt(3), 12);
});

test("a normal move exceeds 1.96 deviations one time in twenty, and epistemic variance counts", () => {
  const one = (aleatoric: number, epistemic: number) => ({
    ...{ mean: Float64Array.of(0), latent: Float64Array.of(0) },
    ...{ aleatoric: Float64Array.of(aleatoric), epistemic: Float64Array.of(epistemic) },
  });
  expect(trading.moveProbability(one(4, 0), 2 * 1.959964)[0]).toBeCloseTo(0.05, 6);
  expect(trading.moveProbability(one(3, 1), 2 * 1.959964)[0]).toBeCloseTo(0.05, 6);
});
