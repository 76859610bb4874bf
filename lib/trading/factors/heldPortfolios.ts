/** Portfolios that keep their weights, side by side. */
import { type Bars, fold, type Key } from "../../core/index.js";
import { backtest } from "../backtest/backtest.js";
import type { Costs } from "../backtest/costs.js";
import { differencesFromFirstLedger } from "../performance/comparison.js";
import { annualSharpe } from "../significance/annualSharpe.js";
import { constantPanel } from "./longShort.js";

/** One portfolio, a row of a table. Sharpe ratios are annual and after costs. */
export type HeldRow = {
  readonly portfolio: string;
  /** Compounded. */
  readonly totalReturn: number;
  readonly sharpe: number;
  /** Ends of its 90 % interval. */
  readonly lower: number;
  readonly upper: number;
  /** Sharpe ratio less that of the first portfolio, and half of its 90 % interval by resampled blocks. */
  readonly lessFirst: number;
  readonly half: number;
};

/** Options of `heldPortfolios`. */
export interface HeldOptions {
  /** Closes of the bars after which the weights stand, UTC milliseconds. */
  readonly time: Float64Array;
  readonly costs: Costs;
  /** Distance of a weight from its target at which it is traded back, 0.02 by default. */
  readonly band?: number;
  readonly key: Key;
}

/**
 * The backtest of each portfolio held at its weights, with the difference from the first.
 * @param portfolios  weights [A] by name, in the order of the bars
 * @throws RangeError as `backtest`, or when there are not as many weights as bars.
 */
export function heldPortfolios(
  portfolios: Readonly<Record<string, ArrayLike<number>>>,
  market: { readonly bars: readonly Bars[] },
  { time, costs, band = 0.02, key }: HeldOptions,
): HeldRow[] {
  const names = market.bars.map(({ symbol }) => symbol);
  const ledgers = Object.values(portfolios).map((weights) =>
    backtest(constantPanel(weights, { names, time }), market.bars, { costs, rebalance: { band } }),
  );
  const resampling = { replicates: 499, meanBlock: 24, key: fold(key, "less first") };
  const less = differencesFromFirstLedger(ledgers, resampling);
  return Object.keys(portfolios).map((portfolio, i) => {
    const { difference, half } = less[i]!;
    return { portfolio, ...annualSharpe(ledgers[i]!, { key }), lessFirst: difference, half };
  });
}
