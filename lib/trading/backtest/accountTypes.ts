/** An account as it is between two bars, and the bars it goes through. */
import type { BacktestOptions } from "./backtestInput.js";
import type { CostRates, Funding } from "./costs.js";
import type { Liquidation } from "./ledger.js";
import type { Columns } from "./ledgerColumns.js";
import type { RoundTrip, Runs } from "./runs.js";

/** Callbacks for the events of an account, called while they happen. */
export interface AccountListener {
  /** A change of `units` of an asset at `price`: an order that was executed, or the end of the account. */
  fill?(fill: AccountFill): void;
  trip?(trip: RoundTrip): void;
}

/** Costs are in the unit of the capital; `units` is signed. */
export interface AccountFill {
  readonly asset: number;
  readonly units: number;
  readonly price: number;
  readonly fee: number;
  readonly spread: number;
  readonly impact: number;
  readonly liquidation: boolean;
}

/** Changed in place, bar by bar: a million bars make no million objects. */
export interface Account {
  /** [A] */
  readonly symbols: readonly string[];
  readonly options: BacktestOptions;
  readonly rates: CostRates;
  readonly listener: AccountListener;
  /** [A] */
  readonly fundings: Funding[];
  /** [A] the next funding that is not paid yet. */
  readonly nextFunding: Uint32Array;
  /** [A] units. */
  readonly positions: Float64Array;
  /** [A] last known price; NaN before the first. */
  readonly marks: Float64Array;
  /** [A] the weight last executed. */
  readonly executed: Float64Array;
  readonly runs: Runs;
  readonly counts: { orders: number; scaledRows: number; missedOrders: number };
  /** What becomes of each bar. A backtest keeps all rows; a broker keeps one, which is written again and again. */
  readonly columns: Columns;
  /** The row of the bar at hand. */
  row: number;
  /** Bars that were closed. */
  bars: number;
  cash: number;
  /** cash + Σ positions · marks, and Σ|positions · marks|, as of the last mark. */
  equity: number;
  gross: number;
  /** When the next funding of any asset falls due. */
  nextDue: number;
  liquidation: Liquidation | undefined;
}

/** An open, and what is due then. Tables have the rows of the account's columns: the row of the bar at hand is read. */
export interface Opening {
  /** UTC milliseconds. */
  time: number;
  /** [rows,A] NaN where there is none. */
  readonly prices: Float64Array;
  /** [_,A] signed shares of equity, NaN where nothing is to change; and the row that is due, none where it is negative. */
  readonly targets: Float64Array;
  due: number;
  /** [rows,A] k such that an order of notional n costs k · n^1.5; none without an impact. */
  readonly impacts: Float64Array | undefined;
}

/** The prices of a bar at its end. Tables [rows,A]; NaN where there is none. */
export interface Closing {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}
