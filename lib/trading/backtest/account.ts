/** One account, bar by bar: what a backtest and a paper broker both do with money, so that they cannot differ. */
import { payFunding } from "./accountFunding.js";
import type { Account, AccountListener, Closing, Opening } from "./accountTypes.js";
import type { BacktestOptions } from "./backtestInput.js";
import { costRates, type Funding } from "./costs.js";
import { emptyColumns } from "./ledgerColumns.js";
import { liquidateAtWorst, liquidateIfDue } from "./liquidation.js";
import { appraise, markAt } from "./marks.js";
import { rebalance } from "./rebalance.js";
import { startRuns } from "./runs.js";

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

/**
 * Begins a bar, whose row must be empty: funding and margin on what is held, the orders that are due, and margin on what they leave.
 */
export function openBar(account: Account, opening: Opening): void {
  payFunding(account, opening.time);
  markAt(account, opening.prices, account.row * account.positions.length);
  liquidateIfDue(account, opening.time);
  rebalance(account, opening);
  if (account.columns.turnover[account.row]! > 0) {
    appraise(account);
    liquidateIfDue(account, opening.time);
  }
  noteShares(account);
}

/**
 * Ends a bar: margin at the worst of its prices, then marks, funding and margin at the close, and the row is complete.
 *
 * The worst is that of all assets at once: each long at its low and each short at its high, as if they fell together.
 */
export function closeBar(account: Account, time: number, prices: Closing): void {
  liquidateAtWorst(account, time, prices);
  markAt(account, prices.close, account.row * account.positions.length);
  payFunding(account, time);
  liquidateIfDue(account, time);
  writeBalances(account);
  account.bars++;
}

/** Notes the share of equity that each asset has over the bar. */
function noteShares({ positions, marks, columns, row, equity }: Account): void {
  const from = row * positions.length;
  for (let a = 0; a < positions.length; a++) {
    if (positions[a] !== 0) columns.shares[from + a] = (positions[a]! * marks[a]!) / equity;
  }
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
