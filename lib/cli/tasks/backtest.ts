/** `vitrade backtest`: forecasts to signals to sizes to a costed backtest, beside the same without costs and buying and holding. */
import type { Bars, Forecast, Panel } from "../../core/index.js";
import { countBefore, sliceBars } from "../../market/index.js";
import {
  type BacktestLedger,
  type Costs,
  backtest as ledgerOf,
  NO_COSTS,
} from "../../trading/backtest/index.js";
import {
  type Direction,
  decide,
  type ForecastDecisions,
  heldPanel,
  weightPanel,
} from "../../trading/decisions/index.js";
import { type Summary, summarise } from "../../trading/performance/index.js";
import { isoTime } from "../output.js";
import { checkForecasts, readForecasts, type StoredForecasts } from "./forecastsFile.js";
import { strategyRules } from "./own/ownStrategy.js";
import { type SettledRule, settledRule, sizingRules, type TradingRule } from "./rule.js";
import { readDataset } from "./sources/datasetFile.js";

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
  readonly rule: SettledRule;
  readonly costs: Costs;
  readonly from: string;
  readonly to: string;
  readonly decisions: Readonly<Record<Direction, number>>;
  /** Of the text of an own strategy. */
  readonly strategySha256?: string;
  /** Bars between two decisions, and those between two of a live run, which are the model's horizon. */
  readonly every: number;
  readonly everyLive: number;
  /** Whether the model had seen some of the times: then nothing here is evidence. */
  readonly inSample: boolean;
  readonly strategy: Summary;
  readonly withoutCosts: Summary;
  /** Equal weights bought at the first decision, costs included. */
  readonly buyAndHold: Summary;
  /** Costs as shares of the capital, and what they took off the Sharpe ratio: NaN where both accounts are ruined. */
  readonly costOfTrading: { readonly total: number; readonly sharpe: number };
}

/** A backtest with what its report is made of. */
export interface BacktestRun {
  readonly report: BacktestReport;
  /** Of the strategy after costs, and of buying and holding. */
  readonly ledger: BacktestLedger;
  readonly heldLedger: BacktestLedger;
  readonly forecasts: StoredForecasts;
  /** [A] all bars of the dataset. */
  readonly bars: readonly Bars[];
}

/** What forecasts would have earned, in numbers. */
export async function backtest(options: BacktestCommand): Promise<BacktestReport> {
  return (await runBacktest(options)).report;
}

/** What forecasts would have earned, with the accounts bar by bar. */
export async function runBacktest(options: BacktestCommand): Promise<BacktestRun> {
  const { predictions, data, costs } = options;
  const dataset = await readDataset(data);
  const forecasts = await readForecasts(predictions);
  if (forecasts.sha256 !== dataset.sha256)
    throw new Error(`${data}: expected the dataset that ${predictions} was made of, got another`);
  checkForecasts(predictions, forecasts, dataset);
  const inSample = checkSample(forecasts, options);
  const rule = settledRule(options.rule, forecasts.symbols.length);
  const symbols = dataset.bars.map(({ symbol }) => symbol);
  const forecast = forecastOf(forecasts, symbols);
  const own =
    rule.own === undefined ? undefined : await strategyRules(rule.own, { forecast, symbols, cap: rule.cap });
  const decisions = decide(forecast, own?.rules ?? sizingRules(rule, costs));
  const bars = span(dataset.bars, forecasts);
  const weights = weightPanel(decisions, { names: symbols, ...decisionTimes(forecasts, bars) });
  const earned = (of: Panel, charged: Costs) =>
    ledgerOf(heldPanel(of, bars), bars, { costs: charged, rebalance: "when changed" });
  const [ledger, heldLedger] = [earned(weights, costs), earned(equalWeights(bars), costs)];
  const [strategy, withoutCosts] = [summarise(ledger), summarise(earned(weights, NO_COSTS))];
  const { fees, spread, impact, funding, sharpe } = strategy;
  const report: BacktestReport = {
    ...{ predictions, data, rule, costs, decisions: countsOf(decisions), inSample },
    ...(own ? { strategySha256: own.sha256 } : {}),
    ...{ every: forecasts.every, everyLive: forecasts.horizon },
    from: isoTime(bars[0]!.openTime[0]! + forecasts.stepMs),
    to: isoTime(bars[0]!.openTime.at(-1)! + forecasts.stepMs),
    ...{ strategy, withoutCosts, buyAndHold: summarise(heldLedger) },
    costOfTrading: { total: fees + spread + impact + funding, sharpe: withoutCosts.sharpe - sharpe },
  };
  return { report, ledger, heldLedger, forecasts, bars: dataset.bars };
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

/** The forecast of the file. @param symbols [A] of the dataset */
function forecastOf({ rows }: StoredForecasts, symbols: readonly string[]): Forecast {
  const column = (name: "mean" | "aleatoric" | "latent" | "epistemic" | "probabilityUp") =>
    Float64Array.from(rows, (row) => row[name]);
  const asset = rows.map(({ symbol }) => {
    const a = symbols.indexOf(symbol);
    if (a >= 0) return a;
    throw new Error(`${symbol}: expected a symbol of the dataset, ${symbols.join(", ")}`);
  });
  return {
    asset: Uint16Array.from(asset),
    decidedAt: Float64Array.from(rows, ({ decidedAt }) => Date.parse(decidedAt)),
    ...{ mean: column("mean"), aleatoric: column("aleatoric"), latent: column("latent") },
    ...{ epistemic: column("epistemic"), probabilityUp: column("probabilityUp") },
  };
}

/** When a live run would have decided, and for which symbols: those with a candle, as the others are left as they are. */
function decisionTimes({ rows, stepMs, every }: StoredForecasts, bars: readonly Bars[]) {
  const stated = rows.map(({ decidedAt }) => Date.parse(decidedAt));
  const last = stated.reduce((a, b) => Math.max(a, b));
  const closes = Array.from(bars[0]!.openTime, (open) => open + stepMs);
  const due = closes.filter((time) => time <= last && (time / stepMs) % every === 0);
  const rowAt = new Map(closes.map((time, t) => [time, t]));
  return {
    times: [...new Set([...due, ...stated])].sort((a, b) => a - b),
    traded: (a: number, time: number) => !Number.isNaN(bars[a]!.close[rowAt.get(time)!]!),
  };
}

function countsOf({ signals }: ForecastDecisions): Record<Direction, number> {
  const count = (direction: Direction) => signals.filter((signal) => signal.direction === direction).length;
  return { LONG: count("LONG"), SHORT: count("SHORT"), HOLD: count("HOLD") };
}

/** The bars from the first decision's to the one at which the last forecast is over, or the last there is. */
function span(bars: readonly Bars[], { rows, stepMs, horizon }: StoredForecasts): Bars[] {
  const times = rows.map(({ decidedAt }) => Date.parse(decidedAt)).sort((a, b) => a - b);
  const closes = bars[0]!.openTime.map((open) => open + stepMs);
  const from = countBefore(closes, times[0]!);
  const to = Math.min(closes.length, countBefore(closes, times.at(-1)!) + horizon + 1);
  return bars.map((own) => sliceBars(own, from, to));
}

function equalWeights(bars: readonly Bars[]): Panel {
  return {
    time: Float64Array.of(bars[0]!.openTime[0]! + bars[0]!.stepMs),
    names: bars.map(({ symbol }) => symbol),
    values: new Float64Array(bars.length).fill(1 / bars.length),
  };
}
