/** Sizing rules in planted moves: what each would have lost, earned and held, on the same bars and the same forecasts. */
import { type Bars, checkCount, type Forecast, mean, standardDeviation } from "../core/index.js";
import { simulate, sliceBars } from "../market/index.js";
import {
  type BacktestLedger,
  type BacktestOptions,
  backtest,
  decide,
  type SizingRules,
  weightPanel,
} from "../trading/index.js";
import { decideAll, targetPanel } from "./pipeline/history.js";
import type { PipelineOptions } from "./pipeline/pipeline.js";
import type { Decision } from "./types.js";

/** Settings of `stressRules`: quiet bars, the move that is planted in them, and the rules that are tried. */
export interface StressOptions {
  /** Quiet bars of the pipeline's symbols, of the same times. */
  readonly bars: readonly Bars[];
  /** Bars at which the move is planted, each in a copy of its own. */
  readonly starts: readonly number[];
  readonly shape: simulate.MoveShape;
  /** By name: how forecasts become weights. */
  readonly rules: Readonly<Record<string, SizingRules>>;
  readonly account: BacktestOptions;
  /** Bars ahead of the move, for features, windows and a first position: 110 by default. */
  readonly before?: number;
  /** Bars from the move's beginning over which losses and profits are counted: 48 by default. */
  readonly over?: number;
}

/** One rule over all starts. */
export interface StressOutcome {
  /** [starts] deepest loss since the close before the move, after costs, a share of equity. */
  readonly deepest: Float64Array;
  /** [starts] change of equity after `over` bars, a share. */
  readonly profit: Float64Array;
  /** [hours] Σ|w| of the bars, mean over the starts, and its standard error. */
  readonly exposure: Float64Array;
  readonly exposureError: Float64Array;
}

/** Outcomes of each rule over the planted moves, on the same clock. */
export interface StressResult {
  /** Bars since the move began, −20 … over: 0 is the close before its first bar. */
  readonly since: readonly number[];
  /** [since] mean price of the symbols over the starts, 1 at 0. */
  readonly price: Float64Array;
  /**
   * [since] standard deviations of the latest forecast at that close, in returns: of the mean that the model predicts, and of the return
   * around it. Mean over symbols and starts, and its standard error over the starts.
   */
  readonly epistemic: Float64Array;
  readonly epistemicError: Float64Array;
  readonly aleatoric: Float64Array;
  readonly aleatoricError: Float64Array;
  readonly outcomes: Readonly<Record<string, StressOutcome>>;
}

const AHEAD = 20;

/**
 * Plants the move at each start, runs the pipeline over it once, and trades its forecasts by each rule, on paper, at the next open.
 *
 * The starts share one market: where they stand closer than `over` bars, their outcomes are not independent.
 * @throws RangeError when a start leaves too few bars on a side.
 */
export function stressRules(pipeline: PipelineOptions, options: StressOptions): StressResult {
  const { bars, starts, shape, rules, account, before = 110, over = 48 } = options;
  checkCount("before", before, AHEAD + 2);
  checkCount("starts", starts.length, 2);
  const count = bars[0]!.openTime.length;
  const since = Array.from({ length: AHEAD + over + 1 }, (_, i) => i - AHEAD);
  const runs = starts.map((start) => {
    if (!(start >= before && start + over < count))
      throw new RangeError(`start: expected a bar from ${before} to ${count - over - 1}, got ${start}`);
    const own = bars.map((b) =>
      simulate.plantMove(sliceBars(b, start - before, start + over + 1), before, shape),
    );
    return { prices: own, ...runOf(pipeline, own, { rules, account }) };
  });
  const closes = runs.map(({ prices }) => prices[0]!.openTime.map((time) => time + pipeline.stepMs));
  const deviation = (part: "epistemic" | "aleatoric") =>
    since.map((h) =>
      runs.map(({ forecasts }, i) => deviationAt(forecasts, part, closes[i]![before + h - 1]!)),
    );
  const [epistemic, aleatoric] = [deviation("epistemic"), deviation("aleatoric")];
  const priceAt = (own: readonly Bars[], h: number) =>
    mean(own.map(({ close }) => close[before + h - 1]! / close[before - 1]!));
  const outcomeOf = (name: string): StressOutcome => {
    const ledgers = runs.map((run) => run.ledgers[name]!);
    const paths = ledgers.map(({ equity }) =>
      equity.slice(before - 1, before + over).map((e) => e / equity[before - 1]!),
    );
    const held = since.map((h) => ledgers.map((ledger) => exposureAt(ledger, before + h)));
    return {
      deepest: Float64Array.from(paths, (path) => 1 - path.reduce((least, e) => Math.min(least, e), 1)),
      profit: Float64Array.from(paths, (path) => path.at(-1)! - 1),
      exposure: means(held),
      exposureError: errors(held),
    };
  };
  return {
    since,
    price: Float64Array.from(since, (h) => mean(runs.map(({ prices }) => priceAt(prices, h)))),
    ...{ epistemic: means(epistemic), epistemicError: errors(epistemic) },
    ...{ aleatoric: means(aleatoric), aleatoricError: errors(aleatoric) },
    outcomes: Object.fromEntries(Object.keys(rules).map((name) => [name, outcomeOf(name)])),
  };
}

function means(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows, (values) => mean(values));
}

function errors(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows, (values) => standardDeviation(values) / Math.sqrt(values.length));
}

/** Mean over the symbols of a standard deviation of the latest forecast up to a close; NaN before the first. */
function deviationAt(
  forecasts: ReadonlyMap<number, Forecast>,
  part: "epistemic" | "aleatoric",
  close: number,
): number {
  const time = Math.max(...Array.from(forecasts.keys()).filter((own) => own <= close));
  return mean(forecasts.get(time)?.[part].map(Math.sqrt) ?? [Number.NaN]);
}

/** The forecasts that the pipeline makes of the bars, by the time of the decision, and the backtest of each rule on them. */
function runOf(
  pipeline: PipelineOptions,
  bars: readonly Bars[],
  { rules, account }: Pick<StressOptions, "rules" | "account">,
): { readonly forecasts: ReadonlyMap<number, Forecast>; readonly ledgers: Record<string, BacktestLedger> } {
  const forecasts = new Map<number, Forecast>();
  const decisions = decideAll(
    { ...pipeline, onForecast: (forecast) => forecasts.set(forecast.decidedAt[0]!, forecast) },
    bars,
  );
  const ledgerBy = (own: SizingRules) => {
    const sized = decisions.map((decision) =>
      resized(decision, { forecast: forecasts.get(decision.time), own }),
    );
    return backtest(targetPanel(sized, pipeline.symbols), bars, account);
  };
  const ledgers = Object.fromEntries(Object.entries(rules).map(([name, own]) => [name, ledgerBy(own)]));
  return { forecasts, ledgers };

  function resized(
    { time, targets }: Decision,
    { forecast, own }: { readonly forecast: Forecast | undefined; readonly own: SizingRules },
  ): Pick<Decision, "time" | "targets"> {
    if (!forecast) return { time, targets };
    const universe = { names: pipeline.symbols, times: [time] };
    return { time, targets: weightPanel(decide(forecast, own), universe).values };
  }
}

function exposureAt({ weights }: BacktestLedger, t: number): number {
  const width = weights.names.length;
  return weights.values.subarray(t * width, (t + 1) * width).reduce((sum, w) => sum + Math.abs(w), 0);
}
