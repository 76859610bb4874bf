/** What costs leave of a known forecast: rules made for each cost, scored by the true means. */
import type { Panel } from "../../core/index.js";
import { costAwareWeights, type ForecastParts } from "../decisions/costAware.js";
import { type KnownMarket, sharpeByTrueMeans, type TrueMeanRow } from "./trueMeans.js";

/** Scores of two rules at several costs, [costs]. */
export interface SharpeByCost {
  /** Of the rule that was made as if trading were free. */
  readonly free: readonly TrueMeanRow[];
  /** Of the rule that was made for the cost. */
  readonly aware: readonly TrueMeanRow[];
}

/**
 * No-trade bands made on the first bars and scored on the others, at each cost: one made as if trading were free, one made for the cost.
 *
 * Each asset is traded by itself, so this is no upper bound.
 * @param parts    [A] forecasts in the order of the bars
 * @param options  `costs`: basis points of one side; `train`: the first so many bars make the bands
 * @throws RangeError as `costAwareWeights` and `sharpeByTrueMeans`.
 */
export function sharpeByCost(
  market: KnownMarket,
  parts: readonly ForecastParts[],
  { costs, train }: { readonly costs: readonly number[]; readonly train: number },
): SharpeByCost {
  const madeFor = (costBps: number) =>
    scoredRows(costAwareWeights(market.bars, parts, { costBps, train }), train);
  const free = madeFor(0);
  const scored = costs.map((cost) => sharpeByTrueMeans({ free, aware: madeFor(cost) }, market, cost));
  return { free: scored.map((rows) => rows[0]!), aware: scored.map((rows) => rows[1]!) };
}

/** The rows from `train` on, but for the last, after which no bar follows. */
function scoredRows({ time, names, values }: Panel, train: number): Panel {
  const width = names.length;
  return { time: time.slice(train, -1), names, values: values.slice(train * width, -width) };
}
