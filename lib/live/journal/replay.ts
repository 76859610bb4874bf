/**
 * The state of a paper run, made again from its journal: each record is applied as it was when it was written, and must agree.
 */

import { openPaperBroker, type PaperBroker, type PaperBrokerOptions } from "../broker/paperBroker.js";
import { openRiskLimits, type RiskLimits } from "../risk/riskLimits.js";
import type { RiskLimitOptions } from "../risk/riskOptions.js";
import type { Entry } from "./journalLines.js";
import {
  type BeginRecord,
  type CommandRecord,
  fromJson,
  type LiveRecord,
  modelUncertaintyOf,
  type OpenRecord,
  type SnapshotRecord,
  type StepRecord,
} from "./records.js";

/** The account and the limits of a run, and how far it has come. */
export interface Run {
  readonly begin: BeginRecord;
  readonly broker: PaperBroker;
  readonly limits: RiskLimits;
  /** UTC milliseconds; where there was none, the time up to which all is history. */
  lastClose: number;
}

export interface RunSettings {
  readonly broker: PaperBrokerOptions;
  readonly limits?: RiskLimitOptions;
}

/** A run at its begin, or as a snapshot left it. */
export function openRun(
  { broker, limits = {} }: RunSettings,
  { begin, ...state }: { readonly begin: BeginRecord } & Partial<Omit<SnapshotRecord, "begin">>,
): Run {
  const { symbols, capital = 1 } = broker;
  return {
    begin,
    broker: openPaperBroker(broker, state.broker),
    limits: openRiskLimits(limits, { symbols, capital, ...(state.limits ? { state: state.limits } : {}) }),
    lastClose: state.lastClose ?? begin.from,
  };
}

export function snapshotOf({ begin, broker, limits, lastClose }: Run): SnapshotRecord {
  return { kind: "snapshot", begin, broker: broker.state(), limits: limits.state(), lastClose };
}

/**
 * The run that the entries tell of, which begin with a snapshot or with the begin; undefined where there are none.
 * @throws Error naming the entry where fills or equity are not, to the bit, those of the journal.
 */
export function replay(entries: readonly Entry[], settings: RunSettings): Run | undefined {
  const [first, ...rest] = entries;
  if (!first) return undefined;
  const begin = beginIn(first);
  const record = first.record as LiveRecord;
  const run = openRun(settings, record.kind === "snapshot" ? record : { begin });
  for (const { number, record: next } of rest)
    applyRecord(run, next as LiveRecord, `journal, entry ${number}`);
  return run;
}

/**
 * How the run began that an entry opens: the first of a journal or of one of its files.
 * @throws Error when it is neither a begin nor a snapshot.
 */
export function beginIn({ number, record }: Entry): BeginRecord {
  const found = record as LiveRecord;
  if (found.kind === "begin") return found;
  if (found.kind === "snapshot") return found.begin;
  throw new Error(`journal, entry ${number}: expected a begin or a snapshot, got ${found.kind}`);
}

function applyRecord(run: Run, record: LiveRecord, where: string): void {
  if (record.kind === "step") applyStep(run, record, where);
  if (record.kind === "open") applyOpen(run, record, where);
  if (record.kind === "kill" || record.kind === "reset") obey(run, record);
  if (record.kind === "status" && record.funding) run.broker.fund(record.funding.symbol, record.funding);
}

function applyOpen({ broker }: Run, { time, prices, fills }: OpenRecord, where: string): void {
  agree(where, "fills", broker.onOpen(time, fromJson(prices)).fills, fills);
}

function applyStep(run: Run, record: StepRecord, where: string): void {
  const column = (c: 1 | 2 | 3) => fromJson(record.bars.map((bar) => bar?.[c] ?? null));
  const closing = { high: column(1), low: column(2), close: column(3) };
  agree(where, "fills", run.broker.onClose(record.time, closing).fills, record.fills);
  agree(where, "equity", run.broker.equity(), record.equity);
  run.limits.mark(record.time, record.equity);
  settle(run, record);
}

/** Places the order of a step that was written down. */
export function settle(run: Run, step: StepRecord): void {
  const { time, targets } = step;
  run.limits.note(modelUncertaintyOf(step));
  run.broker.submit({ decidedAt: time, targets: fromJson(targets) });
  run.lastClose = time;
}

/** Does what a command says. */
export function obey({ limits, broker }: Run, { kind, why }: CommandRecord): void {
  if (kind === "reset") {
    limits.reset();
    return;
  }
  limits.kill(why);
  broker.flatten();
}

function agree(where: string, what: string, found: unknown, written: unknown): void {
  const [now, then] = [JSON.stringify(found), JSON.stringify(written)];
  if (now !== then)
    throw new Error(`${where}: expected the ${what} that were written, ${then}, and the replay gives ${now}`);
}
