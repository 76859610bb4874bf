/** The holdings of an account at prices. Internal to `account`. */
import type { Account } from "./accountTypes.js";

/**
 * Moves every mark to the price from `from` on, where there is one, books what the positions gain by it, and appraises the account.
 */
export function markAt(account: Account, prices: Float64Array, from: number): void {
  const { positions, marks, runs, columns, row } = account;
  let total = 0;
  let net = 0;
  let gross = 0;
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

/** Takes equity and gross anew from what is held at the marks. */
export function appraise(account: Account): void {
  const { positions, marks } = account;
  let net = 0;
  let gross = 0;
  for (let a = 0; a < positions.length; a++) {
    if (positions[a] === 0) continue;
    const worth = positions[a]! * marks[a]!;
    net += worth;
    gross += Math.abs(worth);
  }
  account.equity = account.cash + net;
  account.gross = gross;
}
