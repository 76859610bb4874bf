/** Portfolios decided again and again on the returns known then, and their ledger. */
import { type Bars, checkCount, fromFlat, fromRows, type Matrix } from "../../core/index.js";
import { type BacktestLedger, backtest, type Costs } from "../../trading/index.js";

/** Weights [A] of a window of simple returns [L,A]. */
export type Decide = (window: Matrix) => ArrayLike<number>;

/** Options of `walkForward`. */
export interface WalkOptions {
  readonly decide: Decide;
  /** Bars of the window. */
  readonly lookBack: number;
  /** Bars from one decision to the next. */
  readonly every: number;
  /** Index of the first bar that may decide (default the first with a whole window). */
  readonly from?: number;
  readonly costs: Costs;
}

/**
 * The ledger of weights that are decided at a close from the `lookBack` returns up to it, executed at the next open, and held until the
 * next decision.
 * @throws RangeError when no window fits, or as `decide` and `trading.backtest`.
 */
export function walkForward(bars: readonly Bars[], options: WalkOptions): BacktestLedger {
  return walkTogether(bars, [options.decide], options)[0]!;
}

/**
 * One ledger a rule, as `walkForward` makes it, with each window made once and read by all rules.
 * @throws RangeError as `walkForward`.
 */
export function walkTogether(
  bars: readonly Bars[],
  rules: readonly Decide[],
  options: Omit<WalkOptions, "decide">,
): BacktestLedger[] {
  const { lookBack, every, costs } = options;
  checkCount("lookBack", lookBack, 2);
  checkCount("every", every);
  const { openTime, stepMs } = bars[0]!;
  const returns = returnsOf(bars);
  const places: number[] = [];
  for (let t = Math.max(lookBack, options.from ?? 0); t < openTime.length - 1; t += every) places.push(t);
  checkCount("decisions", places.length);
  const decided = rules.map((): number[] => []);
  for (const t of places) {
    const window = windowAt(returns, { assets: bars.length, t, lookBack });
    rules.forEach((decide, r) => {
      decided[r]!.push(...Array.from(decide(window)));
    });
  }
  const time = Float64Array.from(places, (t) => openTime[t]! + stepMs);
  const names = bars.map(({ symbol }) => symbol);
  return decided.map((values) =>
    backtest({ time, names, values: Float64Array.from(values) }, bars, { costs }),
  );
}

/** [T,A] simple returns, NaN where there is none. */
function returnsOf(bars: readonly Bars[]): Float64Array {
  const out = new Float64Array(bars[0]!.close.length * bars.length);
  bars.forEach(({ close }, a) => {
    for (let t = 0; t < close.length; t++)
      out[t * bars.length + a] = t === 0 ? Number.NaN : close[t]! / close[t - 1]! - 1;
  });
  return out;
}

/** [L,A] the returns up to and including bar `t`; rows that lack an asset are left out. */
function windowAt(
  returns: Float64Array,
  { assets, t, lookBack }: { readonly assets: number; readonly t: number; readonly lookBack: number },
): Matrix {
  const flat = returns.slice((t - lookBack + 1) * assets, (t + 1) * assets);
  if (flat.every(Number.isFinite)) return fromFlat(flat, lookBack, assets);
  const rows = Array.from({ length: lookBack }, (_, i) => flat.subarray(i * assets, (i + 1) * assets));
  return fromRows(rows.filter((row) => row.every(Number.isFinite)));
}
