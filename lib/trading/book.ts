/** The books of a running backtest: cash, positions, and the columns of the ledger as they fill. Internal to `backtest`. */
import type { Bars, Panel } from "../core/types.js";
import type { BacktestOptions } from "./backtestInput.js";
import { type CostRates, costRates, type Funding } from "./costs.js";
import { impactFactors } from "./impact.js";
import type { Liquidation } from "./ledger.js";
import { type Runs, startRuns } from "./runs.js";

/** Changed in place, bar by bar: a million bars make no million objects. */
export interface Book {
  readonly bars: readonly Bars[];
  readonly opens: readonly Float64Array[];
  readonly closes: readonly Float64Array[];
  readonly weights: Panel;
  readonly options: BacktestOptions;
  readonly rates: CostRates;
  /** [A] each [T], or nothing without an impact. */
  readonly impacts: readonly Float64Array[];
  readonly fundings: readonly Funding[];
  /** [A] the next funding that is not paid yet. */
  readonly nextFunding: Uint32Array;
  /** [A] units. */
  readonly positions: Float64Array;
  /** [A] last known price; NaN before the first. */
  readonly marks: Float64Array;
  /** [A] the weight last executed. */
  readonly executed: Float64Array;
  /** [T,A] share of equity held over each bar. */
  readonly held: Float64Array;
  readonly runs: Runs;
  readonly columns: Columns;
  readonly counts: { orders: number; scaledRows: number; missedOrders: number };
  cash: number;
  /** cash + Σ positions · marks, and Σ|positions · marks|, as of the last mark. */
  equity: number;
  gross: number;
  /** When the next funding of any asset falls due. */
  nextDue: number;
  liquidation: Liquidation | undefined;
}

const NO_FUNDING: Funding = { time: new Float64Array(0), rate: new Float64Array(0) };

type Columns = Readonly<
  Record<
    | ("equity" | "cash" | "turnover" | "cost" | "funding" | "profit" | "fees" | "spread" | "impact")
    | ("positions" | "price"),
    Float64Array
  >
>;

export function openBook(weights: Panel, bars: readonly Bars[], options: BacktestOptions): Book {
  const [count, assets] = [weights.time.length, bars.length];
  const { costs, capital = 1 } = options;
  const { impact, funding = {} } = costs;
  const unknown = Object.keys(funding).find((symbol) => !weights.names.includes(symbol));
  if (unknown) throw new RangeError(`funding: expected one of ${weights.names.join(", ")}, got ${unknown}`);
  return {
    bars,
    weights,
    options,
    opens: bars.map((b) => b.open),
    closes: bars.map((b) => b.close),
    rates: costRates(costs),
    impacts: impact ? bars.map((b) => impactFactors(b, impact)) : [],
    fundings: bars.map((b) => funding[b.symbol] ?? NO_FUNDING),
    nextFunding: new Uint32Array(assets),
    positions: new Float64Array(assets),
    marks: new Float64Array(assets).fill(Number.NaN),
    executed: new Float64Array(assets),
    held: new Float64Array(count * assets),
    runs: startRuns(assets),
    columns: emptyColumns(count, assets),
    counts: { orders: 0, scaledRows: 0, missedOrders: 0 },
    cash: capital,
    equity: capital,
    gross: 0,
    nextDue: Object.keys(funding).length === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    liquidation: undefined,
  };
}

/** Plain literals here and in `openBook`: spreads give every run a hidden class of its own, and its compiled code is thrown away. */
function emptyColumns(count: number, assets: number): Columns {
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
  };
}
