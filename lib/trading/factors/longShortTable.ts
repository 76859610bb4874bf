/** Signals as long–short portfolios, side by side. */
import { type Bars, checkLength, correlation, type Panel, standardDeviation } from "../../core/index.js";
import { type Costs, NO_COSTS } from "../backtest/costs.js";
import type { BacktestLedger } from "../backtest/ledger.js";
import { differencesFromFirstLedger } from "../performance/comparison.js";
import { summarise } from "../performance/summary.js";
import type { BootstrapOptions } from "../significance/bootstrap.js";
import { longShortLedger } from "./longShortLedger.js";

/** One signal, a row of a table. Sharpe ratios are annual. */
export type LongShortRow = {
  readonly signal: string;
  /** Before costs. */
  readonly gross: number;
  /** After costs, and its standard error. */
  readonly sharpe: number;
  readonly error: number;
  /** After costs, less that of the first signal, and half of its 90 % interval by resampled blocks. */
  readonly lessFirst: number;
  readonly half: number;
};

/** Signals compared: a row of a table each, and their ledgers after costs. */
export interface LongShortComparison {
  readonly rows: readonly LongShortRow[];
  readonly ledgers: Readonly<Record<string, BacktestLedger>>;
}

/** Options of `longShortTable`. */
export interface LongShortOptions {
  readonly costs: Costs;
  /** Fraction of the assets on either side, 0.4 by default. */
  readonly quantile?: number;
  /** Of the interval of the differences. */
  readonly resampling: BootstrapOptions;
}

/**
 * The backtest of each signal by `longShortLedger`, before and after costs, with the paired difference from the first.
 * @param signals  panels [T,A] of the same times, by name
 * @throws RangeError as `longShortLedger` and `ruleDifference`.
 */
export function longShortTable(
  signals: Readonly<Record<string, Panel>>,
  market: readonly Bars[] | { readonly bars: readonly Bars[] },
  { costs, quantile = 0.4, resampling }: LongShortOptions,
): LongShortComparison {
  const all = Object.entries(signals).map(
    ([name, signal]) => [name, longShortLedger(signal, market, { costs, quantile })] as const,
  );
  const less = differencesFromFirstLedger(
    all.map(([, ledger]) => ledger),
    resampling,
  );
  const rows = all.map(([signal, ledger], i) => {
    const free = longShortLedger(signals[signal]!, market, { costs: NO_COSTS, quantile });
    const { sharpe, sharpeError } = summarise(ledger);
    const { difference, half } = less[i]!;
    return {
      ...{ signal, gross: summarise(free).sharpe, sharpe, error: sharpeError },
      ...{ lessFirst: difference, half },
    };
  });
  return { rows, ledgers: Object.fromEntries(all) };
}

/** The information coefficient that a signal would show on an endless part, a row of a table. */
export type ExpectedCoefficient = { readonly signal: string; readonly coefficient: number };

/**
 * Information coefficients of signals [N] without the luck of the returns [N]: the correlation with the means [N] that the returns were
 * drawn with, times the ratio of the means' standard deviation to that of the returns.
 *
 * It is what the (linear) correlation of signal and return tends to as rows are added, where the noise knows nothing of the signal.
 * @throws RangeError when lengths differ.
 */
export function expectedCoefficients(
  signals: Readonly<Record<string, ArrayLike<number>>>,
  { means, returns }: { readonly means: Float64Array; readonly returns: Float64Array },
): ExpectedCoefficient[] {
  checkLength("returns", returns, means.length);
  const scale = standardDeviation(means) / standardDeviation(returns);
  return Object.entries(signals).map(([signal, values]) => {
    checkLength(`signal ${signal}`, values, means.length);
    return { signal, coefficient: scale * correlation(Float64Array.from(values), means) };
  });
}
