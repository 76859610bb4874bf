/** Rules compared over many test parts of which each is a market of its own, so that one path decides nothing. */
import { type Bars, mean } from "../../core/index.js";
import { type Costs, significance, summarise } from "../../trading/index.js";
import { type KnownMoments, trueSharpe } from "./trueSharpe.js";
import { type Decide, walkForward } from "./walkForward.js";

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
      volatility: column((row) => row.volatility),
      turnover: column((row) => row.turnover),
    };
  });
}

interface PartRow {
  readonly sharpe: number;
  readonly trueSharpe: number;
  readonly volatility: number;
  readonly turnover: number;
}

function onPart(
  rules: Readonly<Record<string, Decide>>,
  { bars, truth }: TestMarket,
  walk: Pick<PartOptions, "lookBack" | "every" | "costs">,
): PartRow[] {
  return Object.values(rules).map((decide) => {
    const ledger = walkForward(bars, { decide, ...walk });
    const { sharpe, annualVolatility, annualTurnover } = summarise(ledger);
    return {
      ...{ sharpe, volatility: 100 * annualVolatility, turnover: annualTurnover },
      trueSharpe: trueSharpe(ledger, bars[0]!.openTime, truth),
    };
  });
}

/** One row a rule but the baseline: its Sharpe ratio less the baseline's, part by part, with the 95 % interval of the mean. */
export type DifferenceRow = {
  readonly rule: string;
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  readonly wins: number;
  readonly volatility: number;
  readonly turnover: number;
};

/**
 * Paired differences of the rules from the first one.
 * @param of  which Sharpe ratio: after costs, or by the simulation's own means before costs
 * @throws RangeError when there are fewer than two parts, or a ratio does not exist.
 */
export function differencesFromFirst(
  results: readonly PartResults[],
  of: "sharpe" | "trueSharpe",
): DifferenceRow[] {
  const [baseline, ...others] = results;
  return others.map((one) => {
    const { estimate, lower, upper, wins } = significance.pairedDifference(one[of], baseline![of]);
    return {
      ...{ rule: one.rule, difference: estimate, lower, upper, wins },
      ...{ volatility: mean(one.volatility), turnover: mean(one.turnover) },
    };
  });
}
