/** The columns of a ledger as they fill. Internal to `account`. */

/** As in `BacktestLedger`: [T] each; [T,A] the last three, of which `shares` are the weights held over each bar. */
export interface Columns {
  readonly equity: Float64Array;
  readonly cash: Float64Array;
  readonly turnover: Float64Array;
  readonly profit: Float64Array;
  readonly funding: Float64Array;
  readonly cost: Float64Array;
  readonly fees: Float64Array;
  readonly spread: Float64Array;
  readonly impact: Float64Array;
  readonly positions: Float64Array;
  readonly price: Float64Array;
  readonly shares: Float64Array;
}

/** A plain literal: spreads give every run a hidden class of its own, and its compiled code is thrown away. */
export function emptyColumns(count: number, assets: number): Columns {
  const column = (width = 1): Float64Array => new Float64Array(count * width);
  return {
    equity: column(),
    cash: column(),
    turnover: column(),
    profit: column(),
    funding: column(),
    cost: column(),
    fees: column(),
    spread: column(),
    impact: column(),
    positions: column(assets),
    price: column(assets),
    shares: column(assets),
  };
}

/** Empties all rows [T] to be written again. */
export function clearColumns(columns: Columns): void {
  for (const column of Object.values(columns) as Float64Array[]) column.fill(0);
}
