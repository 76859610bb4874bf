/** Numbers of rows as a panel of times and assets, and what the simulator expected of the rows' returns. */
import type { Panel } from "../../core/index.js";
import { checkLength } from "../../core/index.js";
import type { Market } from "../../market/index.js";
import { barsOfRows, type RowPlaces } from "./barsOfRows.js";

/**
 * Values of rows as a panel [T,A] at the times of the rows; NaN where an asset has no row.
 * @throws RangeError when the values are not one a row.
 */
export function rowsPanel(
  symbols: readonly string[],
  { asset, decidedAt }: RowPlaces,
  values: ArrayLike<number>,
): Panel {
  checkLength("values", values, decidedAt.length);
  const time = Float64Array.from(new Set(decidedAt)).sort();
  const rowAt = new Map(Array.from(time, (at, t) => [at, t]));
  const out = new Float64Array(time.length * symbols.length).fill(Number.NaN);
  decidedAt.forEach((at, n) => {
    out[rowAt.get(at)! * symbols.length + asset[n]!] = values[n]!;
  });
  return { time, names: [...symbols], values: out };
}

/**
 * Panels of several signals of the same rows, by name.
 * @throws RangeError as `rowsPanel`.
 */
export function rowsPanels(
  symbols: readonly string[],
  rows: RowPlaces,
  signals: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Panel> {
  const named = Object.entries(signals).map(([name, values]) => [name, rowsPanel(symbols, rows, values)]);
  return Object.fromEntries(named);
}

/**
 * The simulator's mean of the log return over the `horizon` bars after each row, [N]; undefined where no truth is known.
 *
 * Each bar's mean is that given all before the bar and its hidden state: what the best informed forecaster would expect.
 * @throws RangeError naming the first row that ends on no bar, or too near to the end.
 */
export function trueMeans(
  market: Pick<Market, "bars" | "stepMs" | "truth">,
  { asset, decidedAt }: RowPlaces,
  horizon: number,
): Float64Array | undefined {
  const { truth, bars } = market;
  if (!truth) return undefined;
  const barOf = barsOfRows(market, decidedAt);
  return decidedAt.map((time, n) => {
    const t = barOf[n]!;
    if (t < 0 || t + horizon >= bars[0]!.openTime.length)
      throw new RangeError(
        `row ${n}: expected a close with ${horizon} bars after it, got ${new Date(time).toISOString()}`,
      );
    let total = 0;
    for (let h = 1; h <= horizon; h++) total += truth.mean[(t + h) * bars.length + asset[n]!]!;
    return total;
  });
}

/**
 * The log return over the last `bars` bars up to each row, [N].
 * @throws RangeError naming the first row that ends on no bar, or with too few before it.
 */
export function trailingReturns(
  market: Pick<Market, "bars" | "stepMs">,
  { asset, decidedAt }: RowPlaces,
  bars: number,
): Float64Array {
  const barOf = barsOfRows(market, decidedAt);
  return decidedAt.map((time, n) => {
    const t = barOf[n]!;
    if (t < bars)
      throw new RangeError(
        `row ${n}: expected a close with ${bars} bars before it, got ${new Date(time).toISOString()}`,
      );
    const { close } = market.bars[asset[n]!]!;
    return Math.log(close[t]! / close[t - bars]!);
  });
}
