/** `vitrade live`: a paper run of a trained model on a stream of candles, with a journal from which it goes on. */
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { BackendChoice, Bars } from "../../core/index.js";
import { marketInputStream } from "../../features/windows/index.js";
import type { BarStep, Decision, DecisionMaker } from "../../live/index.js";
import { openSession, type Session } from "../../live/index.js";
import type { LiveRecord } from "../../live/journal/index.js";
import { type Journal, openJournal } from "../../live/journal/index.js";
import { barSteps } from "../../live/pipeline/index.js";
import type { RiskLimitOptions } from "../../live/risk/index.js";
import { type KillSwitch, killSwitch } from "../../live/risk/index.js";
import { CLOCK_MARGIN_MS } from "../../market/bybit/index.js";
import { readRecorded } from "../../market/flow/index.js";
import { intervalOf } from "../../market/index.js";
import { startBackend } from "../../nn/index.js";
import type { BacktestOptions, Costs } from "../../trading/backtest/index.js";
import { watchJumps } from "../clock.js";
import { Interrupted, UsageProblem } from "../exit.js";
import { isoTime } from "../output.js";
import type { LiveControl } from "../page/state.js";
import type { Shell } from "../shell.js";
import { makerOf } from "./fits/maker.js";
import { type MarketModel, readModel, readsFlow } from "./fits/modelFile.js";
import { type Progress, progressOf } from "./fits/moments.js";
import { QUICK_SYMBOLS, quickModel, quickModelFile } from "./fits/quick.js";
import type { LiveEvent } from "./liveEvents.js";
import { liveFeatures } from "./own/liveFeatures.js";
import { type SettledRule, settledRule, type TradingRule } from "./rule.js";
import {
  type Exchange,
  localExchange,
  publicExchange,
  simulatedCandles,
  simulatedPast,
} from "./sources/exchange.js";
import { type FundingWatch, watchFunding } from "./sources/funding.js";

export interface LiveCommand {
  /** Of vitrade train; without, a small one of the simulated market is trained and kept in `JOURNAL.model`. */
  readonly model?: string | undefined;
  /** Module of own features, of a model that was trained on them. */
  readonly features?: string | undefined;
  /** Folder of the journal. */
  readonly journal: string;
  /** "simulated": an exchange on this machine in accelerated time; "public": Bybit, or the servers of the addresses. */
  readonly exchange: "simulated" | "public";
  readonly url?: string | undefined;
  readonly streamUrl?: string | undefined;
  /** Folder of what `vitrade record` recorded: the past of a public run, with its flow. */
  readonly recorded?: string | undefined;
  /** Ends with this close since the run began; default never. */
  readonly bars?: number | undefined;
  /** Of the simulated exchange: least wall-clock time a candle takes, milliseconds. */
  readonly paceMs: number;
  /** A file that, once there, makes the run flat for good. */
  readonly killFile?: string | undefined;
  readonly rule: TradingRule;
  readonly costs: Costs;
  readonly capital: number;
  /** Share of a day's equity after whose loss the run is flat until the next day. */
  readonly dailyLoss: number;
  readonly draws: number;
  /** Of the draws, and of the simulated exchange. */
  readonly seed: number | string;
  readonly backend: BackendChoice;
}

export interface LiveReport {
  readonly journal: string;
  readonly rule: SettledRule;
  readonly symbols: readonly string[];
  /** Closes since the run began, of which `before` were dealt with by earlier runs of the program. */
  readonly closes: number;
  readonly before: number;
  readonly from: string;
  readonly to: string;
  /** Of this run of the program. */
  readonly decisions: number;
  readonly fills: number;
  readonly equity: number;
  /** When the account was liquidated; null where it was not. */
  readonly ruined: string | null;
  readonly positions: Readonly<Record<string, number>>;
  readonly killed: string | null;
}

const DAY = 86_400_000;

/** Longest time from the wish to stop to the end of the process, milliseconds. */
const STOP_MS = 1500;

/** How often the clocks are looked at, milliseconds. */
const LOOK_MS = 1000;

/** Candles of the simulated exchange after a run ends. */
const MARGIN = 8;

/** Told of a run once it is open, before its first event. */
export type LiveWatcher = (control: LiveControl) => void;

