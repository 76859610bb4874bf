/** From target weights to a ledger: decided at the close, executed at the next open, nothing known before its time. */
import type { Bars, Panel } from "../../core/index.js";
import { openAccount } from "./account.js";
import { type BacktestOptions, checkBacktestInputs, checkBacktestOptions } from "./backtestInput.js";
import type { BacktestLedger } from "./ledger.js";
import { tripRows } from "./runs.js";
import { atEveryClose } from "./standing.js";
import { walkBars } from "./walk.js";

/**
 * The ledger of weights on bars: row t, known at the close of bar t, is executed at the open of bar t + 1 + latencyBars.
 *
 * A weight is a signed share of the equity at the open at which it is executed, before the costs of that trade. An asset whose
 * price is NaN is not traded: what is held stays, valued at its last price, and the order lapses until the next row. A weight may
 * be NaN only where the close is, unless `nanWeights` says otherwise. Funding falls due at its own times on what is held then: at
 * an open, before the trade.
 *
 * The account is liquidated when equity is no more than the maintenance margin of what is held: at an open before and after its
 * trades, at the worst of the bar, and at its close. The worst is that of all assets of the account at once, each long at its low and
 * each short at its high: with several assets it is pessimistic, for they need not be there together. All is closed at the prices at
 * which the margin was missed (of a wick, the low or the high) at the taker's fee and half the spread; what is then left goes to the
 * exchange's insurance fund, booked with the fees, what is lost beyond the equity is forgiven and recorded, and nothing is traded
 * again. Exchanges judge by a mark price, which has shorter wicks than the trades of the bars.
 *
 * Interest on cash, lot sizes, partial fills and partial liquidation are left out.
 * @param decided  [T,A] columns named as the bars' symbols, in their order; times are the closes of the bars. Or weights at some closes
 *   alone, such as `size` returns for a test part: each stands until the next, bars before the first and after the last stand are cut
 *   off, and `rebalance` is "when changed" by default.
 * @param of  the bars, or a market with its bars
 * @throws RangeError naming asset and time when bars or weights differ in times, a price is not positive, a weight is missing or
 *   larger than `LARGEST_WEIGHT`, or the equity is no finite number.
 * @see https://www.bybit.com/en/help-center/article/Insurance-Fund for what becomes of the margin; the identity in `BacktestLedger`, which `checkLedger` proves for each result
 */
export function backtest(
  decided: Panel,
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  given: BacktestOptions,
): BacktestLedger {
  const { weights, bars, options } = atEveryClose(decided, "bars" in of ? of.bars : of, given);
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
    stepMs: bars[0]!.stepMs,
    weights: { time, names, values: shares },
    capital: options.capital ?? 1,
    trades: trips.trades(),
    ...account.counts,
  };
  return account.liquidation ? { ...ledger, liquidation: account.liquidation } : ledger;
}
