/** The orders of one open. Internal to `account`. */
import type { Account, Opening } from "./accountTypes.js";
import type { Rebalance } from "./backtestInput.js";

/** Executes the targets that are due at the open. */
export function rebalance(account: Account, opening: Opening): void {
  const { prices, targets, due } = opening;
  if (account.liquidation || due < 0) return;
  const { options, executed, positions, counts, columns, row, rates, equity } = account;
  const from = row * positions.length;
  const dueFrom = due * positions.length;
  const rule = options.rebalance ?? "every bar";
  const always = rule === "every bar";
  const scale = scaleOf(account, targets, dueFrom);
  let traded = 0;
  for (let a = 0; a < positions.length; a++) {
    const weight = scale * targets[dueFrom + a]!;
    if (Number.isNaN(weight)) continue;
    if (!always && !isDue(rule, standingOf(account, a, weight))) continue;
    const price = prices[from + a]!;
    if (price > 0) {
      traded += trade(account, a, opening, (weight * equity) / price);
      executed[a] = weight;
    } else if (weight !== 0 || positions[a] !== 0) counts.missedOrders++;
  }
  columns.turnover[row] = traded / equity;
  columns.fees[row] = traded * rates.fee;
  columns.spread[row] = traded * rates.spread;
  columns.cost[row] = traded * (rates.fee + rates.spread) + columns.impact[row]!;
}

/** 1, or what brings Σ|w| of the row down to the leverage limit. */
function scaleOf({ options, counts, positions }: Account, targets: Float64Array, from: number): number {
  if (options.leverageLimit === undefined) return 1;
  let gross = 0;
  for (let i = from; i < from + positions.length; i++) gross += Math.abs(targets[i]!) || 0; // NaN counts for nothing
  if (gross <= options.leverageLimit) return 1;
  counts.scaledRows++;
  return options.leverageLimit / gross;
}

/** An asset at an open: its target, the weight last executed, and what is held of it. */
interface Standing {
  readonly weight: number;
  readonly executed: number;
  readonly units: number;
  readonly mark: number;
  readonly equity: number;
}

function standingOf({ executed, positions, marks, equity }: Account, a: number, weight: number): Standing {
  return { weight, executed: executed[a]!, units: positions[a]!, mark: marks[a]!, equity };
}

/** Whether a weight is executed under a rule other than "every bar". */
export function isDue(rule: Rebalance, { weight, executed, units, mark, equity }: Standing): boolean {
  if (weight === 0) return units !== 0;
  if (typeof rule !== "object") return weight !== executed;
  const held = units === 0 ? 0 : (units * mark) / equity;
  return Math.abs(weight - held) > rule.band;
}

/** Brings asset `a` to `units` at the open, pays what that costs, and returns the notional traded. */
function trade(account: Account, a: number, { time, impacts }: Opening, units: number): number {
  const { positions, marks, rates } = account;
  const before = positions[a]!;
  const price = marks[a]!;
  const size = Math.abs(units - before);
  if (size <= 1e-12 * Math.abs(before)) return 0; // round-off is no order
  const notional = size * price;
  let cost = notional * (rates.fee + rates.spread);
  let impact = 0;
  if (impacts) {
    impact = impacts[account.row * positions.length + a]! * notional * Math.sqrt(notional);
    if (!Number.isFinite(impact)) refuseImpact(account, a, time);
    account.columns.impact[account.row]! += impact;
    cost += impact;
  }
  account.cash -= (units - before) * price + cost;
  positions[a] = units;
  account.counts.orders++;
  bookRun(account, a, time, before, cost);
  if (account.listener.fill) tellFill(account, a, units - before, impact);
  return notional;
}

function tellFill({ marks, rates, listener }: Account, a: number, units: number, impact: number): void {
  const price = marks[a]!;
  const notional = Math.abs(units) * price;
  const costs = { fee: notional * rates.fee, spread: notional * rates.spread, impact };
  listener.fill!({ asset: a, units, price, ...costs, liquidation: false });
}

/** Charges the cost to the round trips that the order ends and begins, in proportion to their size. */
function bookRun({ runs, positions }: Account, a: number, time: number, before: number, cost: number): void {
  const after = positions[a]!;
  const side = Math.sign(after);
  let opening = cost;
  if (before !== 0 && side !== runs.side[a]) {
    const closing = (cost * Math.abs(before)) / Math.abs(after - before);
    runs.profit[a]! -= closing;
    runs.end(a, time);
    opening = cost - closing;
  }
  if (after === 0) return;
  if (runs.side[a] === 0) runs.begin(a, side, time);
  runs.profit[a]! -= opening;
}

function refuseImpact({ symbols }: Account, a: number, time: number): never {
  const when = new Date(time).toISOString();
  throw new RangeError(
    `${symbols[a]}, ${when}: expected traded volume before an order with impact, got none in the window`,
  );
}