/** What a run would do. */
export interface LivePlan {
  readonly journal: string;
  /** Whether there is a journal to go on from. */
  readonly goesOn: boolean;
  readonly exchange: LiveCommand["exchange"];
  /** Null where a small one would be trained. */
  readonly model: string | null;
  readonly symbols: readonly string[];
  readonly bars: number | null;
  readonly capital: number;
  readonly dailyLoss: number;
  readonly rule: SettledRule;
}

/** What a run would do, from its model alone; nobody is asked. */
export async function planLive(options: LiveCommand): Promise<LivePlan> {
  checkKillFile(options.killFile);
  const { journal, exchange, capital, dailyLoss, model = null, bars = null } = options;
  const symbols = model === null ? QUICK_SYMBOLS : (await modelToLive(model, options)).own.symbols;
  return {
    ...{ journal, goesOn: existsSync(journal), exchange, model, symbols, bars, capital, dailyLoss },
    rule: settledRule(options.rule, symbols.length),
  };
}

/** @throws Interrupted when it was stopped before its last close; the journal says where it goes on. */
export async function live(
  options: LiveCommand,
  shell: Shell,
  tell: (event: LiveEvent) => void,
  watch?: LiveWatcher,
): Promise<LiveReport> {
  checkKillFile(options.killFile);
  await startBackend(options.backend);
  const model = options.model ?? (await smallModel(options, shell));
  const { own, features } = await modelToLive(model, options);
  const rule = settledRule(options.rule, own.symbols.length);
  const past = pastOf(options, own);
  const maker = makerOf(own, { ...options, rule, features, past, elapsed: shell.clock.elapsed });
  try {
    const journal = await openJournal({ folder: options.journal });
    try {
      return await run({ options, own, maker, journal, shell, tell, watch });
    } finally {
      await journal.close();
    }
  } finally {
    maker.dispose();
  }
}

/** A model, and the module of its features where they are own ones. */
async function modelToLive(model: string, { features: file }: LiveCommand) {
  const own = await readModel(model);
  return { own, features: await liveFeatures(own, { model, file }) };
}

interface Room {
  readonly options: LiveCommand;
  readonly own: MarketModel;
  readonly maker: DecisionMaker;
  readonly journal: Journal;
  readonly shell: Shell;
  readonly tell: (event: LiveEvent) => void;
  readonly watch: LiveWatcher | undefined;
}

async function run(room: Room): Promise<LiveReport> {
  const { options, own, maker, journal, shell } = room;
  const begin = beginOf(own);
  let exchange: Exchange | undefined;
  let funding: FundingWatch | undefined;
  const moments = progressOf(own.symbols, room.tell);
  const thrown = killSwitch(options.killFile);
  const told = (record: LiveRecord, decision?: Decision): void => {
    moments.see(record, decision);
    if (record.kind === "step") funding?.see(record.time);
    if (record.kind === "step" && isLast(options, session) && !isToFlatten(session, thrown)) session.stop();
    if (record.kind === "open" && isOver(options, session, thrown)) session.stop();
  };
  const session: Session = await openSession({
    ...{ maker, journal, told, account: accountOf(options), limits: limitsOf(options, own) },
    killSwitch: thrown,
    now: () => exchange?.now() ?? shell.clock.now(),
    ...(options.exchange === "simulated" ? { from: begin } : {}),
  });
  room.watch?.(controlOf(session, own, options));
  const before = closesOf(session);
  moments.resume({ open: session.run.broker.state().openedAt, step: session.run.lastClose });
  if (isOver(options, session, thrown)) return reportOf(room, session, moments, before);
  exchange = await exchangeOf(room, session);
  let watched = (): void => undefined;
  try {
    if (options.exchange === "public") {
      checkBehind(session, { journal: options.journal, now: shell.clock.now() });
      watched = watchJumps(shell.clock, LOOK_MS, (detail) => session.note("clock", detail));
      funding = await fundingOf(room, session);
    }
    const history = historyOf(exchange, session);
    const stream = await exchange.open(own.symbols, sinceAfter(history, session));
    const stop = (): void => session.stop();
    shell.endWithin(STOP_MS);
    shell.signal.addEventListener("abort", stop);
    if (shell.signal.aborted) stop();
    try {
      const living = session.live(stream, history).finally(moments.end);
      await Promise.all([living, exchange.play(moments, moments.isOver)]);
    } finally {
      shell.signal.removeEventListener("abort", stop);
      moments.end();
      await stream.close();
    }
  } finally {
    watched();
    await funding?.close();
    await exchange.close();
  }
  if (shell.signal.aborted && !isOver(options, session, thrown))
    throw new Interrupted(
      `stopped after the close of ${isoTime(session.run.lastClose)}${heldAfterKill(session)}; the same command goes on from ${options.journal}`,
    );
  return reportOf(room, session, moments, before);
}

