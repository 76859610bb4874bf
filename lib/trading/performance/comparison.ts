/** Several ledgers of the same bars as rows of a table, by what they earned and by what they were expected to earn. */
import { barsPerYear, checkLength, mean, sum } from "../../core/index.js";
import { type BacktestLedger, ledgerReturns } from "../backtest/ledger.js";
import type { BootstrapOptions } from "../significance/bootstrap.js";
import { statisticInterval } from "../significance/intervals.js";
import { bootstrapSharpeDifference } from "../significance/sharpeInference.js";
import { expectedReturns } from "./expectedReturns.js";
import { summarise } from "./summary.js";

/** A rule and what it did. */
export interface RuleLedger {
  readonly rule: string;
  readonly ledger: BacktestLedger;
}

/** One rule after costs. */
export type LedgerRow = {
  rule: string;
  /** Annual. */
  Sharpe: number;
  "± se": number;
  /** Compounded, per cent a year; NaN under a month. */
  growth: number;
  /** Price moves before costs, and all costs with funding: per cent of the capital a year, not compounded. */
  "before costs": number;
  costs: number;
  /** Equities traded a day. */
  turnover: number;
};

/**
 * One row for each ledger, such as those of `compareRules`, after costs.
 * @throws RangeError as `summarise`.
 */
export function compareLedgers(rules: readonly RuleLedger[]): LedgerRow[] {
  return rules.map(({ rule, ledger }) => {
    const { sharpe, sharpeError, annualGrowth, annualTurnover, gross, years } = summarise(ledger);
    const paid = (sum(ledger.cost) + sum(ledger.funding)) / ledger.capital;
    return {
      ...{ rule, Sharpe: sharpe, "± se": sharpeError, growth: 100 * (annualGrowth ?? Number.NaN) },
      ...{ "before costs": (100 * gross) / years, costs: (100 * paid) / years },
      turnover: annualTurnover / 365,
    };
  });
}

/** The difference of two annual Sharpe ratios, with half the width of its 90 % interval and whether the interval leaves out zero. */
export interface RuleDifference {
  readonly difference: number;
  readonly half: number;
  readonly apart: boolean;
}

/**
 * Sharpe ratio of `a` less that of `b` over the same bars, by resampled blocks; NaN and not apart where one of them never trades and has
 * no Sharpe ratio.
 * @throws RangeError as `bootstrapSharpeDifference`.
 */
export function ruleDifference(
  a: BacktestLedger,
  b: BacktestLedger,
  options: BootstrapOptions,
): RuleDifference {
  checkLength("bars of the second ledger", b.time, a.time.length);
  const year = barsPerYear(a.stepMs);
  const [own, other] = [ledgerReturns(a), ledgerReturns(b)];
  if (!varies(own) || !varies(other)) return { difference: Number.NaN, half: Number.NaN, apart: false };
  const { difference, variance } = bootstrapSharpeDifference(own, other, options);
  const half = 1.645 * Math.sqrt(year * variance);
  const annual = Math.sqrt(year) * difference;
  return { difference: annual, half, apart: Math.abs(annual) > half };
}

/** `ruleDifference` of each ledger from the first, which differs from itself by nothing, [ledgers]. */
export function differencesFromFirstLedger(
  ledgers: readonly BacktestLedger[],
  options: BootstrapOptions,
): RuleDifference[] {
  return ledgers.map((ledger, i) =>
    i === 0 ? { difference: 0, half: 0, apart: false } : ruleDifference(ledger, ledgers[0]!, options),
  );
}

/** Whether some return differs from the first. */
function varies(returns: Float64Array): boolean {
  return returns.some((value) => value !== returns[0]);
}

/** One rule by the true means of a simulated market, per cent a year, not compounded. */
export type ExpectedRow = { rule: string; "expected return": number; "± se": number };

/**
 * Expected return of each rule after costs, per cent a year, by `expectedReturns`, with the standard error over resampled blocks: [rules].
 * @throws RangeError as `expectedReturns`.
 */
export function compareExpected(
  rules: readonly RuleLedger[],
  market: Parameters<typeof expectedReturns>[1],
  options: BootstrapOptions,
): ExpectedRow[] {
  return rules.map(({ rule, ledger }) => {
    const unit = 100 * barsPerYear(ledger.stepMs);
    const { estimate, standardError } = statisticInterval(expectedReturns(ledger, market), mean, {
      ...options,
      ...{ level: 0.9, method: "percentile" },
    });
    return { rule, "expected return": unit * estimate, "± se": unit * standardError };
  });
}

/**
 * Expected return of `a` less that of `b`, per cent a year after costs, by the true means, with half the width of its 90 % interval.
 * @param market  its true means are [T,A]
 * @throws RangeError as `expectedReturns`.
 */
export function expectedDifference(
  a: BacktestLedger,
  b: BacktestLedger,
  market: Parameters<typeof expectedReturns>[1],
  options: BootstrapOptions,
): RuleDifference {
  checkLength("bars of the second ledger", b.time, a.time.length);
  const other = expectedReturns(b, market);
  const gap = expectedReturns(a, market).map((value, t) => value - other[t]!);
  const unit = 100 * barsPerYear(a.stepMs);
  const level = { level: 0.9, method: "percentile" } as const;
  const { estimate, standardError } = statisticInterval(gap, mean, { ...options, ...level });
  const half = 1.645 * unit * standardError;
  return { difference: unit * estimate, half, apart: Math.abs(unit * estimate) > half };
}
