/** From target weights to a ledger: decided at the close, executed at the next open, nothing known before its time. */
import type { Bars, Panel } from "../core/types.js";
import { openAccount } from "./account.js";
import { type BacktestOptions, checkBacktestInputs, checkBacktestOptions } from "./backtestInput.js";
import type { BacktestLedger } from "./ledger.js";
import { tripRows } from "./runs.js";
import { walkBars } from "./walk.js";

/**
 * What `weights` would have earned on `bars`: row t, known at the close of bar t, is executed at the open of bar t + 1 + latencyBars.
 *
 * A weight is a signed share of the equity at the open at which it is executed, before the costs of that trade. An asset whose
 * price is NaN is not traded: what is held stays, valued at its last price, and the order lapses until the next row. A weight may
 * be NaN only where the close is, unless `nanWeights` says otherwise. Funding falls due at its own times on what is held then: at
 * an open, before the trade. The account is liquidated when, at an open or a close, equity is no more than the maintenance margin:
 * all is closed at that price at the taker's fee and half the spread, what is lost beyond the equity is forgiven and recorded, and
 * nothing is traded again.
 *
 * It does not look between open and close: a wick that would have liquidated is seen only with shorter bars. Interest on cash,
 * lot sizes and partial fills are left out.
 * @param weights  [T,A] columns named as the bars' symbols, in their order; times are the closes of the bars
 * @throws RangeError naming asset and time when bars or weights differ in times, a price is not positive, or a weight is missing.
 * @see the identity in `BacktestLedger`, which `checkLedger` proves for each result
 */
export function backtest(weights: Panel, bars: readonly Bars[], options: BacktestOptions): BacktestLedger {
  checkBacktestOptions(options);
  checkBacktestInputs(weights, bars, options);
  const { time, names } = weights;
  const trips = tripRows();
  const account = openAccount(names, options, { rows: time.length, listener: { trip: trips.add } });
  walkBars(account, weights, bars);
  for (let a = 0; a < names.length; a++) if (account.runs.side[a] !== 0) account.runs.end(a, Number.NaN);
  const { shares, ...columns } = account.columns;
  const ledger = {
    ...columns,
    time,
    weights: { time, names, values: shares },
    capital: options.capital ?? 1,
    trades: trips.trades(),
    ...account.counts,
  };
  return account.liquidation ? { ...ledger, liquidation: account.liquidation } : ledger;
}
