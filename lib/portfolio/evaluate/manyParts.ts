/** Rules compared over many test parts of which each is a market of its own, so that one path decides nothing. */
import { type Bars, barsPerYear, columnOf, type Matrix, mean, standardDeviation } from "../../core/index.js";
import { type BacktestLedger, type Costs, summarise } from "../../trading/index.js";
import { type KnownMoments, trueSharpe } from "./trueSharpe.js";
import { type Decide, walkTogether } from "./walkForward.js";

/** A simulated market, as `market.simulate.simulate` returns it. */
export interface TestMarket {
  readonly bars: readonly Bars[];
  readonly truth: KnownMoments;
}

/** Results of one rule on each part, [N] each. */
export interface PartResults {
  readonly rule: string;
  /** Annual Sharpe ratio after costs. */
  readonly sharpe: Float64Array;
  /** Annual Sharpe ratio before costs by the simulation's own means and covariances. */
  readonly trueSharpe: Float64Array;
  /** Annual Sharpe ratio of the decided weights in the windows they were decided on, mean over the decisions: what the rule saw. */
  readonly windowSharpe: Float64Array;
  /** Realised volatility, percent a year, and equity traded, multiples a year. */
  readonly volatility: Float64Array;
  readonly turnover: Float64Array;
}

/** Options of `overParts`. */
export interface PartOptions {
  readonly parts: number;
  /** The market of part n; a part has the bars of one window and of what is traded after it. */
  readonly open: (n: number) => TestMarket;
  readonly lookBack: number;
  readonly every: number;
  readonly costs: Costs;
}

/** Each rule walked forward over each part, all over the same bars. @throws RangeError as `walkForward`. */
export function overParts(rules: Readonly<Record<string, Decide>>, options: PartOptions): PartResults[] {
  const { parts, open, ...walk } = options;
  const found = Array.from({ length: parts }, (_, n) => onPart(rules, open(n), walk));
  return Object.keys(rules).map((rule, r) => {
    const column = (of: (row: PartRow) => number) => Float64Array.from(found, (rows) => of(rows[r]!));
    return {
      rule,
      sharpe: column((row) => row.sharpe),
      trueSharpe: column((row) => row.trueSharpe),
      windowSharpe: column((row) => row.windowSharpe),
      volatility: column((row) => row.volatility),
      turnover: column((row) => row.turnover),
    };
  });
}

interface PartRow {
  readonly sharpe: number;
  readonly trueSharpe: number;
  readonly windowSharpe: number;
  readonly volatility: number;
  readonly turnover: number;
}

function onPart(
  rules: Readonly<Record<string, Decide>>,
  { bars, truth }: TestMarket,
  walk: Pick<PartOptions, "lookBack" | "every" | "costs">,
): PartRow[] {
  const { openTime, stepMs } = bars[0]!;
  const year = Math.sqrt(barsPerYear(stepMs));
  const inWindows = Object.values(rules).map((): number[] => []);
  const watched = Object.values(rules).map((decide, r) => (window: Matrix) => {
    const weights = decide(window);
    inWindows[r]!.push(year * sharpeOf(weights, window));
    return weights;
  });
  const rowOf = (ledger: BacktestLedger, r: number): PartRow => {
    const { sharpe, annualVolatility, annualTurnover } = summarise(ledger);
    return {
      ...{ sharpe, volatility: 100 * annualVolatility, turnover: annualTurnover },
      trueSharpe: trueSharpe(ledger, openTime, truth),
      windowSharpe: mean(inWindows[r]!),
    };
  };
  return walkTogether(bars, watched, walk).map(rowOf);
}

/** Of a bar, for weights held constant over returns [L,A]. */
function sharpeOf(weights: ArrayLike<number>, returns: Matrix): number {
  const earned = new Float64Array(returns.rows);
  for (let a = 0; a < returns.columns; a++) {
    const [column, weight] = [columnOf(returns, a), weights[a]!];
    for (let t = 0; t < column.length; t++) earned[t]! += column[t]! * weight;
  }
  return mean(earned) / standardDeviation(earned);
}
