/** An account that somebody listens to goes bar by bar, another may go through its plain bars at once: both are one account. */
import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import type { Bars, Panel } from "../../../lib/core/types.js";
import { openAccount } from "../../../lib/trading/backtest/account.js";
import { accountState } from "../../../lib/trading/backtest/accountState.js";
import type { BacktestOptions, Rebalance } from "../../../lib/trading/backtest/backtestInput.js";
import { constantFunding } from "../../../lib/trading/backtest/costs.js";
import type { RoundTrip } from "../../../lib/trading/backtest/runs.js";
import { walkBars } from "../../../lib/trading/backtest/walk.js";
import { HOUR, randomCandles, START, weightsOn } from "../support/candles.js";

const root = key("plain bars");
const BARS = 400;
const RULES: readonly Rebalance[] = ["every bar", "when changed", { band: 0.05 }];

/** All that an account becomes: columns, state and round trips. */
function outcome(weights: Panel, bars: Bars, options: BacktestOptions, listens: boolean) {
  const trips: RoundTrip[] = [];
  const trip = (ended: RoundTrip) => trips.push({ ...ended });
  const listener = listens ? { trip, fill: () => {} } : { trip };
  const account = openAccount([bars.symbol], options, { rows: BARS, listener });
  walkBars(account, weights, [bars]);
  return { columns: account.columns, state: accountState(account), trips };
}

/** A market, weights that are NaN now and then and stay for some bars, and options, all by the number of the case. */
function randomCase(n: number): { bars: Bars; weights: Panel; options: BacktestOptions } {
  const own = fold(root, n);
  const bars = randomCandles(own, "BTC", { bars: BARS, volatility: 0.02, holes: n % 2 ? 0.03 : 0 });
  const [size, kept, missing] = [
    normals(fold(own, "size"), BARS),
    uniforms(fold(own, "kept"), BARS),
    uniforms(fold(own, "missing"), BARS),
  ];
  const leverage = [0.3, 1, 4, 12][n % 4]!;
  let standing = 0;
  const weights = weightsOn([bars], (t) => {
    if (kept[t]! > 0.5) standing = kept[t]! > 0.95 ? 0 : leverage * size[t]!;
    return missing[t]! < 0.02 ? Number.NaN : standing;
  });
  const options: BacktestOptions = {
    costs: {
      ...{ makerBps: n % 7 === 0 ? -3 : 2, takerBps: 5.5, halfSpreadBps: 1, latencyBars: n % 3 },
      makerShare: n % 7 === 0 ? 1 : 0,
      ...(n % 5 < 2 ? { funding: { BTC: constantFunding(3e-4, START, START + BARS * HOUR) } } : {}),
    },
    capital: 1000,
    rebalance: RULES[Math.floor(n / 4) % 3]!,
    maintenanceMargin: n % 2 ? 0.005 : 0,
    ...(n % 8 > 5 ? { leverageLimit: 3 } : {}),
  };
  return { bars, weights, options };
}

test("columns, state and round trips are the same to the bit, whatever is traded, paid, missing or liquidated", () => {
  const seen = { liquidated: 0, trips: 0, scaled: 0 };
  for (let n = 0; n < 84; n++) {
    const { bars, weights, options } = randomCase(n);
    const apart = outcome(weights, bars, options, true);
    expect(outcome(weights, bars, options, false), `case ${n}`).toStrictEqual(apart);
    seen.liquidated += apart.state.liquidation ? 1 : 0;
    seen.trips += apart.trips.length;
    seen.scaled += apart.state.counts.scaledRows;
  }
  // The cases are worth the name: some accounts end, many do not, and rows are scaled down.
  expect(seen.liquidated).toBeGreaterThan(5);
  expect(seen.liquidated).toBeLessThan(60);
  expect(seen.trips).toBeGreaterThan(1000);
  expect(seen.scaled).toBeGreaterThan(100);
});
