/** Correlations of several symbols over a moving window. */

import type { Bars } from "../../core/index.js";
import { checkCount, quantile } from "../../core/index.js";
import { column } from "../panel.js";
import { correlationNames, crossSection } from "./crossSection.js";

/**
 * [T] mean correlation of all pairs over the `window` returns up to bar t; NaN until there are so many, and where a pair's is NaN.
 * @param bars  as `alignBars` returns them, at least two symbols
 * @throws RangeError as `crossSection` does.
 */
export function rollingPairCorrelation(bars: readonly Bars[], window: number): Float64Array {
  const panel = crossSection(bars, { window });
  const pairs = correlationNames(bars.map((b) => b.symbol)).map((name) => column(panel, name));
  return panel.time.map((_, t) => pairs.reduce((total, pair) => total + pair[t]!, 0) / pairs.length);
}

/** Quantiles over time of the mean correlation of pairs. */
export type CorrelationRange = { low5: number; median: number; high95: number };

/**
 * The 5 %, 50 % and 95 % quantiles of `rollingPairCorrelation` over the bars where it is known.
 *
 * It looks at the whole history: a description, never an input of a decision within it.
 * @throws RangeError when it is known nowhere, and as `crossSection` does.
 */
export function correlationRange(bars: readonly Bars[], window: number): CorrelationRange {
  const known = rollingPairCorrelation(bars, window).filter(Number.isFinite);
  checkCount("bars with a correlation", known.length);
  const at = (probability: number): number => quantile(known, probability);
  return { low5: at(0.05), median: at(0.5), high95: at(0.95) };
}
