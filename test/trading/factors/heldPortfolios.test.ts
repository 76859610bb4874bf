import { expect, test } from "vitest";
import { key } from "../../../lib/core/index.js";
import { simulate } from "../../../lib/market/simulate/index.js";
import { constantPanel, heldPortfolios } from "../../../lib/trading/factors/index.js";
import { BYBIT_COSTS, backtest, summarise } from "../../../lib/trading/index.js";

const root = key("held");
const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 900, key: root });
const time = Float64Array.from(bars[0]!.openTime.subarray(100, 899), (t) => t + bars[0]!.stepMs);
const both = { equal: [0.5, 0.5], same: [0.5, 0.5], "long BTC": [1, -1] };
const rows = heldPortfolios(both, { bars }, { time, costs: BYBIT_COSTS, key: root });

test("a row is the backtest of the weights held in a band, after costs", () => {
  const names = bars.map(({ symbol }) => symbol);
  const held = constantPanel([1, -1], { names, time });
  const { sharpe, totalReturn } = summarise(
    backtest(held, bars, { costs: BYBIT_COSTS, rebalance: { band: 0.02 } }),
  );
  expect(rows[2]!.sharpe).toBeCloseTo(sharpe, 10);
  expect(rows[2]!.totalReturn).toBeCloseTo(totalReturn, 10);
});

test("two portfolios of equal weights differ by nothing; another differs by its Sharpe ratio less the first's", () => {
  expect(rows[1]).toMatchObject({ lessFirst: 0, half: 0 });
  expect(rows[2]!.lessFirst).toBeCloseTo(rows[2]!.sharpe - rows[0]!.sharpe, 10);
  expect(rows[2]!.half).toBeGreaterThan(0);
});
