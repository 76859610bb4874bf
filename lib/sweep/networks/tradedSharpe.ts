/** What a network's forecasts earn: the Sharpe ratio per bar with its interval, and what its deflation needs. */
import { type Bars, type Forecast, standardNormalQuantile } from "../../core/index.js";
import type { DatasetPart } from "../../features/index.js";
import { countBefore, sliceBars } from "../../market/index.js";
import {
  BYBIT_COSTS,
  backtest,
  type Costs,
  ledgerReturns,
  roundTripBps,
} from "../../trading/backtest/index.js";
import { type SizingRules, size } from "../../trading/decisions/index.js";
import { significance } from "../../trading/index.js";
import type { Score } from "../results/networkRow.js";
import type { Study } from "../study/studyFile.js";
import type { StudySource } from "./data.js";

const WIDTH = standardNormalQuantile(0.975);
const NONE: Score = { value: null, lower: null, upper: null };
/** Fewer bars tell nothing of a Sharpe ratio's error. */
const LEAST = 20;

/**
 * Sharpe ratio per bar of the rule on the part's forecasts, after costs, with number of bars, skew and kurtosis of its returns.
 *
 * All are null where nothing was traded or the account was lost: there is no ratio then.
 */
export function tradedSharpe(
  forecast: Forecast,
  {
    part,
    source,
    trading,
  }: { readonly part: DatasetPart; readonly source: StudySource; readonly trading: Study["trading"] },
): Record<string, Score> {
  const { takerBps, halfSpreadBps } = trading;
  const costs: Costs = { ...BYBIT_COSTS, takerBps, halfSpreadBps };
  const bars = barsOfPart(source.bars, part);
  const weights = size(forecast, rulesOf(trading, costs, bars.length), {
    names: bars.map(({ symbol }) => symbol),
  });
  const returns = ledgerReturns(backtest(weights, bars, { costs, rebalance: "when changed" }));
  const alone = (value: number | null): Score => ({ ...NONE, value });
  const lost = returns.some((own) => !(own > -1));
  if (returns.length < LEAST || lost || returns.every((own) => own === returns[0]))
    return { sharpe: NONE, sharpe_bars: NONE, sharpe_skew: NONE, sharpe_kurtosis: NONE };
  const { sharpe, count, skew, kurtosis } = significance.sharpeMoments(returns);
  const width = WIDTH * significance.sharpeHacError(returns);
  return {
    sharpe: { value: sharpe, lower: sharpe - width, upper: sharpe + width },
    sharpe_bars: alone(count),
    sharpe_skew: alone(skew),
    sharpe_kurtosis: alone(kurtosis),
  };
}

/** No more than an equal share of the equity a symbol, and no more than the equity in all. */
function rulesOf({ rule }: Study["trading"], costs: Costs, assets: number): SizingRules {
  const limits = { maxWeight: 1 / assets, maxGross: 1 };
  if (rule === "sign")
    return { signal: { kind: "sign" }, position: { kind: "fixed", weight: 1 / assets }, ...limits };
  return {
    signal: { kind: "edge", costBps: roundTripBps(costs), minEdgeMultiple: 1, epistemicPenalty: 1 },
    position: { kind: "kelly", fraction: 0.25, epistemicPenalty: 1 },
    ...limits,
  };
}

/** The bars from the part's first decision to the one at which its last target is known. */
function barsOfPart(bars: readonly Bars[], { decidedAt, resolvedAt }: DatasetPart): Bars[] {
  const first = decidedAt.reduce((a, b) => Math.min(a, b));
  const last = resolvedAt.reduce((a, b) => Math.max(a, b));
  const closes = bars[0]!.openTime.map((open) => open + bars[0]!.stepMs);
  const [from, to] = [countBefore(closes, first), Math.min(closes.length, countBefore(closes, last) + 1)];
  return bars.map((own) => sliceBars(own, from, to));
}
