/** Backtests and bootstrap against vectorised pandas and numpy that do the same work. */
import { describe } from "vitest";
import { fold, key, normals } from "../lib/core/random.js";
import type { Bars, Panel } from "../lib/core/types.js";
import { backtest } from "../lib/trading/backtest/backtest.js";
import { type Costs, constantFunding } from "../lib/trading/backtest/costs.js";
import { bootstrapSharpe } from "../lib/trading/significance/bootstrap.js";
import { race } from "./support/interleaved.js";
import { pythonContestant } from "./support/python.js";

const root = key("backtest benchmark");
const HOUR = 3_600_000;

function market(count: number, assets: number): { bars: Bars[]; weights: Panel } {
  const openTime = Float64Array.from({ length: count }, (_, t) => t * HOUR);
  const bars = Array.from({ length: assets }, (_, a) => {
    const close = normals(fold(root, "close", a), count);
    let level = Math.log(100);
    for (let t = 0; t < count; t++) {
      level += 0.001 * close[t]!;
      close[t] = Math.exp(level);
    }
    const open = close.map((c, t) => (t === 0 ? c : close[t - 1]!));
    const volume = new Float64Array(count).fill(1000);
    return { symbol: `A${a}`, stepMs: HOUR, openTime, open, high: close, low: close, close, volume };
  });
  return {
    bars,
    weights: {
      time: openTime.map((t) => t + HOUR),
      names: bars.map((b) => b.symbol),
      values: persistent(normals(fold(root, "weights"), count * assets), assets),
    },
  };
}

/** Weights [T,A] that turn round about every tenth bar. */
function persistent(z: Float64Array, assets: number): Float64Array {
  for (let i = assets; i < z.length; i++) z[i] = 0.95 * z[i - assets]! + 0.3 * z[i]!;
  return z.map((w) => (0.3 * w) / assets);
}

/** Open-to-open returns times weights, less fees on |Δw|: numpy on the same shape, without drift, funding or liquidation. */
const vectorised = (count: number, assets: number): string => `
import numpy as np, pandas as pd
rng = np.random.default_rng(0)
close = np.exp(np.cumsum(0.001 * rng.standard_normal((${count}, ${assets})), axis=0))
opens = pd.DataFrame(np.vstack([close[:1], close[:-1]]))
weights = pd.DataFrame(0.3 * rng.standard_normal((${count}, ${assets})) / ${assets}).ewm(alpha=0.05).mean()
def work():
    held = weights.shift(1).fillna(0.0)
    returns = opens.shift(-1) / opens - 1
    turnover = held.diff().abs()
    net = (held * returns).sum(axis=1) - (turnover * 6.5e-4).sum(axis=1)
    (1 + net).cumprod()
    return ${count * assets}
`;

const bootstrapProgram = `
import numpy as np
rng = np.random.default_rng(0)
x = rng.standard_normal(17520)
def work():
    n = len(x)
    for r in range(1000):
        restart = rng.random(n) < 1 / 24
        restart[0] = True
        begin = np.flatnonzero(restart)
        starts = rng.integers(0, n, len(begin))
        lengths = np.diff(np.append(begin, n))
        index = (np.repeat(starts - begin, lengths) + np.arange(n)) % n
        sample = x[index]
        sample.mean() / sample.std(ddof=1)
    return 1000
`;

const costs: Costs = { makerBps: 2, takerBps: 5.5, halfSpreadBps: 1, latencyBars: 0 };

describe.each([
  [1_000_000, 1],
  [17_520, 50],
])("%d bars of %d assets", (count, assets) => {
  const { bars, weights } = market(count, assets);
  const funding = Object.fromEntries(bars.map((b) => [b.symbol, constantFunding(1e-4, 0, count * HOUR)]));
  race(`backtest of ${count} bars of ${assets} assets`, {
    unit: "bar of an asset",
    rounds: 10,
    against: "backtest",
    goals: assets === 1 ? [{ own: "backtest", peer: "pandas", most: 0.4 }] : [],
    contestants: {
      backtest: () => backtest(weights, bars, { costs }).price.length,
      "with funding, margin and impact": () => {
        const all = { ...costs, funding, impact: { coefficient: 1, window: 24 } };
        backtest(weights, bars, { costs: all, capital: 1e4, maintenanceMargin: 0.01, leverageLimit: 5 });
        return count * assets;
      },
      ...pythonContestant("pandas", { needs: ["numpy", "pandas"], program: vectorised(count, assets) }),
    },
  });
});

describe("bootstrap", () => {
  const returns = normals(fold(root, "returns"), 17_520);
  race("a thousand resampled Sharpe ratios of 17,520 bars", {
    unit: "replicate",
    rounds: 10,
    against: "bootstrapSharpe",
    contestants: {
      bootstrapSharpe: () => bootstrapSharpe(returns, { key: root, replicates: 1000, meanBlock: 24 }).length,
      ...pythonContestant("numpy", { needs: ["numpy"], program: bootstrapProgram }),
    },
  });
});
