/** `vitrade demo`: the whole way in one go, on a simulated market: bars, dataset, training, forecasts, backtest, paper run. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { BackendChoice } from "../../core/index.js";
import { BYBIT_FEES, type Costs } from "../../trading/backtest/index.js";
import { documentText, writeResult } from "../output.js";
import type { Shell } from "../shell.js";
import { type BacktestReport, backtest } from "./backtest.js";
import { QUICK_SYMBOLS, quickModel, quickModelFile } from "./fits/quick.js";
import type { TrainReport } from "./fits/train.js";
import { type LiveReport, live } from "./live.js";
import { type Forecasts, predict } from "./predict.js";
import type { TradingRule } from "./rule.js";
import type { PrepareReport } from "./sources/prepare.js";

export interface DemoCommand {
  /** Where its files go: those of an earlier demo are written over. */
  readonly folder: string;
  readonly seed: number | string;
  readonly backend: BackendChoice;
}

export interface DemoReport {
  readonly prepared: PrepareReport;
  readonly trained: TrainReport;
  /** How many forecasts, and the last of each symbol. */
  readonly forecasts: number;
  readonly latest: Forecasts["rows"];
  readonly backtest: BacktestReport;
  readonly live: LiveReport;
}

const LIVE_BARS = 120;
const DRAWS = 100;
/** The default rule of a backtest and of a live run. */
const RULE: TradingRule = { kind: "edge", minEdgeMultiple: 1, epistemicPenalty: 1, kelly: 0.25 };
const COSTS: Costs = { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 0 };

/** All that a demo writes. */
export function demoFiles(folder: string): string[] {
  const names = ["settings.yaml", "market.dataset", "forecasts.json", "journal"];
  return [...names.map((name) => join(folder, name)), quickModelFile(folder)];
}

/** Every part writes what its command would write, so that each can be run again by itself. */
export async function demo({ folder, seed, backend }: DemoCommand, shell: Shell): Promise<DemoReport> {
  const { data, model, prepared, trained } = await quickModel({ folder, seed, backend }, shell);
  const [predictions, journal] = [join(folder, "forecasts.json"), join(folder, "journal")];
  shell.say("predicting the time that they have not seen");
  const forecasts = await predict({ model, data, draws: DRAWS, seed, backend });
  await writeResult(predictions, `${documentText(forecasts)}\n`);

  shell.say("backtesting after costs, beside buying and holding");
  const tested = await backtest({ predictions, data, rule: RULE, costs: COSTS });

  shell.say(`trading ${LIVE_BARS} hours on paper, candle by candle over a WebSocket, in accelerated time`);
  const bar = shell.progress("on paper", "closes");
  let closes = 0;
  await rm(journal, { recursive: true, force: true });
  const lived = await live(
    {
      ...{ model, journal, exchange: "simulated", bars: LIVE_BARS, paceMs: 0, draws: DRAWS, seed, backend },
      ...{ rule: RULE, costs: COSTS, capital: 10_000, dailyLoss: 0.05 },
    },
    shell,
    (event) => {
      if (event.kind === "close" || event.kind === "decision") bar.update(++closes, LIVE_BARS);
    },
  );
  bar.end();
  const latest = forecasts.rows.slice(-QUICK_SYMBOLS.length);
  return { prepared, trained, forecasts: forecasts.rows.length, latest, backtest: tested, live: lived };
}
