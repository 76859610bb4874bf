/** Weights decided at some closes as weights at every close of the bars that they concern. */
import type { Bars, Panel } from "../../core/index.js";
import { heldPanel } from "../decisions/decisions.js";
import type { BacktestOptions } from "./backtestInput.js";

interface Standing {
  readonly weights: Panel;
  readonly bars: readonly Bars[];
  readonly options: BacktestOptions;
}

/**
 * Weights and bars as they are where there is a row for every bar. Otherwise the bars from the first decision to the end of the last, the
 * weights as they stand between decisions, and `rebalance: "when changed"` unless another is given: nobody trades where nothing is decided.
 *
 * The last decision stands as long as the shortest time between two: a horizon on a grid of horizons.
 */
export function atEveryClose(weights: Panel, bars: readonly Bars[], options: BacktestOptions): Standing {
  const first = bars[0];
  const { time } = weights;
  if (!first || time.length === 0 || time.length === first.openTime.length) return { weights, bars, options };
  const closes = first.openTime.map((open) => open + first.stepMs);
  const from = closes.indexOf(time[0]!);
  const last = closes.indexOf(time[time.length - 1]!);
  if (from < 0 || last < 0) return { weights, bars, options };
  const to = Math.min(closes.length, last + 1 + Math.max(1, shortestStand(time, first.stepMs)));
  const cut = bars.map((own) => cutBars(own, from, to));
  return { weights: heldPanel(weights, cut), bars: cut, options: { rebalance: "when changed", ...options } };
}

/** Bars between the two decisions that are closest to one another, 1 where there is one decision. */
function shortestStand(time: Float64Array, stepMs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let t = 1; t < time.length; t++) least = Math.min(least, time[t]! - time[t - 1]!);
  return Number.isFinite(least) ? Math.round(least / stepMs) : 1;
}

function cutBars(bars: Bars, from: number, to: number): Bars {
  const { openTime, open, high, low, close, volume } = bars;
  const cut = (column: Float64Array) => column.subarray(from, to);
  return {
    ...{ symbol: bars.symbol, stepMs: bars.stepMs, openTime: cut(openTime), open: cut(open) },
    ...{ high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) },
  };
}
