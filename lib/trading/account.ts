/** One account, bar by bar: what a backtest and a paper broker both do with money, so that they cannot differ. */
import { payFunding } from "./accountFunding.js";
import type { BacktestOptions } from "./backtestInput.js";
import { type Columns, emptyColumns } from "./book.js";
import { type CostRates, costRates, type Funding } from "./costs.js";
import type { Liquidation } from "./ledger.js";
import { rebalance } from "./rebalance.js";
import { type RoundTrip, type Runs, startRuns } from "./runs.js";

/** What is told of while it happens. */
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

const NO_FUNDING: Funding = { time: new Float64Array(0), rate: new Float64Array(0) };

/**
 * An account that has never traded.
 * @throws RangeError when costs are out of range or name funding of a symbol that is not there.
 */
export function openAccount(
  symbols: readonly string[],
  options: BacktestOptions,
  { rows, listener = {} }: { readonly rows: number; readonly listener?: AccountListener },
): Account {
  const { costs, capital = 1 } = options;
  const { funding = {} } = costs;
  const unknown = Object.keys(funding).find((symbol) => !symbols.includes(symbol));
  if (unknown) throw new RangeError(`funding: expected one of ${symbols.join(", ")}, got ${unknown}`);
  // A plain literal: spreads give every run a hidden class of its own, and its compiled code is thrown away.
  return {
    symbols,
    options,
    rates: costRates(costs),
    listener,
    fundings: symbols.map((symbol) => funding[symbol] ?? NO_FUNDING),
    nextFunding: new Uint32Array(symbols.length),
    positions: new Float64Array(symbols.length),
    marks: new Float64Array(symbols.length).fill(Number.NaN),
    executed: new Float64Array(symbols.length),
    runs: startRuns(symbols.length, (trip) => listener.trip?.(trip)),
    counts: { orders: 0, scaledRows: 0, missedOrders: 0 },
    columns: emptyColumns(rows, symbols.length),
    row: 0,
    bars: 0,
    cash: capital,
    equity: capital,
    gross: 0,
    nextDue: Object.keys(funding).length === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    liquidation: undefined,
  };
}

/** Begins a bar, whose row must be empty: funding and margin on what is held, then the orders that are due. */
export function openBar(account: Account, opening: Opening): void {
  payFunding(account, opening.time);
  markAt(account, opening.prices);
  liquidateIfDue(account, opening.time);
  rebalance(account, opening);
}

/** Ends a bar at its closing prices [rows,A]: marks, funding and margin, and the row is complete. */
export function closeBar(account: Account, time: number, prices: Float64Array): void {
  markAt(account, prices);
  payFunding(account, time);
  liquidateIfDue(account, time);
  writeBalances(account);
  account.bars++;
}

/** Moves every mark to the price, where there is one, books what the positions gain by it, and appraises the account. */
function markAt(account: Account, prices: Float64Array): void {
  const { positions, marks, runs, columns, row } = account;
  const from = row * positions.length;
  let [total, net, gross] = [0, 0, 0];
  for (let a = 0; a < positions.length; a++) {
    const price = prices[from + a]!;
    const units = positions[a]!;
    if (units !== 0) {
      const gain = price > 0 ? units * (price - marks[a]!) : 0; // a missing price is NaN: the mark stays
      total += gain;
      runs.profit[a]! += gain;
      const worth = units * (price > 0 ? price : marks[a]!);
      net += worth;
      gross += Math.abs(worth);
    }
    if (price > 0) marks[a] = price;
  }
  columns.profit[row]! += total;
  account.equity = account.cash + net;
  account.gross = gross;
}

/** Closes everything where equity is no more than the maintenance margin of what is held. */
function liquidateIfDue(account: Account, time: number): void {
  const { equity, gross, options, columns, row } = account;
  if (account.liquidation || equity > (options.maintenanceMargin ?? 0) * gross) return;
  const { takerBps, halfSpreadBps } = options.costs;
  const taker = (takerBps + halfSpreadBps) / 1e4;
  for (let a = 0; a < account.positions.length; a++) closeOut(account, a, time);
  columns.fees[row]! += (gross * takerBps) / 1e4;
  columns.spread[row]! += (gross * halfSpreadBps) / 1e4;
  columns.cost[row]! += gross * taker;
  const left = equity - gross * taker;
  account.cash = Math.max(0, left);
  account.equity = account.cash;
  account.gross = 0;
  account.liquidation = { bar: account.bars, time, shortfall: Math.max(0, -left) };
}

function closeOut({ positions, marks, runs, options, listener }: Account, a: number, time: number): void {
  const [units, price] = [positions[a]!, marks[a]!];
  if (units === 0) return;
  const { takerBps, halfSpreadBps } = options.costs;
  const notional = Math.abs(units * price);
  runs.profit[a]! -= notional * ((takerBps + halfSpreadBps) / 1e4);
  runs.end(a, time);
  positions[a] = 0;
  const costs = { fee: (notional * takerBps) / 1e4, spread: (notional * halfSpreadBps) / 1e4, impact: 0 };
  listener.fill?.({ asset: a, units: -units, price, ...costs, liquidation: true });
}

function writeBalances({ columns, row, cash, equity, positions, marks }: Account): void {
  columns.cash[row] = cash;
  columns.equity[row] = equity;
  const from = row * positions.length;
  for (let a = 0; a < positions.length; a++) {
    columns.positions[from + a] = positions[a]!;
    columns.price[from + a] = marks[a]!;
  }
}
