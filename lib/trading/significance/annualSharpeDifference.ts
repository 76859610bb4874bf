/** The difference of two annual Sharpe ratios with its interval. */
import { barsPerYear, checkLength, quantile, variance } from "../../core/index.js";
import { type BacktestLedger, ledgerReturns } from "../backtest/ledger.js";
import type { BootstrapOptions } from "./bootstrap.js";
import { bootstrapSharpeDifference } from "./sharpeInference.js";

/** An annual Sharpe ratio less another, and the ends of its percentile interval. */
export interface AnnualSharpeDifference {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Annual Sharpe ratio of `a` less that of `b` over the same bars, with the percentile interval over resampled blocks; undefined where
 * one of them never trades and has no Sharpe ratio.
 * @param options  of the bootstrap; the level is 0.95 by default
 * @throws RangeError when the ledgers differ in length, or as `bootstrapSharpeDifference`.
 */
export function annualSharpeDifference(
  a: BacktestLedger,
  b: BacktestLedger,
  { level = 0.95, ...options }: BootstrapOptions & { readonly level?: number },
): AnnualSharpeDifference | undefined {
  checkLength("bars of the second ledger", b.time, a.time.length);
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number in (0, 1), got ${level}`);
  const [own, other] = [ledgerReturns(a), ledgerReturns(b)];
  if (!(variance(own) > 0 && variance(other) > 0)) return undefined;
  const { difference, replicates } = bootstrapSharpeDifference(own, other, options);
  const year = Math.sqrt(barsPerYear(a.stepMs));
  const end = (probability: number) => year * quantile(replicates, probability);
  return { estimate: year * difference, lower: end((1 - level) / 2), upper: end((1 + level) / 2) };
}
