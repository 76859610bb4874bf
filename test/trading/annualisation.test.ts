/** A ledger knows the length of its bars: five minutes are annualised as five minutes, and a number that disagrees is refused. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { key, normals } from "../../lib/core/random.js";
import { mean, standardDeviation } from "../../lib/core/stats.js";
import type { Bars } from "../../lib/core/types.js";
import { barsPerYear } from "../../lib/core/year.js";
import { stylisedFacts } from "../../lib/features/facts/stylisedFacts.js";
import { crossSection } from "../../lib/features/indicators/crossSection.js";
import { alignBars, sliceBars } from "../../lib/market/bars.js";
import { readFolder } from "../../lib/market/files/folder.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { BYBIT_FEES, type Costs, NO_COSTS } from "../../lib/trading/backtest/costs.js";
import { checkLedger, ledgerReturns } from "../../lib/trading/backtest/ledger.js";
import { summarise } from "../../lib/trading/performance/summary.js";
import { candles, weightsOn } from "./support/candles.js";
import { slowBacktest } from "./support/slowBacktest.js";

const FIVE_MINUTES = 300_000;

/** Bars whose close over open is as drawn; the next opens there. */
function walk(stepMs: number, count = 4000): Bars {
  let price = 100;
  const closes = Array.from(normals(key("annual"), count), (z) => {
    price *= 1 + 2e-5 + 1e-3 * z;
    return price;
  });
  return candles("BTC", { open: [100, ...closes.slice(0, -1)], close: closes, stepMs });
}

const steeper = (stepMs: number): Bars => {
  const bars = walk(stepMs);
  return { ...bars, symbol: "ETH", close: bars.close.map((price) => price ** 1.5) };
};

const hold = (bars: Bars) =>
  backtest(
    weightsOn([bars], () => 1),
    [bars],
    { costs: NO_COSTS },
  );

test("a year of 365 days has 8,760 hours, 105,120 times five minutes and 365 days", () => {
  expect([3_600_000, FIVE_MINUTES, 86_400_000].map(barsPerYear)).toEqual([8760, 105_120, 365]);
  expect(() => barsPerYear(0)).toThrow("stepMs: expected a positive number, got 0");
});

test("the same returns in five minutes are twelve times the return and √12 times the Sharpe ratio of those in an hour", () => {
  const [short, long] = [hold(walk(FIVE_MINUTES)), hold(walk(3_600_000))];
  const returns = ledgerReturns(short);
  const sharpe = (mean(returns) / standardDeviation(returns)) * Math.sqrt(105_120);
  expect(summarise(short).sharpe).toBeCloseTo(sharpe, 10);
  expect(summarise(short).sharpe / summarise(long).sharpe).toBeCloseTo(Math.sqrt(12), 10);
  expect(summarise(short).annualReturn / summarise(long).annualReturn).toBeCloseTo(12, 10);
  expect(summarise(short).annualVolatility / summarise(long).annualVolatility).toBeCloseTo(Math.sqrt(12), 10);
  expect(summarise(short).annualTurnover / summarise(long).annualTurnover).toBeCloseTo(12, 10);
  expect(summarise(long).years / summarise(short).years).toBeCloseTo(12, 10);
});

test("a stated number is taken where it is right and refused where it is not, and so is a step that the times do not have", () => {
  const ledger = hold(walk(FIVE_MINUTES, 50));
  expect(summarise(ledger, 105_120)).toEqual(summarise(ledger));
  expect(() => summarise(ledger, 8760)).toThrow(
    "barsPerYear: expected 105120 for bars of 300000 ms, got 8760",
  );
  expect(() => summarise(ledger, Number.NaN)).toThrow("got NaN");
  expect(() => summarise({ ...ledger, stepMs: 3_600_000 })).toThrow(
    "ledger: expected times 3600000 ms apart at the least, as its bars, got 300000 ms",
  );
  expect(() => summarise({ ...ledger, stepMs: 60_000 })).toThrow(
    "expected times 60000 ms apart at the least",
  );
});

