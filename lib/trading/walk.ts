/** The bars of a backtest, one after the other. Internal to `backtest`. */
import type { Book } from "./book.js";
import { rebalance } from "./rebalance.js";

/** Fills the books: funding and margin before the trade at each open, marks, funding and margin at each close. */
export function walkBars(book: Book): void {
  const { openTime } = book.bars[0]!;
  const { time } = book.weights;
  for (let t = 0; t < openTime.length; t++) {
    payFunding(book, t, openTime[t]!);
    markAt(book, t, book.opens);
    liquidateIfDue(book, t, openTime[t]!);
    rebalance(book, t, openTime[t]!);
    markAt(book, t, book.closes);
    payFunding(book, t, time[t]!);
    liquidateIfDue(book, t, time[t]!);
    record(book, t);
  }
}

/** Moves every mark to the price of bar t, where there is one, books what the positions gain by it, and appraises the account. */
function markAt(book: Book, t: number, prices: readonly Float64Array[]): void {
  const { positions, marks, runs, columns } = book;
  let [total, net, gross] = [0, 0, 0];
  for (let a = 0; a < positions.length; a++) {
    const price = prices[a]![t]!;
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
  columns.profit[t]! += total;
  book.equity = book.cash + net;
  book.gross = gross;
}

/** Pays what fell due up to `until` on what is held now, at the last known price. */
function payFunding(book: Book, t: number, until: number): void {
  if (!(until >= book.nextDue)) return;
  const { fundings, nextFunding, positions, marks, runs, columns } = book;
  book.nextDue = Number.POSITIVE_INFINITY;
  for (let a = 0; a < fundings.length; a++) {
    const { time, rate } = fundings[a]!;
    for (; nextFunding[a]! < time.length && time[nextFunding[a]!]! <= until; nextFunding[a]!++) {
      if (positions[a] === 0) continue;
      const paid = positions[a]! * marks[a]! * rate[nextFunding[a]!]!;
      book.cash -= paid;
      book.equity -= paid;
      columns.funding[t]! += paid;
      runs.profit[a]! -= paid;
    }
    book.nextDue = Math.min(book.nextDue, time[nextFunding[a]!] ?? Number.POSITIVE_INFINITY);
  }
}

/** Closes everything where equity is no more than the maintenance margin of what is held. */
function liquidateIfDue(book: Book, t: number, time: number): void {
  const { equity, gross, options } = book;
  if (book.liquidation || equity > (options.maintenanceMargin ?? 0) * gross) return;
  const { positions, marks, runs, columns } = book;
  const { takerBps, halfSpreadBps } = options.costs;
  const taker = (takerBps + halfSpreadBps) / 1e4;
  for (let a = 0; a < positions.length; a++) {
    if (positions[a] === 0) continue;
    runs.profit[a]! -= Math.abs(positions[a]! * marks[a]!) * taker;
    runs.end(a, time);
    positions[a] = 0;
  }
  columns.fees[t]! += (gross * takerBps) / 1e4;
  columns.spread[t]! += (gross * halfSpreadBps) / 1e4;
  columns.cost[t]! += gross * taker;
  const left = equity - gross * taker;
  book.cash = Math.max(0, left);
  book.equity = book.cash;
  book.gross = 0;
  book.liquidation = { bar: t, time, shortfall: Math.max(0, -left) };
}

/** Writes row t of the ledger. */
function record({ columns, positions, marks, cash, equity }: Book, t: number): void {
  columns.cash[t] = cash;
  columns.equity[t] = equity;
  const from = t * positions.length;
  for (let a = 0; a < positions.length; a++) {
    columns.positions[from + a] = positions[a]!;
    columns.price[from + a] = marks[a]!;
  }
}
