/** Sizing by uncertainty against a fixed size and against uncertainties shuffled among the hours. */
import { type Bars, barsPerYear, type Forecast, fold, type Key, mean, type Panel } from "../../core/index.js";
import { backtest } from "../backtest/backtest.js";
import { NO_COSTS } from "../backtest/costs.js";
import { ledgerReturns } from "../backtest/ledger.js";
import { ofMeanSize } from "../decisions/decisions.js";
import { expectedGain } from "../performance/compareRules.js";
import { compareSizing, shuffledUncertainty } from "./placebo.js";

/** Options of `sizingPlacebo`. */
export interface SizingPlaceboOptions {
  readonly key: Key;
  readonly placebos: number;
  /** Rows among which uncertainties trade places, such as 168 hours. */
  readonly block: number;
  /** [N] trailing volatility of each row. */
  readonly scale: ArrayLike<number>;
  /** [N] of the bar after each decision, where it is known. */
  readonly trueMean?: ArrayLike<number> | undefined;
  /** Mean |weight| of every sizing, 0.2 by default. */
  readonly meanSize?: number;
}

/** One sizing, before costs. */
export type SizingRow = {
  readonly sizing: string;
  /** Annual. */
  readonly Sharpe: number;
  /** `expectedGain` in per cent a year; NaN where the true means are not known. */
  readonly gain: number;
};

/** Sizings by three uncertainties on the same sides. */
export interface SizingPlacebo {
  /** All alike, by its own uncertainty, and the mean over the placebos. */
  readonly rows: readonly SizingRow[];
  /** Annual Sharpe ratio gained over the fixed size, with its 90 % interval. */
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  /** Fraction of placebos that do at least as well, the sizing itself counted: by Sharpe ratio, and by the known gain (NaN without). */
  readonly sharpeP: number;
  readonly gainP: number;
}

/**
 * The sides of a forecast of one asset sized all alike, by max(0, |mean| − √epistemic) over the squared scale, and by the same with
 * epistemic variances shuffled within blocks; all of the same mean size and without costs.
 * @throws RangeError as `backtest` and `compareSizing`.
 */
export function sizingPlacebo(
  { mean: edge, epistemic, decidedAt, names }: Forecast,
  market: { readonly bars: readonly Bars[]; readonly stepMs: number; readonly symbols: readonly string[] },
  options: SizingPlaceboOptions,
): SizingPlacebo {
  const { key, placebos, block, scale, trueMean, meanSize = 0.2 } = options;
  const year = barsPerYear(market.stepMs);
  const sizedBy = (variance: Float64Array) =>
    edge.map(
      (mu, n) => (Math.sign(mu) * Math.max(0, Math.abs(mu) - Math.sqrt(variance[n]!))) / scale[n]! ** 2,
    );
  const resultOf = (weight: Float64Array) => {
    const values = ofMeanSize(weight, meanSize);
    const panel: Panel = { time: decidedAt, names: [...(names ?? market.symbols)], values };
    const gain = 100 * (expectedGain(values, trueMean, year) ?? Number.NaN);
    return { gain, returns: ledgerReturns(backtest(panel, market, { costs: NO_COSTS })) };
  };
  const fixed = resultOf(edge.map((mu, n) => Math.sign(mu) / scale[n]!));
  const own = resultOf(sizedBy(epistemic));
  const others = Array.from({ length: placebos }, (_, i) =>
    resultOf(sizedBy(shuffledUncertainty(epistemic, { key: fold(key, "placebo", i), block }))),
  );
  const compared = compareSizing(fixed.returns, own.returns, {
    ...{ bootstrap: { key: fold(key, "resample"), replicates: 2000, meanBlock: 24 }, level: 0.9 },
    placebos: others.map(({ returns }) => returns),
  });
  const annual = Math.sqrt(year);
  const atLeast = others.filter(({ gain }) => gain >= own.gain).length;
  return {
    rows: [
      { sizing: "all alike", Sharpe: annual * compared.fixed, gain: fixed.gain },
      { sizing: "by its own uncertainty", Sharpe: annual * compared.sized, gain: own.gain },
      {
        sizing: `by another hour's, mean of ${placebos}`,
        Sharpe: annual * (compared.fixed + compared.placeboDifference),
        gain: mean(others.map(({ gain }) => gain)),
      },
    ],
    ...{
      difference: annual * compared.difference,
      lower: annual * compared.lower,
      upper: annual * compared.upper,
    },
    sharpeP: compared.placeboP,
    gainP: trueMean ? (1 + atLeast) / (placebos + 1) : Number.NaN,
  };
}
