/** The ledger of a backtest, with all that is needed to check it. */
import type { Ledger } from "../../core/index.js";

/** Round trips: the longest runs of bars on one side of one asset. Arrays are [N], in the order in which they ended. */
export interface Trades {
  /** Index of the asset. */
  readonly asset: Uint16Array;
  /** 1 long, −1 short. */
  readonly side: Int8Array;
  /** UTC milliseconds. */
  readonly openedAt: Float64Array;
  /** UTC milliseconds; NaN where it was open when the bars ended. */
  readonly closedAt: Float64Array;
  /** Price moves less costs and funding, in the unit of the capital. */
  readonly profit: Float64Array;
}

/** The end of an account: nothing is left, and nothing is traded again. */
export interface Liquidation {
  readonly bar: number;
  /** UTC milliseconds: of the open at which it was found, or of the close of the bar within or at whose end it was. */
  readonly time: number;
  /** Loss beyond the equity, borne by the exchange. */
  readonly shortfall: number;
}

/**
 * A ledger that can be audited: cash + Σ positions · price = equity at every bar, and
 * equity[t] − equity[t − 1] = profit[t] − cost[t] − funding[t] (plus the shortfall, where one was forgiven).
 *
 * Row t is known at `time[t]`, the close of bar t. Money is in the unit of the capital. `turnover` is what was traded over the
 * equity at the open; `weights` are the shares of equity held over the bar, at its open once traded; `funding` is positive when paid.
 */
export interface BacktestLedger extends Ledger {
  /** Before the first bar. */
  readonly capital: number;
  /** [T] at the close; negative when borrowed. */
  readonly cash: Float64Array;
  /** [T,A] units of the base asset at the close, negative when short. */
  readonly positions: Float64Array;
  /** [T,A] the last price known at the close: that of the close, or an earlier one where the bar has none; NaN before the first. */
  readonly price: Float64Array;
  /** [T] from price moves alone. */
  readonly profit: Float64Array;
  /** [T] the parts of `cost`. */
  readonly fees: Float64Array;
  readonly spread: Float64Array;
  readonly impact: Float64Array;
  readonly trades: Trades;
  /** Orders that were executed. */
  readonly orders: number;
  /** Rows whose Σ|w| was scaled down to the leverage limit before they were executed. */
  readonly scaledRows: number;
  /** Orders that found no price: the position was kept. */
  readonly missedOrders: number;
  readonly liquidation?: Liquidation;
}

/** Simple return of each bar, [T]: the first is that on the capital; −1 at ruin, 0 once nothing is left. */
export function ledgerReturns({ equity, capital }: Pick<BacktestLedger, "equity" | "capital">): Float64Array {
  let before = capital;
  return equity.map((after) => {
    const result = before > 0 ? after / before - 1 : 0;
    before = after;
    return result;
  });
}

/**
 * Checks that the books of a ledger balance at each bar to `tolerance` of the equity and what is held.
 *
 * It uses nothing but the ledger: a ledger that was edited, or made elsewhere, can be checked too.
 * @throws Error naming the first bar at which they do not, or at which equity rises from nothing.
 */
export function checkLedger(ledger: BacktestLedger, tolerance = 1e-9): void {
  const { equity, cash, positions, price, liquidation } = ledger;
  const assets = ledger.weights.names.length;
  for (let t = 0; t < equity.length; t++) {
    let [held, gross] = [0, 0];
    for (let i = t * assets; i < (t + 1) * assets; i++) {
      if (positions[i] === 0) continue;
      held += positions[i]! * price[i]!;
      gross += Math.abs(positions[i]! * price[i]!);
    }
    const before = t === 0 ? ledger.capital : equity[t - 1]!;
    if (t > 0 && before <= 0 && equity[t] !== 0)
      throw new Error(`ledger, bar ${t}, ${iso(ledger, t)}: expected no equity after ruin, got ${equity[t]}`);
    const forgiven = liquidation?.bar === t ? liquidation.shortfall : 0;
    const flows = ledger.profit[t]! - ledger.cost[t]! - ledger.funding[t]! + forgiven;
    const room = tolerance * (Math.abs(before) + Math.abs(equity[t]!) + gross + Math.abs(ledger.profit[t]!));
    balance(ledger, t, { what: "cash + positions", found: cash[t]! + held, room });
    balance(ledger, t, { what: "equity before + profit − cost − funding", found: before + flows, room });
  }
}

function balance(
  ledger: BacktestLedger,
  t: number,
  { what, found, room }: { readonly what: string; readonly found: number; readonly room: number },
): void {
  if (Math.abs(found - ledger.equity[t]!) <= room) return;
  throw new Error(
    `ledger, bar ${t}, ${iso(ledger, t)}: expected ${what} to be the equity ${ledger.equity[t]}, got ${found}`,
  );
}

function iso({ time }: BacktestLedger, t: number): string {
  return new Date(time[t]!).toISOString();
}
