/** The referee: in a market whose truth is known, a backtest must earn what the truth says, no more and no less. */
import { expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import { mean, variance } from "../../lib/core/stats.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { BYBIT_FEES, type Costs, NO_COSTS } from "../../lib/trading/backtest/costs.js";
import { ledgerReturns } from "../../lib/trading/backtest/ledger.js";
import { automaticBlockLength } from "../../lib/trading/significance/blockLength.js";
import { studentisedSharpeInterval } from "../../lib/trading/significance/intervals.js";
import { sharpeInfluence } from "../../lib/trading/significance/sharpeError.js";
import { weightsOn } from "./support/candles.js";

const root = key("oracle");
const [BARS, SEEDS] = [1500, 100];

interface Outcome {
  returns: Float64Array;
  /** Sharpe ratio per bar that the truth promises. */
  promised: number;
}

/** A twentieth of Kelly's share by the true mean and variance of the coming bar, at no cost: no wick ends such an account. */
function informed(seed: number): Outcome {
  const { bars, truth } = simulate({ symbols: ["BTC"], bars: BARS, key: fold(root, "informed", seed) });
  const share = (t: number) => (0.05 * truth.mean[t]!) / truth.volatility[t]! ** 2;
  const weights = weightsOn(bars, (t) => (t + 1 < BARS ? share(t + 1) : 0));
  const earned = Float64Array.from({ length: BARS }, (_, t) => (t === 0 ? 0 : share(t) * truth.mean[t]!));
  const risk = earned.map((_, t) => (t === 0 ? 0 : (share(t) * truth.volatility[t]!) ** 2));
  const promised = mean(earned) / Math.sqrt(mean(risk) + variance(earned));
  return { returns: ledgerReturns(backtest(weights, bars, { costs: NO_COSTS })), promised };
}

const costs: Costs = { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 1, latencyBars: 0 };

/** Coin tosses in a market without an edge, at real costs. */
function clueless(seed: number): Outcome {
  const { bars } = simulate({ symbols: ["BTC"], bars: BARS, key: fold(root, "clueless", seed), edge: 0 });
  const toss = normals(fold(root, "toss", seed), BARS);
  const ledger = backtest(
    weightsOn(bars, (t) => (toss[t]! > 0 ? 1 : -1)),
    bars,
    { costs },
  );
  const returns = ledgerReturns(ledger);
  const paid = ledger.cost.map((cost, t) => cost / (t === 0 ? ledger.capital : ledger.equity[t - 1]!));
  return { returns, promised: -mean(paid) / Math.sqrt(variance(returns)) };
}

function coverage(run: (seed: number) => Outcome): { held: number; bias: number } {
  let [held, bias] = [0, 0];
  for (let seed = 0; seed < SEEDS; seed++) {
    const { returns, promised } = run(seed);
    const meanBlock = 4 * automaticBlockLength(sharpeInfluence(returns));
    const options = { key: fold(root, "resample", seed), replicates: 200, meanBlock, level: 0.9 };
    const { estimate, lower, upper } = studentisedSharpeInterval(returns, options);
    if (lower <= promised && promised <= upper) held++;
    bias += (estimate - promised) / promised / SEEDS;
  }
  return { held: held / SEEDS, bias };
}

test("weights of the true mean over the true variance earn the Sharpe ratio that the truth promises", () => {
  const { held, bias } = coverage(informed);
  expect(held).toBeGreaterThanOrEqual(0.82); // 90 % of 100, give or take 2.7 deviations
  expect(held).toBeLessThanOrEqual(0.98);
  expect(Math.abs(bias)).toBeLessThan(0.1);
});

test("a signal without an edge loses its costs: no more, and no less", () => {
  const { held, bias } = coverage(clueless);
  expect(held).toBeGreaterThanOrEqual(0.82);
  expect(held).toBeLessThanOrEqual(0.98);
  expect(Math.abs(bias)).toBeLessThan(0.1);
});

test("one bar of latency, or of look-ahead, is seen at once: the informed signal then earns less, or far more", () => {
  const { bars, truth } = simulate({ symbols: ["BTC"], bars: 6000, key: fold(root, "late") });
  const share = (t: number) => (t < 6000 ? (0.5 * truth.mean[t]!) / truth.volatility[t]! ** 2 : 0);
  const sharpe = (ahead: number, latencyBars: number) => {
    const ledger = backtest(
      weightsOn(bars, (t) => share(t + ahead)),
      bars,
      { costs: { ...NO_COSTS, latencyBars } },
    );
    const returns = ledgerReturns(ledger);
    return mean(returns) / Math.sqrt(variance(returns));
  };
  expect(sharpe(2, 1)).toBeCloseTo(sharpe(1, 0), 4); // decided a bar earlier and executed a bar later: the same positions
  expect(sharpe(1, 1)).toBeLessThan(sharpe(1, 0));
  const peeking = weightsOn(bars, (t) =>
    t + 1 < 6000 ? Math.sign(bars[0]!.close[t + 1]! / bars[0]!.open[t + 1]! - 1) : 0,
  );
  const peeked = ledgerReturns(backtest(peeking, bars, { costs: NO_COSTS }));
  expect(mean(peeked) / Math.sqrt(variance(peeked))).toBeGreaterThan(0.5);
});