/** What a page may ask of a run and do to it. */
function controlOf(session: Session, own: MarketModel, options: LiveCommand): LiveControl {
  const { broker, limits } = session.run;
  const { grossExposure, dailyLoss } = limitsOf(options, own);
  return {
    symbols: own.symbols,
    limits: [
      `positions together at most ${grossExposure} of equity`,
      `flat until the next day after a loss of ${100 * dailyLoss!.share} % of a day's equity`,
      "risk is taken on fresh candles alone",
      ...(options.killFile === undefined ? [] : [`flat for good once ${options.killFile} is there`]),
    ],
    positions: () => Object.fromEntries(own.symbols.map((symbol, a) => [symbol, broker.shares()[a]!])),
    equity: () => broker.equity(),
    killed: () => limits.state().killed,
    kill: (why) => session.kill(why),
  };
}

/** After all that the model has seen, UTC milliseconds. */
function beginOf({ knownUntil, stepMs }: MarketModel): number {
  return Math.ceil(knownUntil / stepMs) * stepMs;
}

/** Bars that there are before a run begins. */
function pastOf({ exchange }: LiveCommand, own: MarketModel): number {
  return exchange === "public" ? Number.POSITIVE_INFINITY : simulatedPast(beginOf(own), own.stepMs);
}

async function exchangeOf({ options, own, maker, shell }: Room, { run }: Session): Promise<Exchange> {
  const { symbols, stepMs } = own;
  const flow = readsFlow(own);
  if (options.exchange === "public") {
    if (flow && options.recorded === undefined) shell.say(withoutPast(own, maker));
    const { url, streamUrl } = options;
    const past = await recordedPast(options, own);
    return publicExchange({ stepMs, clock: shell.clock, url, streamUrl, flow, past });
  }
  const { from } = run.begin;
  const { seed, paceMs } = options;
  const bars = simulatedCandles({
    ...{ symbols, stepMs, seed, at: from, before: maker.warmUp, flow },
    after: (options.bars ?? 0) + MARGIN,
  });
  return localExchange({ bars, seed, paceMs, from: Math.max(from, run.lastClose), flow });
}

/** What a run without a recorded past has to wait for, and how to have one. */
function withoutPast({ symbols, config, features }: MarketModel, { stepMs }: DecisionMaker): string {
  const bars = marketInputStream(stepMs, { flow: true }).flowWarmUp + config.data.sequenceLength;
  const until = features ? "until its features have values" : `for ${bars} closed bars`;
  return (
    `the model reads order flow, and none is known of the past: it is flat ${until}; ` +
    `npx vitrade record --symbols ${symbols.join(",")} --folder flow records it, and --recorded flow takes it`
  );
}

async function recordedPast({ recorded }: LiveCommand, own: MarketModel): Promise<Bars[] | undefined> {
  if (recorded === undefined) return undefined;
  const interval = intervalOf(own.stepMs);
  return readRecorded(recorded, own.symbols, interval ?? String(own.stepMs));
}

/** The steps before the run of which the exchange knows the flow. */
function historyOf({ past }: Exchange, { since, run }: Session): BarStep[] {
  if (!past) return [];
  const first = Math.min(...Object.values(since));
  return barSteps(past).filter(({ time }) => time > first && time <= run.lastClose);
}

/** Where the stream begins: after the history, or where the session says. */
function sinceAfter(history: readonly BarStep[], { since }: Session): Readonly<Record<string, number>> {
  const known = history.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  return Object.fromEntries(Object.entries(since).map(([symbol, time]) => [symbol, Math.max(time, known)]));
}

