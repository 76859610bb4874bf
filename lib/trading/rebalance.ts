/** The orders of one open. Internal to `backtest`. */
import type { Book } from "./book.js";

/** Executes the row that is due at the open of bar t, and notes the share of equity that each asset has over the bar. */
export function rebalance(book: Book, t: number, time: number): void {
  if (book.liquidation) return;
  const { weights, options, opens, executed, positions, columns, counts, rates } = book;
  const assets = positions.length;
  const always = (options.rebalance ?? "every bar") === "every bar";
  const from = (t - 1 - options.costs.latencyBars) * assets;
  const equity = book.equity;
  if (from >= 0) {
    const scale = scaleOf(book, from);
    let traded = 0;
    for (let a = 0; a < assets; a++) {
      const weight = scale * weights.values[from + a]!;
      if (Number.isNaN(weight) || !(always || isDue(book, a, weight))) continue;
      const price = opens[a]![t]!;
      if (price > 0) {
        traded += trade(book, a, t, time, (weight * equity) / price);
        executed[a] = weight;
      } else if (weight !== 0 || positions[a] !== 0) counts.missedOrders++;
    }
    columns.turnover[t] = traded / equity;
    columns.fees[t] = traded * rates.fee;
    columns.spread[t] = traded * rates.spread;
    columns.cost[t] = traded * (rates.fee + rates.spread) + columns.impact[t]!;
  }
  noteShares(book, t * assets, equity - columns.cost[t]!);
}

/** 1, or what brings Σ|w| of the row down to the leverage limit. */
function scaleOf({ weights, options, counts, positions }: Book, from: number): number {
  if (options.leverageLimit === undefined) return 1;
  let gross = 0;
  for (let i = from; i < from + positions.length; i++) gross += Math.abs(weights.values[i]!) || 0; // NaN counts for nothing
  if (gross <= options.leverageLimit) return 1;
  counts.scaledRows++;
  return options.leverageLimit / gross;
}

/** Whether a weight is executed under a rule other than "every bar". */
function isDue({ options, executed, positions, marks, equity }: Book, a: number, weight: number): boolean {
  const rule = options.rebalance;
  if (weight === 0) return positions[a] !== 0;
  if (typeof rule !== "object") return weight !== executed[a];
  const held = positions[a] === 0 ? 0 : (positions[a]! * marks[a]!) / equity;
  return Math.abs(weight - held) > rule.band;
}

/** Brings asset `a` to `units` at the open of bar t, pays what that costs, and returns the notional traded. */
function trade(book: Book, a: number, t: number, time: number, units: number): number {
  const { positions, marks, rates, impacts } = book;
  const before = positions[a]!;
  const price = marks[a]!;
  const size = Math.abs(units - before);
  if (size <= 1e-12 * Math.abs(before)) return 0; // round-off is no order
  const notional = size * price;
  let cost = notional * (rates.fee + rates.spread);
  if (impacts.length > 0) {
    const impact = impacts[a]![t]! * notional * Math.sqrt(notional);
    if (!Number.isFinite(impact)) refuseImpact(book, a, time);
    book.columns.impact[t]! += impact;
    cost += impact;
  }
  book.cash -= (units - before) * price + cost;
  positions[a] = units;
  book.counts.orders++;
  bookRun(book, a, time, before, cost);
  return notional;
}

/** Charges the cost to the round trips that the order ends and begins, in proportion to their size. */
function bookRun({ runs, positions }: Book, a: number, time: number, before: number, cost: number): void {
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

function noteShares({ positions, marks, held }: Book, from: number, equity: number): void {
  for (let a = 0; a < positions.length; a++) {
    if (positions[a] !== 0) held[from + a] = (positions[a]! * marks[a]!) / equity;
  }
}

function refuseImpact({ bars }: Book, a: number, time: number): never {
  const when = new Date(time).toISOString();
  throw new RangeError(
    `${bars[a]!.symbol}, ${when}: expected traded volume before an order with impact, got none in the window`,
  );
}