test("a hole in the bars leaves their step as it is", () => {
  const bars = candles("BTC", { open: [1, 1, 1, 1], close: [1, 2, 1, 2], hours: [0, 1, 20, 21] });
  expect(summarise(hold(bars)).years).toBe(4 / 8760);
});

test("what features annualise follows the bars too", () => {
  const pairs = [FIVE_MINUTES, 3_600_000].map((stepMs) => [walk(stepMs), steeper(stepMs)]);
  const [short, long] = pairs.map((bars) => {
    const { names, values } = crossSection(bars, { window: 24 });
    return names.map((name, f) => [name, values[values.length - names.length + f]!] as const);
  });
  for (const [f, [name, value]] of short!.entries())
    expect(value / long![f]![1], name).toBeCloseTo(/Volatility/.test(name) ? Math.sqrt(12) : 1, 6);
  const [five, hour] = pairs.map(([bars]) => stylisedFacts(bars!).annualVolatility);
  expect(five! / hour!).toBeCloseTo(Math.sqrt(12), 10);
});

const data = resolve(__dirname, "../../../shared/data");
const there = existsSync(`${data}/bybit_perp_5m`);
if (!there)
  console.log("five-minute market: skipped, there is no ../shared/data/bybit_perp_5m beside the repository");

test.skipIf(!there)(
  "real bars of five minutes: buy and hold has the volatility of its daily returns",
  async () => {
    const bars = (await readFolder(`${data}/bybit_perp_5m`, ["BTCUSDT"]))[0]!;
    const all = summarise(hold(bars));
    const days = bars.close.filter((_, t) => t % 288 === 287);
    const daily = days.map((close, d) => (d === 0 ? 0 : Math.log(close / days[d - 1]!))).subarray(1);
    expect(bars.stepMs).toBe(FIVE_MINUTES);
    expect(all.annualVolatility / (standardDeviation(daily) * Math.sqrt(365))).toBeGreaterThan(0.8);
    expect(all.annualVolatility / (standardDeviation(daily) * Math.sqrt(365))).toBeLessThan(1.3);
    expect(all.years).toBeCloseTo(
      (bars.openTime.at(-1)! - bars.openTime[0]! + FIVE_MINUTES) / (365 * 86_400_000),
      2,
    );
    expect(() => summarise(hold(bars), 8760)).toThrow("barsPerYear: expected 105120");
  },
);

test.skipIf(!there)(
  "real bars of five minutes at leverage: the slow reference agrees to the end, and ruin is ruin",
  async () => {
    const all = await readFolder(`${data}/bybit_perp_5m`, ["BTCUSDT", "ETHUSDT"]);
    const bars = alignBars(all).bars.map((b) => sliceBars(b, -5000));
    const z = normals(key("five minutes"), 10_000);
    const costs: Costs = { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 0 };
    let ruined = 0;
    for (const leverage of [0.5, 10, 40]) {
      const weights = weightsOn(bars, (t, a) => leverage * Math.sign(z[2 * (t - (t % 48)) + a]!));
      const options = {
        costs,
        capital: 100_000,
        rebalance: "when changed" as const,
        maintenanceMargin: 0.01,
      };
      const ledger = backtest(weights, bars, options);
      checkLedger(ledger);
      slowBacktest(weights, bars, options).forEach((row, t) => {
        expect(Math.abs(ledger.equity[t]! - row.equity)).toBeLessThan(1e-9 * 100_000);
      });
      const summary = summarise(ledger);
      if (!ledger.liquidation) continue;
      ruined++;
      expect(summary).toMatchObject({ ruinedAt: ledger.time[ledger.liquidation.bar], totalReturn: -1 });
      expect(summary).toMatchObject({ sharpe: -Infinity, annualReturn: -1, maxDrawdown: 1 });
    }
    expect(ruined).toBeGreaterThan(0);
    expect(ruined).toBeLessThan(3);
  },
);