/** Funding since the run began; of a run that goes on, since a day before its last close: what was told is passed over. */
function fundingOf({ own, options, shell }: Room, session: Session): Promise<FundingWatch> {
  const { begin, lastClose } = session.run;
  const since = Math.max(begin.from, lastClose - DAY);
  return watchFunding({
    url: options.url,
    symbols: own.symbols,
    since,
    session,
    failed: shell.say,
    now: shell.clock.now,
  });
}

/** A journal of what has not happened yet was written by a clock that was wrong, or is read by one. */
function checkBehind(
  { run: { lastClose } }: Session,
  { journal, now }: { readonly journal: string; readonly now: number },
): void {
  if (lastClose <= now + CLOCK_MARGIN_MS) return;
  throw new Error(
    `${journal}: expected a last close before ${isoTime(now)}, the time of this machine's clock, got ${isoTime(lastClose)}; ` +
      "set the clock right, or name another journal",
  );
}

function accountOf({ costs, capital }: LiveCommand): BacktestOptions {
  return { costs, capital, rebalance: "when changed" };
}

/** Positions may drift a little beyond the equity; risk is taken on fresh candles alone. */
function limitsOf({ dailyLoss }: LiveCommand, { stepMs }: MarketModel): RiskLimitOptions {
  return {
    grossExposure: 1.25,
    dailyLoss: { share: dailyLoss, until: "next day" },
    stale: { barMs: stepMs },
  };
}

function closesOf({ run: { begin, lastClose } }: Session): number {
  return Math.round((lastClose - begin.from) / begin.stepMs);
}

/** Whether the last close is dealt with and, where the kill switch was thrown, all is flat. */
function isOver({ bars }: LiveCommand, session: Session, thrown: KillSwitch): boolean {
  return bars !== undefined && closesOf(session) >= bars && !isToFlatten(session, thrown);
}

/** Whether the kill switch was thrown and the open is to come at which all is sold. */
function isToFlatten({ run: { limits, broker } }: Session, thrown: KillSwitch): boolean {
  const isKilled = limits.state().killed !== null || thrown.thrown() !== undefined;
  return isKilled && broker.shares().some((share) => share !== 0);
}

/** What is held though the kill switch was thrown, in words: there was no open yet at which it could be sold. */
function heldAfterKill({ run: { limits, broker }, ...session }: Session): string {
  const shares = broker.shares();
  if (limits.state().killed === null || shares.every((share) => share === 0)) return "";
  const held = Object.keys(session.since).map((symbol, a) => `${symbol} ${shares[a]!.toFixed(3)}`);
  return ` with the kill switch thrown, to be flat at the next open: ${held.join(", ")}`;
}

/** A switch that nobody could throw is none. */
function checkKillFile(file: string | undefined): void {
  const folder = file === undefined ? undefined : dirname(file);
  if (folder === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UsageProblem(`--kill-file: expected a file in a folder that is there, got ${file}`);
}

/** Whether the step that was just written is the last: the run counts it when it is settled. */
function isLast({ bars }: LiveCommand, session: Session): boolean {
  return bars !== undefined && closesOf(session) + 1 >= bars;
}

/** The small model that was trained for the journal, or is now. */
async function smallModel({ journal, seed, backend }: LiveCommand, shell: Shell): Promise<string> {
  const folder = `${journal}.model`;
  const there = quickModelFile(folder);
  return existsSync(there) ? there : (await quickModel({ folder, seed, backend }, shell)).model;
}

function reportOf({ own, options }: Room, session: Session, moments: Progress, before: number): LiveReport {
  const { begin, lastClose, broker, limits } = session.run;
  const shares = broker.shares();
  const { liquidation } = broker.state().account;
  return {
    ...{ journal: options.journal, rule: settledRule(options.rule, own.symbols.length) },
    ...{ symbols: own.symbols, closes: closesOf(session), before },
    ...{ from: isoTime(begin.from), to: isoTime(lastClose), ...moments.counts() },
    equity: broker.equity(),
    ruined: liquidation && isoTime(liquidation.time),
    positions: Object.fromEntries(own.symbols.map((symbol, a) => [symbol, shares[a]!])),
    killed: limits.state().killed,
  };
}
