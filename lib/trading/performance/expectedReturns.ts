/** Expected returns of positions when the true means of the returns are known: results without the luck of the prices. */
import type { BacktestLedger } from "../backtest/ledger.js";

/** The true moments of a simulated market: of `market.truth`. Arrays are [T,A]. */
export interface TrueMoments {
  /** Mean of the log return of each bar. */
  readonly mean: Float64Array;
  /** Its standard deviation. */
  readonly volatility: Float64Array;
}

/**
 * Expected simple return of each bar of a ledger, [T], after its costs and funding: Σ weight · (mean + ½ volatility²) − what was paid.
 *
 * Weights, costs and times are those of the ledger; only the price moves are replaced by their expectation. A bar's open is taken for
 * the close before.
 * @param of  the market of the ledger, with its truth
 * @throws RangeError when the market has no truth, or a bar of the ledger is not among its bars.
 */
export function expectedReturns(
  ledger: BacktestLedger,
  of: {
    readonly bars: readonly { readonly openTime: Float64Array; readonly stepMs: number }[];
    readonly truth?: TrueMoments;
  },
): Float64Array {
  const { truth, bars } = of;
  if (!truth) throw new RangeError("truth: expected a simulated market, whose means are known");
  const assets = bars.length;
  const rowAt = new Map(Array.from(bars[0]!.openTime, (open, t) => [open + bars[0]!.stepMs, t]));
  let before = ledger.capital;
  return ledger.time.map((time, t) => {
    const row = rowAt.get(time);
    if (row === undefined)
      throw new RangeError(
        `ledger, bar ${t}: expected a bar of the market, got ${new Date(time).toISOString()}`,
      );
    let gain = 0;
    for (let a = 0; a < assets; a++) {
      const at = row * assets + a;
      gain += ledger.weights.values[t * assets + a]! * (truth.mean[at]! + truth.volatility[at]! ** 2 / 2);
    }
    const paid = before > 0 ? (ledger.cost[t]! + ledger.funding[t]!) / before : 0;
    before = ledger.equity[t]!;
    return gain - paid;
  });
}
