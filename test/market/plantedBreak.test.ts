/** Breaks planted into a market. */
import { expect, test } from "vitest";
import { type core, market } from "../../lib/index.js";

const opened = market.open({ folder: "simulated", symbols: ["BTCUSDT"], bars: 400 });

test("log returns are three times as large within the break and unchanged outside", async () => {
  const { bars } = await opened;
  const [usual] = bars;
  const span = { from: usual!.openTime[200]!, until: usual!.openTime[250]! };
  const [broken] = market.simulate.plantBreak(bars, { ...span, volatility: 3 });
  const of = (b: core.Bars, t: number) => Math.log(b.close[t]! / b.close[t - 1]!);
  for (let t = 1; t < 400; t++) {
    const factor = t >= 200 && t < 250 ? 3 : 1;
    expect(of(broken!, t)).toBeCloseTo(factor * of(usual!, t), 10);
  }
});

test("the broken bars are sound and those before the break are as they were", async () => {
  const { bars } = await opened;
  const span = { from: bars[0]!.openTime[200]!, until: bars[0]!.openTime[250]! };
  const [broken] = market.simulate.plantBreak(bars, { ...span, volatility: 3, oneSidedFlow: true });
  expect(() => market.checkBars(broken!)).not.toThrow();
  expect(broken!.close.slice(0, 200)).toEqual(bars[0]!.close.slice(0, 200));
  expect(broken!.flow!.sellVolume.slice(200, 250).every((v) => v === 0)).toBe(true);
  expect(broken!.flow!.sellVolume.slice(250)).toEqual(bars[0]!.flow!.sellVolume.slice(250));
});

test("a factor that is not positive, and a span without bars, are refused", async () => {
  const { bars } = await opened;
  expect(() => market.simulate.plantBreak(bars, { from: 0, until: 1, volatility: 0 })).toThrow("volatility");
  expect(() => market.simulate.plantBreak(bars, { from: 1, until: 1 })).toThrow("until: expected");
});

test("the truth of a decision is that of the bar that opens then", async () => {
  const opened = await market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 50 });
  const decidedAt = [opened.bars[0]!.openTime[7]!, opened.bars[0]!.openTime[9]!];
  const found = market.simulate.nextBarTruth(opened, "mean", { asset: [1, 0], decidedAt });
  expect(found).toEqual(Float64Array.of(opened.truth!.mean[15]!, opened.truth!.mean[18]!));
  const { truth: _, ...real } = opened;
  expect(() => market.simulate.nextBarTruth(real, "mean", { asset: [0], decidedAt })).toThrow("simulated");
});
