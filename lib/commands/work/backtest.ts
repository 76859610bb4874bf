/** `vitrade backtest`: forecasts to signals to sizes to a costed backtest, beside the same without costs and buying and holding. */
import type { Bars } from "../../core/types.js";
import { sliceBars } from "../../market/bars.js";
import { countBefore } from "../../market/grid.js";
import { backtest as runBacktest } from "../../trading/backtest.js";
import { type Costs, NO_COSTS, roundTripBps } from "../../trading/costs.js";
import { type Decisions, heldWeights } from "../../trading/decisions.js";
import { type Direction, edgeSignal, normalPredictive } from "../../trading/signal.js";
import { fixedSize } from "../../trading/size.js";
import { type Summary, summarise } from "../../trading/summary.js";
import { isoTime } from "../output.js";
import { readDataset } from "./datasetFile.js";
import { checkForecasts, readForecasts, type StoredForecasts } from "./forecastsFile.js";
import { capOf, edgeSize, type TradingRule } from "./rule.js";

export interface BacktestCommand {
  readonly predictions: string;
  readonly data: string;
  readonly rule: TradingRule;
  readonly costs: Costs;
  /** Whether forecasts of times that the model has seen are traded. */
  readonly inSample?: boolean | undefined;
}

export interface BacktestReport {
  readonly predictions: string;
  readonly data: string;
  readonly rule: TradingRule;
  readonly costs: Costs;
  readonly from: string;
  readonly to: string;
  readonly decisions: Readonly<Record<Direction, number>>;
  /** Whether the model had seen some of the times: then nothing here is evidence. */
  readonly inSample: boolean;
  readonly strategy: Summary;
  readonly withoutCosts: Summary;
  /** Equal weights bought at the first decision, costs included. */
  readonly buyAndHold: Summary;
  /** Costs as shares of the capital, and what they took off the Sharpe ratio. */
  readonly costOfTrading: { readonly total: number; readonly sharpe: number };
}

const YEAR = 365 * 86_400_000;

export async function backtest(options: BacktestCommand): Promise<BacktestReport> {
  const { predictions, data, costs } = options;
  const dataset = await readDataset(data);
  const forecasts = await readForecasts(predictions);
  if (forecasts.sha256 !== dataset.sha256)
    throw new Error(`${data}: expected the dataset that ${predictions} was made of, got another`);
  checkForecasts(predictions, forecasts, dataset);
  const inSample = checkSample(forecasts, options);
  const { decisions, counts } = decide(forecasts, dataset.bars, options);
  const bars = span(dataset.bars, forecasts);
  const year = YEAR / forecasts.stepMs;
  const earned = (of: Decisions, charged: Costs): Summary =>
    summarise(runBacktest(heldWeights(of, bars), bars, { costs: charged, rebalance: "when changed" }), year);
  const [strategy, withoutCosts] = [earned(decisions, costs), earned(decisions, NO_COSTS)];
  const { fees, spread, impact, funding, sharpe } = strategy;
  return {
    ...{ predictions, data, rule: options.rule, costs, decisions: counts, inSample },
    from: isoTime(bars[0]!.openTime[0]! + forecasts.stepMs),
    to: isoTime(bars[0]!.openTime.at(-1)! + forecasts.stepMs),
    ...{ strategy, withoutCosts, buyAndHold: earned(equalWeights(bars), costs) },
    costOfTrading: { total: fees + spread + impact + funding, sharpe: withoutCosts.sharpe - sharpe },
  };
}

/** @returns whether the model has seen some of the times */
function checkSample({ rows }: StoredForecasts, { inSample, predictions }: BacktestCommand): boolean {
  const seen = rows.filter((row) => row.seen).length;
  if (seen > 0 && !inSample)
    throw new Error(
      `${predictions}: expected forecasts of times that the model has not seen, got ${seen} of ${rows.length} that it has; --in-sample trades them all the same`,
    );
  return seen > 0;
}

function decide(
  { rows }: StoredForecasts,
  bars: readonly Bars[],
  { rule, costs }: BacktestCommand,
): { readonly decisions: Decisions; readonly counts: Record<Direction, number> } {
  const cap = capOf(rule, bars.length);
  const index = new Map(bars.map(({ symbol }, a) => [symbol, a]));
  const edge = { ...rule, costBps: roundTripBps(costs), size: edgeSize(rule, bars.length) };
  const weights = rows.map(({ mean, aleatoric, latent, epistemic }) => {
    if (rule.kind === "sign") return fixedSize(mean, cap);
    return edgeSignal(normalPredictive({ mean, aleatoric: aleatoric + latent, epistemic }), edge).size;
  });
  const asset = rows.map(({ symbol }) => {
    const a = index.get(symbol);
    if (a !== undefined) return a;
    throw new Error(`${symbol}: expected a symbol of the dataset, ${[...index.keys()].join(", ")}`);
  });
  const directions = weights.map((w): Direction => (w > 0 ? "LONG" : w < 0 ? "SHORT" : "HOLD"));
  const count = (direction: Direction) => directions.filter((d) => d === direction).length;
  return {
    decisions: { asset, decidedAt: rows.map(({ decidedAt }) => Date.parse(decidedAt)), weight: weights },
    counts: { LONG: count("LONG"), SHORT: count("SHORT"), HOLD: count("HOLD") },
  };
}

/** The bars from the first decision's to the one at which the last forecast is over, or the last there is. */
function span(bars: readonly Bars[], { rows, stepMs, horizon }: StoredForecasts): Bars[] {
  const times = rows.map(({ decidedAt }) => Date.parse(decidedAt)).sort((a, b) => a - b);
  const closes = bars[0]!.openTime.map((open) => open + stepMs);
  const from = countBefore(closes, times[0]!);
  const to = Math.min(closes.length, countBefore(closes, times.at(-1)!) + horizon + 1);
  return bars.map((own) => sliceBars(own, from, to));
}

function equalWeights(bars: readonly Bars[]): Decisions {
  const first = bars[0]!.openTime[0]! + bars[0]!.stepMs;
  return {
    asset: bars.map((_, a) => a),
    decidedAt: bars.map(() => first),
    weight: bars.map(() => 1 / bars.length),
  };
}
