/** The end of an account. Internal to `account`. */
import type { Account, Closing } from "./accountTypes.js";
import { markAt } from "./marks.js";

/**
 * Closes everything where equity is no more than the maintenance margin of what is held, at the last marks.
 *
 * All pays the taker's fee and half the spread. What is then left goes to the exchange's insurance fund, as the margin of a position
 * that is closed above its bankruptcy price does, and is booked with the fees; what is lost beyond the equity is forgiven and recorded.
 * @throws RangeError when the equity is no finite number.
 */
export function liquidateIfDue(account: Account, time: number): void {
  const { equity, gross, options } = account;
  if (!Number.isFinite(equity)) refuseEquity(equity, time);
  if (account.liquidation || equity > (options.maintenanceMargin ?? 0) * gross) return;
  const { takerBps, halfSpreadBps } = options.costs;
  const rates = { fee: Math.max(0, takerBps) / 1e4, spread: halfSpreadBps / 1e4 };
  const left = equity - gross * (rates.fee + rates.spread);
  if (left > 0 && gross > 0) rates.fee += left / gross;
  for (let a = 0; a < account.positions.length; a++) closeOut(account, a, { time, ...rates });
  const { columns, row } = account;
  columns.fees[row]! += gross * rates.fee;
  columns.spread[row]! += gross * rates.spread;
  columns.cost[row]! += gross * (rates.fee + rates.spread);
  account.cash = 0;
  account.equity = 0;
  account.gross = 0;
  account.liquidation = { bar: account.bars, time, shortfall: Math.max(0, -left) };
}

/**
 * Liquidates at the worst prices of the bar where those are as bad as that; marks move there only then.
 *
 * The worst is that of all assets at once, each long at its low and each short at its high.
 */
export function liquidateAtWorst(account: Account, time: number, prices: Closing): void {
  const { positions, marks, cash, options, row } = account;
  const from = row * positions.length;
  let net = 0;
  let gross = 0;
  for (let a = 0; a < positions.length; a++) {
    const units = positions[a]!;
    if (units === 0) continue;
    const worth = units * worstOf(units, prices, from + a, marks[a]!);
    net += worth;
    gross += Math.abs(worth);
  }
  if (gross === 0 || cash + net > (options.maintenanceMargin ?? 0) * gross) return;
  const worst = positions.map((units, a) =>
    units === 0 ? Number.NaN : worstOf(units, prices, from + a, marks[a]!),
  );
  markAt(account, worst, 0);
  liquidateIfDue(account, time);
}

/** The low for what is held long, the high for what is short; the mark where there is none. */
function worstOf(units: number, { high, low }: Closing, at: number, mark: number): number {
  const price = units > 0 ? low[at]! : high[at]!;
  return price > 0 ? price : mark; // a missing price is NaN
}

interface Charges {
  readonly time: number;
  readonly fee: number;
  readonly spread: number;
}

function closeOut(account: Account, a: number, { time, fee, spread }: Charges): void {
  const { positions, marks, runs, listener } = account;
  const [units, price] = [positions[a]!, marks[a]!];
  if (units === 0) return;
  const notional = Math.abs(units * price);
  runs.profit[a]! -= notional * (fee + spread);
  runs.end(a, time);
  positions[a] = 0;
  const costs = { fee: notional * fee, spread: notional * spread, impact: 0 };
  listener.fill?.({ asset: a, units: -units, price, ...costs, liquidation: true });
}

function refuseEquity(equity: number, time: number): never {
  throw new RangeError(
    `${new Date(time).toISOString()}: expected weights and prices that leave a finite equity, got ${equity}`,
  );
}
