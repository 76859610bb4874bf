/** The plain bars of an account of one asset, in numbers alone: most of what a long backtest does. Internal to `walk`. */
import type { Account, Closing, Opening } from "./accountTypes.js";
import { isDue } from "./rebalance.js";

/** The bars of a walk: [T] when each opens and closes, and their tables. */
export interface Walk {
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly opening: Opening;
  readonly closing: Closing;
}

/** Whether an account has plain bars at all: one asset, orders without impact, and nobody who is told of them. */
export function hasPlainBars({ positions, listener }: Account, { opening }: Walk): boolean {
  return positions.length === 1 && opening.impacts === undefined && listener.fill === undefined;
}

/**
 * Takes the account through the plain bars from row `from` on, and returns the first row that is left to `openBar` and `closeBar`.
 *
 * A bar is plain when it has its prices and a weight is due, no funding falls due on it and the account does not end. The numbers are
 * those of `openBar` and `closeBar` to the bit, by the same operations in the same order on numbers at hand; a test holds the two
 * together. A bar that is not plain is left as it was found.
 */
export function walkPlainBars(account: Account, from: number, walk: Walk): number {
  if (account.liquidation || from < 1 + account.options.costs.latencyBars) return from;
  const [units, mark] = [account.positions[0]!, account.marks[0]!];
  const to = holdPlainBars(account, from, walk);
  if (to > from) bookPlainBars(account, { from, to, units, mark }, walk);
  return to;
}

/** What is held, traded and paid: all columns but the profit. */
function holdPlainBars(account: Account, from: number, { closes, opening, closing }: Walk): number {
  const { options, nextDue } = account;
  const { turnover, fees, spread, cost, shares, cash, equity, positions, price } = account.columns;
  const { prices: open, targets } = opening;
  const { high, low, close } = closing;
  const { rebalance: rule = "every bar", leverageLimit = Number.POSITIVE_INFINITY } = options;
  const { maintenanceMargin: margin = 0, costs } = options;
  const { fee: feeRate, spread: spreadRate } = account.rates;
  const rate = feeRate + spreadRate;
  const delay = 1 + costs.latencyBars;
  const always = rule === "every bar";
  let money = account.cash;
  let units = account.positions[0]!;
  let executed = account.executed[0]!;
  let [orders, scaledRows, t] = [0, 0, from];
  for (; t < closes.length && closes[t]! < nextDue; t++) {
    const target = targets[t - delay]!;
    const start = open[t]!;
    const end = close[t]!;
    if (!(start > 0 && end > 0) || Number.isNaN(target)) break;

    // At the open: what is held, what it is brought to, and what that costs.
    const worth = units * start;
    const before = money + worth;
    if (!(before > margin * Math.abs(worth) && before < Number.POSITIVE_INFINITY)) break;
    const scaled = Math.abs(target) > leverageLimit;
    const weight = (scaled ? leverageLimit / Math.abs(target) : 1) * target;
    const due = always || isDue(rule, { weight, executed, units, mark: start, equity: before });
    const wanted = due ? (weight * before) / start : units;
    const size = Math.abs(wanted - units);
    const trades = size > 1e-12 * Math.abs(units);
    const held = trades ? wanted : units;
    const notional = trades ? size * start : 0;
    const paid = notional * rate;
    const left = trades ? money - ((held - units) * start + paid) : money;
    const traded = notional / before;
    const invested = left + held * start;
    if (trades && traded === 0) break;
    if (!(invested > margin * Math.abs(held * start) && invested < Number.POSITIVE_INFINITY)) break;

    // At the worst of the bar and at its close.
    const extreme = held > 0 ? low[t]! : high[t]!;
    const worst = held * (extreme > 0 ? extreme : start);
    if (worst !== 0 && !(left + worst > margin * Math.abs(worst))) break;
    const after = left + held * end;
    if (!(after > margin * Math.abs(held * end) && after < Number.POSITIVE_INFINITY)) break;

    // The bar is plain, and is written down.
    turnover[t] = traded;
    fees[t] = notional * feeRate;
    spread[t] = notional * spreadRate;
    cost[t] = paid + 0; // no negative zero, as without an order
    shares[t] = held === 0 ? 0 : (held * start) / invested;
    cash[t] = left;
    equity[t] = after;
    positions[t] = held;
    price[t] = end;
    if (trades) orders++;
    if (scaled) scaledRows++;
    if (due) executed = weight;
    money = left;
    units = held;
  }
  if (t === from) return t;
  account.cash = money;
  account.equity = equity[t - 1]!;
  account.gross = Math.abs(units * close[t - 1]!);
  account.positions[0] = units;
  account.marks[0] = close[t - 1]!;
  account.executed[0] = executed;
  account.bars += t - from;
  account.counts.orders += orders;
  account.counts.scaledRows += scaledRows;
  return t;
}

/** Rows `from` to `to`, before which `units` were held that were last marked at `mark`. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly units: number;
  readonly mark: number;
}

/** The profit of each bar, and of the round trips that end and begin on it. */
function bookPlainBars({ columns, runs }: Account, span: Span, { opens, opening, closing }: Walk): void {
  const { profit, positions, cost } = columns;
  const { prices: open } = opening;
  const { close } = closing;
  let { units, mark } = span;
  let side = runs.side[0]!;
  let earned = runs.profit[0]!;
  for (let t = span.from; t < span.to; t++) {
    const start = open[t]!;
    const end = close[t]!;
    const held = positions[t]!;
    const openGain = units === 0 ? 0 : units * (start - mark);
    const closeGain = held * (end - start);
    profit[t] = 0 + openGain + closeGain;
    earned += openGain;
    if (held !== units) {
      const towards = Math.sign(held);
      let opened = cost[t]!;
      if (units !== 0 && towards !== side) {
        const closed = (opened * Math.abs(units)) / Math.abs(held - units);
        runs.profit[0] = earned - closed;
        runs.end(0, opens[t]!);
        opened -= closed;
        side = 0;
        earned = 0;
      }
      if (held !== 0) {
        if (side === 0) runs.begin(0, towards, opens[t]!);
        side = towards;
        earned -= opened;
      }
    }
    earned += closeGain;
    units = held;
    mark = end;
  }
  runs.side[0] = side;
  runs.profit[0] = earned;
}
