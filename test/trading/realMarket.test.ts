/** Real hourly perpetuals with their real funding, where the data lie beside the repository; skipped with a message elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { key, normals } from "../../lib/core/random.js";
import { alignBars, sliceBars } from "../../lib/market/bars.js";
import { readFolder } from "../../lib/market/files/folder.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { BYBIT_FEES, type Costs, type Funding, NO_COSTS } from "../../lib/trading/backtest/costs.js";
import { checkLedger } from "../../lib/trading/backtest/ledger.js";
import { summarise } from "../../lib/trading/performance/summary.js";
import { weightsOn } from "./support/candles.js";
import { slowBacktest } from "./support/slowBacktest.js";

const data = resolve(__dirname, "../../../shared/data");
const there = existsSync(`${data}/bybit_perp_1h`) && existsSync(`${data}/bybit_funding`);
if (!there) console.log("real market: skipped, there is no ../shared/data beside the repository");

function fundingOf(symbol: string): Funding {
  const text = gunzipSync(readFileSync(`${data}/bybit_funding/${symbol}.csv.gz`)).toString("utf8");
  const rows = text.trim().split("\n").slice(1);
  const column = (c: number) => Float64Array.from(rows, (row) => Number(row.split(",")[c]));
  return { time: column(0), rate: column(1) };
}

test.skipIf(!there)(
  "VI-103: buy and hold of real BTC earns its price less the funding that fell due, to the last digit",
  async () => {
    const bars = await readFolder(`${data}/bybit_perp_1h`, ["BTCUSDT"]);
    const funding = fundingOf("BTCUSDT");
    for (const time of funding.time) expect(new Date(time).getUTCHours() % 8).toBe(0);
    const [btc] = bars as [(typeof bars)[0]];
    const costs = { ...NO_COSTS, funding: { BTCUSDT: funding } };
    const ledger = backtest(
      weightsOn(bars, () => 1),
      bars,
      { costs, rebalance: "when changed" },
    );
    const units = 1 / btc.open[1]!;
    let paid = 0;
    funding.time.forEach((time, i) => {
      const t = btc.openTime.indexOf(time - btc.stepMs); // the bar that closes then
      if (t >= 1) paid += units * btc.close[t]! * funding.rate[i]!;
    });
    expect(ledger.funding.reduce((sum, f) => sum + f, 0)).toBeCloseTo(paid, 12);
    expect(ledger.equity.at(-1)! / (units * btc.close.at(-1)! - paid)).toBeCloseTo(1, 12);
    expect(paid).toBeGreaterThan(0.1); // 22 months of mostly positive rates are no detail
  },
);

test.skipIf(!there)(
  "VI-103: on two real markets the slow reference agrees and the books balance",
  async () => {
    const all = await readFolder(`${data}/bybit_perp_1h`, ["BTCUSDT", "BNBUSDT"]);
    const bars = alignBars(all).bars.map((b) => sliceBars(b, -2000));
    const z = normals(key("real market"), 4000);
    const funding = { BTCUSDT: fundingOf("BTCUSDT"), BNBUSDT: fundingOf("BNBUSDT") };
    const costs: Costs = { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 1, funding };
    const weights = weightsOn(bars, (t, a) => 0.4 * Math.sign(z[2 * (t - (t % 24)) + a]!));
    const options = { costs, capital: 100_000, rebalance: "when changed" as const, maintenanceMargin: 0.01 };
    const ledger = backtest(weights, bars, options);
    checkLedger(ledger);
    slowBacktest(weights, bars, options).forEach((row, t) => {
      expect(ledger.equity[t]! / row.equity).toBeCloseTo(1, 10);
    });
    expect(summarise(ledger).fees).toBeGreaterThan(0);
  },
);
