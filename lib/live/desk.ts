/** The handling of each event by a session. Internal to `session`. */

import { checkLength, modelUncertainty } from "../core/index.js";
import { CLOCK_MARGIN_MS } from "../market/bybit/index.js";
import type { StreamEvent } from "../market/stream/index.js";
import type { FundingDue } from "./broker/paperBroker.js";
import { type Quotes, seeBook } from "./broker/quotes.js";
import {
  barsToJson,
  type CommandRecord,
  type LiveRecord,
  type OpenRecord,
  type StepRecord,
  toJson,
} from "./journal/records.js";
import { obey, type Run, settle, snapshotOf } from "./journal/replay.js";
import type { Resumed } from "./journal/resume.js";
import type { Status, StatusLog } from "./journal/statusLog.js";
import type { Moment, Steps } from "./pipeline/steps.js";
import type { KillSwitch } from "./risk/killSwitch.js";
import type { SessionOptions } from "./sessionOptions.js";
import type { BarStep, Decision } from "./types.js";

export interface Desk {
  readonly options: SessionOptions;
  readonly resumed: Resumed;
  readonly run: Run;
  readonly quotes: Quotes;
  readonly thrown: KillSwitch;
  readonly steps: Steps;
  /** Resets that were asked for, with their reasons. */
  readonly resets: string[];
  /** Funding that was told of. */
  readonly funding: ({ readonly symbol: string } & FundingDue)[];
  /** What happened to the run from outside. */
  readonly notes: { readonly what: string; readonly detail: string }[];
  stopping: boolean;
  /** When the latest event came, UTC milliseconds; and how long it was from the first to the latest, a clock that is set back apart. */
  heardAt: number;
  heardMs: number;
  /** Of the stream. */
  readonly statuses: StatusLog;
  /** Why no new risk is taken: the clocks of the exchange and of this machine disagree. */
  halt: string | undefined;
}

/** Takes an event, and whatever is complete with it. */
export async function takeEvent(desk: Desk, event: StreamEvent): Promise<void> {
  const { maker } = desk.options;
  if (Number.isFinite(desk.heardAt)) desk.heardMs += Math.max(0, event.at - desk.heardAt);
  desk.heardAt = event.at;
  await notifyAll(desk, desk.statuses.due(desk.heardMs));
  if (event.kind === "status") await seeStatus(desk, event);
  else if (event.kind !== "trade") {
    const asset = maker.symbols.indexOf(event.symbol);
    if (asset < 0)
      throw new RangeError(`expected an event of ${maker.symbols.join(", ")}, got one of ${event.symbol}`);
    if (await isAhead(desk, event)) return;
    if (event.kind === "book") seeBook(desk.quotes, asset, event.book, event.at);
    else await seeCandle(desk, asset, event);
  }
  await act(desk, desk.steps.ready(desk.heardMs));
}

async function seeStatus(
  desk: Desk,
  { what, detail }: Extract<StreamEvent, { kind: "status" }>,
): Promise<void> {
  if (what === "clocks disagree") desk.halt = `clocks disagree, ${detail}`;
  if (what === "clocks agree") desk.halt = undefined;
  await tellOften(desk, what, detail);
}

/** Writes what may happen often: what repeats within a minute, together. */
async function tellOften(desk: Desk, what: string, detail: string): Promise<void> {
  await notifyAll(desk, desk.statuses.see(what, detail, desk.heardMs));
}

/** Writes statuses, one entry each. */
export async function notifyAll(desk: Desk, statuses: readonly Status[]): Promise<void> {
  for (const status of statuses) await tell(desk, { kind: "status", at: desk.options.now(), ...status });
}

/** Whether an event is of a time that had not come when it came: whatever stream it is from, nobody trades on it. */
async function isAhead(
  desk: Desk,
  event: Exclude<StreamEvent, { kind: "status" | "trade" }>,
): Promise<boolean> {
  const { stepMs } = desk.options.maker;
  const begun = event.kind === "book" ? event.book.time : event.bar.time;
  const time = event.kind === "bar" ? begun + stepMs : begun;
  if (time <= event.at + CLOCK_MARGIN_MS) return false;
  const known = [time, event.at].map((at) => new Date(at).toISOString());
  await tellOften(desk, "ahead", `${event.symbol}: a ${event.kind} of ${known[0]} came at ${known[1]}`);
  return true;
}

/** Writes what happened. */
export async function notifyStatus(desk: Desk, what: string, detail: string): Promise<void> {
  await tell(desk, { kind: "status", at: desk.options.now(), what, detail });
}

type CandleEvent = Extract<StreamEvent, { kind: "bar" | "revision" }>;

async function seeCandle(desk: Desk, asset: number, event: CandleEvent): Promise<void> {
  const closed = event.kind === "bar";
  const backfilled = closed && event.origin === "backfill";
  if (desk.steps.see({ asset, candle: event.bar, closed, backfilled }, desk.heardMs)) return;
  const opened = new Date(event.bar.time).toISOString();
  await tellOften(desk, "late", `${event.symbol}: the candle of ${opened} came after its step`);
}

