/** Portfolios decided again and again on what was known, and what they then earned. */
import { type Bars, checkCount, fromRows, type Matrix } from "../../core/index.js";
import { type BacktestLedger, backtest, type Costs } from "../../trading/index.js";

/** Weights [A] of a window of simple returns [L,A]. */
export type Decide = (window: Matrix) => ArrayLike<number>;

export interface WalkOptions {
  readonly decide: Decide;
  /** Bars of the window. */
  readonly lookBack: number;
  /** Bars from one decision to the next. */
  readonly every: number;
  /** Index of the first bar that may decide; the first with a whole window unless given. */
  readonly from?: number;
  readonly costs: Costs;
}

/**
 * The ledger of weights that are decided at a close from the `lookBack` returns up to it, executed at the next open, and held until the
 * next decision.
 * @throws RangeError when no window fits, or as `decide` and `trading.backtest`.
 */
export function walkForward(bars: readonly Bars[], options: WalkOptions): BacktestLedger {
  const { decide, lookBack, every, costs } = options;
  checkCount("lookBack", lookBack, 2);
  checkCount("every", every);
  const { openTime, stepMs } = bars[0]!;
  const returns = bars.map(({ close }) =>
    close.map((value, t) => (t === 0 ? Number.NaN : value / close[t - 1]! - 1)),
  );
  const places: number[] = [];
  for (let t = Math.max(lookBack, options.from ?? 0); t < openTime.length - 1; t += every) places.push(t);
  checkCount("decisions", places.length);
  const values = places.flatMap((t) => Array.from(decide(windowAt(returns, t, lookBack))));
  const time = Float64Array.from(places, (t) => openTime[t]! + stepMs);
  const decided = { time, names: bars.map(({ symbol }) => symbol), values: Float64Array.from(values) };
  return backtest(decided, bars, { costs });
}

/** [L,A] the returns up to and including bar `t`; rows that lack an asset are left out. */
function windowAt(returns: readonly Float64Array[], t: number, lookBack: number): Matrix {
  const rows = Array.from({ length: lookBack }, (_, i) => returns.map((own) => own[t - lookBack + 1 + i]!));
  return fromRows(rows.filter((row) => row.every(Number.isFinite)).map((row) => Float64Array.from(row)));
}
