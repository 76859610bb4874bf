/** Signals that cannot know anything, to compare with those that claim to. */

import type { Panel } from "../../core/index.js";
import { checkCount, checkLength, fold, type Key, mean, permutation } from "../../core/index.js";
import { sharpePerBar } from "../performance/returns.js";
import { type BootstrapOptions, bootstrapInterval, certainInterval } from "./bootstrap.js";
import { bootstrapSharpeDifference, sharpeDifferenceTest } from "./sharpeInference.js";

/**
 * The uncertainties [N] dealt anew among the signals of each block: their size and slow changes stay, which signal has which does not.
 *
 * A sizing that gains as much with these as with its own gains by being smaller or later, not by knowing when it is unsure.
 * @param options `block`: how many signals trade places with one another; a last block may be shorter
 * @throws RangeError when `block` is below 2.
 */
export function shuffledUncertainty(
  uncertainty: ArrayLike<number>,
  { key, block }: { readonly key: Key; readonly block: number },
): Float64Array {
  checkCount("block", block, 2);
  const shuffled = new Float64Array(uncertainty.length);
  for (let from = 0; from < shuffled.length; from += block) {
    const order = permutation(fold(key, from), Math.min(block, shuffled.length - from));
    for (let i = 0; i < order.length; i++) shuffled[from + i] = uncertainty[from + order[i]!]!;
  }
  return shuffled;
}

/**
 * The weights `by` rows later, the last rows coming first: same sizes, same memory, and no link to the returns they meet.
 *
 * A placebo and no strategy: the first rows hold what was decided at the end. Negative `by` moves them earlier.
 * @throws RangeError when `by` is no integer, or the values are not [T,A].
 */
export function shiftedSignal(weights: Panel, by: number): Panel {
  checkCount("rows to shift by", Math.abs(by), 0);
  const { time, names, values } = weights;
  const [count, assets] = [time.length, names.length];
  checkLength("weights: values", values, count * assets);
  const shift = (((by % count) + count) % count) * assets;
  const moved = new Float64Array(values.length);
  moved.set(values.subarray(0, values.length - shift), shift);
  moved.set(values.subarray(values.length - shift), 0);
  return { time, names, values: moved };
}

/**
 * Two sizings of the same signals. Sharpe ratios are per bar: times √(bars of a year) they are annual. After the ruin of one the
 * difference is infinite, after that of both NaN, and p-values by test or resampling are NaN.
 */
export type SizingComparison = {
  fixed: number;
  sized: number;
  /** sized − fixed, with the percentile interval of its bootstrap. */
  difference: number;
  lower: number;
  upper: number;
  /** Two-sided p-values of no difference: for normal independent returns, and by resampled blocks. */
  memmelP: number;
  bootstrapP: number;
  /** Share of the placebos, the sizing itself counted with them, that gain at least as much: one-sided; NaN without placebos. */
  placeboP: number;
  /** Mean difference of the placebos; NaN without. */
  placeboDifference: number;
};

/**
 * Does sizing by uncertainty earn a better Sharpe ratio than a fixed size on the same signals, and than shuffled uncertainty does?
 *
 * The difference to the fixed size may come from trading less in wild times, which any measure of volatility would do. Only the
 * placebos tell whether it mattered which signal had which uncertainty. Simulated markets without an edge are the caller's null.
 * @param fixed  [T] returns with a fixed size
 * @param sized  [T] returns with the size to be judged, over the same bars
 * @param options `placebos`: returns [T] with the same rule and uncertainties of `shuffledUncertainty`, one a key
 * @throws RangeError when lengths differ, a number is not finite, or a series does not vary.
 * @see Jobson & Korkie 1981; Memmel 2003; Ledoit & Wolf 2008
 */
export function compareSizing(
  fixed: Float64Array,
  sized: Float64Array,
  options: {
    readonly bootstrap: BootstrapOptions;
    readonly level: number;
    readonly placebos?: readonly Float64Array[];
  },
): SizingComparison {
  const { level, placebos = [] } = options;
  const { difference, pValue, replicates } = bootstrapSharpeDifference(sized, fixed, options.bootstrap);
  const { lower, upper } = Number.isNaN(difference)
    ? certainInterval(difference) // both are ruined
    : bootstrapInterval(difference, replicates, { level, method: "percentile" });
  const others = placebos.map((returns, i) => {
    checkLength(`placebos[${i}]`, returns, fixed.length);
    return sharpePerBar(returns) - sharpePerBar(fixed);
  });
  const asGood = others.filter((other) => other >= difference).length;
  return {
    fixed: sharpePerBar(fixed),
    sized: sharpePerBar(sized),
    ...{ difference, lower, upper },
    memmelP: sharpeDifferenceTest(sized, fixed).pValue,
    bootstrapP: pValue,
    placeboP: others.length === 0 ? Number.NaN : (asGood + 1) / (others.length + 1),
    placeboDifference: mean(others),
  };
}