async function act(desk: Desk, moments: readonly Moment[]): Promise<void> {
  for (const moment of moments) {
    if (desk.stopping) return;
    if (moment.kind === "close" && moment.step.time <= desk.run.lastClose) desk.resumed.learn(moment.step);
    else await live(desk, moment);
  }
}

async function live(desk: Desk, moment: Moment): Promise<void> {
  await obeyAll(desk);
  if (moment.kind === "open") await open(desk, moment);
  else await close(desk, moment.step);
  if (desk.options.journal.snapshotDue) await desk.options.journal.snapshot(snapshotOf(desk.run));
}

/** Whether there is something to write that waits for no event: the kill switch was thrown, or something happened from outside. */
export function isUrgent({ run, thrown, notes }: Desk): boolean {
  return notes.length > 0 || (run.limits.state().killed === null && thrown.thrown() !== undefined);
}

/** Writes and does what was told and commanded since the last time. */
export async function obeyAll(desk: Desk): Promise<void> {
  const { run, options, thrown, resets, funding, notes } = desk;
  const at = options.now();
  for (const { what, detail } of notes.splice(0)) await notifyStatus(desk, what, detail);
  for (const due of funding.splice(0)) await fund(desk, due);
  for (const why of resets.splice(0)) await command(desk, { kind: "reset", at, why });
  const why = thrown.thrown();
  if (why !== undefined && run.limits.state().killed === null) await command(desk, { kind: "kill", at, why });
}

async function command(desk: Desk, record: CommandRecord): Promise<void> {
  await tell(desk, record);
  obey(desk.run, record);
}

async function fund(desk: Desk, funding: FundingDue & { readonly symbol: string }): Promise<void> {
  const { symbol, time, rate } = funding;
  const { broker } = desk.run;
  if (broker.isFunded(symbol, time)) return;
  const detail = `${symbol}: ${rate} due ${new Date(time).toISOString()}`;
  await tell(desk, { kind: "status", at: desk.options.now(), what: "funding", detail, funding });
  broker.fund(symbol, funding);
}

async function open(desk: Desk, { time, prices }: Extract<Moment, { kind: "open" }>): Promise<void> {
  const { fills } = desk.run.broker.onOpen(time, prices);
  const record: OpenRecord = { kind: "open", time, at: desk.options.now(), prices: toJson(prices), fills };
  await tell(desk, record);
}

async function close(desk: Desk, step: BarStep): Promise<void> {
  const { run, options, resumed } = desk;
  resumed.relive();
  const { broker, limits } = run;
  const prices = (of: "high" | "low" | "close") =>
    Float64Array.from(step.bars, (bar) => bar?.[of] ?? Number.NaN);
  const closing = { high: prices("high"), low: prices("low"), close: prices("close") };
  const { fills } = broker.onClose(step.time, closing);
  limits.mark(step.time, broker.equity());
  const decision = options.maker.decide(step);
  checkDecision(decision, step);
  const decidedAt = options.now();
  const record = { ...limited(desk, step, decision), fills, equity: broker.equity() };
  await tell(desk, record, { decision, decidedAt });
  settle(run, record);
}

/** A decision and what the limits leave of it. */
function limited(desk: Desk, step: BarStep, decision: Decision): Omit<StepRecord, "fills" | "equity"> {
  const { run, options, quotes } = desk;
  const { time } = step;
  const at = options.now();
  const uncertainty = Float64Array.from(decision.signals, (signal) =>
    signal ? modelUncertainty(signal) : Number.NaN,
  );
  const shares = run.broker.shares();
  const { targets, reasons } = run.limits.limit(decision.targets, {
    time,
    now: at,
    shares,
    modelUncertainty: uncertainty,
    ...quotes,
    halt: desk.halt,
  });
  return {
    ...{ kind: "step", time, at, bars: barsToJson(step) },
    ...{ wanted: toJson(decision.targets), targets: toJson(targets), modelUncertainty: toJson(uncertainty) },
    reasons,
  };
}

function checkDecision({ time, targets, signals }: Decision, step: BarStep): void {
  if (time !== step.time)
    throw new RangeError(`expected a decision of the step ${step.time}, got one of ${time}`);
  checkLength("targets of the decision", targets, step.bars.length);
  checkLength("signals of the decision", signals, step.bars.length);
}

/** Writes a record, and tells of it once it is on the disk; with a decision, how long limits and journal took as the order's stage. */
async function tell(
  { options }: Desk,
  record: LiveRecord,
  decided?: { readonly decision: Decision; readonly decidedAt: number },
): Promise<void> {
  await options.journal.append(record);
  if (!decided) return options.told?.(record);
  const { decision, decidedAt } = decided;
  const readings = { ...decision.readings, order: options.now() - decidedAt };
  options.told?.(record, { ...decision, readings });
}
