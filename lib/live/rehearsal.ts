/** A paper session rehearsed: the real stream and the real session against an exchange whose clock can be moved. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Key, sum } from "../core/index.js";
import { intervalOf, stream as streams } from "../market/index.js";
import type { Fill } from "./broker/index.js";
import { openJournal, readJournal } from "./journal/index.js";
import type { LiveRecord, StepRecord } from "./journal/records.js";
import { openSession, type Session } from "./session.js";
import type { SessionOptions } from "./sessionOptions.js";
import type { Readings } from "./types.js";

/** An exchange whose time passes when it is told to: `testing.startLoopback` starts one. */
export interface RehearsalExchange {
  readonly restUrl: string;
  readonly wsUrl: string;
  /** UTC milliseconds. */
  now(): number;
  advance(toTime: number): Promise<void>;
  subscribed(topic: string): Promise<void>;
  /** Messages with data that were written to a connection. */
  pushed(): number;
  drop(): number;
  refuse(count: number): void;
}

/** Settings of `rehearse`: exchange, pipeline, account and what goes wrong on the way. */
export interface RehearsalOptions extends Pick<SessionOptions, "maker" | "account" | "limits" | "from"> {
  /** It stays the caller's. Its clock says where the session begins or goes on. */
  readonly exchange: RehearsalExchange;
  /** Folder of the journal: a session that it tells of goes on. By default a temporary one, removed at the end. */
  readonly journal?: string;
  /** Close of the last bar, UTC milliseconds. */
  readonly until: number;
  /** Of the client's pauses. */
  readonly key: Key;
  /** Closes, UTC milliseconds, at the first of which the line is cut, to be back after the second. */
  readonly outage?: readonly [cutAt: number, backAt: number];
  /** Time of the stream after which it fails, as when the power goes; never by default. */
  readonly failsAt?: number;
  /** Called after each close. */
  readonly onClose?: (session: Session, time: number) => void;
}

/** Results of a rehearsal: what the journal holds, what was decided and filled, and the account at the end. */
export interface Rehearsal {
  /** All of the journal's, also of earlier sessions. */
  readonly records: readonly LiveRecord[];
  readonly steps: readonly StepRecord[];
  readonly fills: readonly Fill[];
  /** Of the decisions of this session. */
  readonly readings: readonly Readings[];
  readonly counts: ReturnType<streams.MarketStream["counts"]>;
  /** Message of the error that ended it; undefined where it came to its end. */
  readonly failure: string | undefined;
}

/**
 * Runs a session bar by bar until a close. The exchange's clock goes on once a close was dealt with, so that the run depends on no clock
 * of the machine. The maker stays the caller's.
 * @throws Error as `openSession`, or when a close is not dealt with.
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  if (options.journal !== undefined) return rehearsed(options, options.journal);
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-"));
  try {
    return await rehearsed(options, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function rehearsed(options: RehearsalOptions, folder: string): Promise<Rehearsal> {
  const journal = await openJournal({ folder });
  const readings: Readings[] = [];
  try {
    const { maker, account, limits, from, exchange } = options;
    const session = await openSession({
      ...{ maker, account, journal, now: exchange.now },
      ...(limits ? { limits } : {}),
      ...(from === undefined ? {} : { from }),
      told: (_, decision) => {
        if (decision?.readings.draws !== undefined) readings.push(decision.readings);
      },
    });
    const ended = await played(session, options);
    const records = await recordsOf(folder);
    const steps = records.filter((record) => record.kind === "step");
    const fills = records.flatMap((r) => (r.kind === "open" || r.kind === "step" ? r.fills : []));
    return { records, steps, fills, readings, ...ended };
  } finally {
    await journal.close();
  }
}

/** All records of a journal, oldest first. */
export async function recordsOf(folder: string): Promise<LiveRecord[]> {
  const records: LiveRecord[] = [];
  for await (const { record } of readJournal(folder)) records.push(record as LiveRecord);
  return records;
}

async function played(
  session: Session,
  options: RehearsalOptions,
): Promise<Pick<Rehearsal, "counts" | "failure">> {
  const { exchange, maker, key } = options;
  const { symbols, stepMs } = maker;
  const interval = intervalOf(stepMs);
  if (!interval) throw new RangeError(`stepMs: expected an interval of Bybit, got ${stepMs}`);
  const stream = await streams.openStream({
    ...{ restUrl: exchange.restUrl, wsUrl: exchange.wsUrl, now: exchange.now, key },
    ...{
      rateLimitMs: 0.01,
      retries: 20,
      sleep: blink,
      inTurn: true,
      lookMs: Number.POSITIVE_INFINITY,
      lateMs: 24 * stepMs,
      staleMs: 24 * stepMs,
    },
    query: { symbols, interval, since: session.since },
  });
  const state: { failure: string | undefined } = { failure: undefined };
  const living = session.live(failing(stream, options.failsAt)).catch((error: Error) => {
    state.failure = error.message;
  });
  try {
    await Promise.all(symbols.map((symbol) => exchange.subscribed(`kline.${interval}.${symbol}`)));
    const past = behind(session, exchange.now(), stepMs);
    const mended = () => stream.counts().gapsMended >= past.length; // noted after their last bar
    await until(() => stream.counts().bars >= sum(past) && mended(), "the past");
    await until(() => stream.counts().pending === 0, "that the past is read");
    await bars({ session, stream, state }, options);
  } finally {
    await stream.close();
    await living;
  }
  return { counts: stream.counts(), failure: state.failure };
}

interface Playing {
  readonly session: Session;
  readonly stream: streams.MarketStream;
  readonly state: { readonly failure: string | undefined };
}

async function bars({ session, stream, state }: Playing, options: RehearsalOptions): Promise<void> {
  const { exchange, maker, outage, onClose } = options;
  const { stepMs } = maker;
  const [cutAt, backAt] = outage ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const first = (Math.floor(exchange.now() / stepMs) + 1) * stepMs;
  for (let time = first; time <= options.until && !state.failure; time += stepMs) {
    if (time === cutAt) {
      exchange.refuse(Number.MAX_SAFE_INTEGER);
      exchange.drop();
    }
    await exchange.advance(time);
    if (time === backAt) {
      exchange.refuse(0);
      await until(() => stream.counts().reconnects > 0, "the line back");
    }
    const isCut = time >= cutAt && time <= backAt; // a hole is noticed by the candle behind it
    const isDone = () => session.run.lastClose >= time && isHeard(exchange, stream.counts());
    if (!isCut) await until(() => isDone() || state.failure !== undefined, `the close at ${time}`);
    onClose?.(session, time);
  }
}

/** Whether all that the exchange sent was heard and taken, as far as that can be known: a line that was cut or disturbed loses some. */
function isHeard(exchange: RehearsalExchange, counts: ReturnType<streams.MarketStream["counts"]>): boolean {
  const { frames, badFrames, reconnects, pending } = counts;
  return badFrames > 0 || reconnects > 0 || (frames >= exchange.pushed() && pending === 0);
}

/** Of each symbol that has some, bars that were over a day before the stream was opened: REST is asked for them at once. */
function behind({ since }: Session, now: number, stepMs: number): number[] {
  const counts = Object.values(since).map((time) => Math.floor((now - time) / stepMs) - 24);
  return counts.filter((count) => count > 0);
}

async function* failing(
  stream: streams.MarketStream,
  failsAt = Number.POSITIVE_INFINITY,
): AsyncGenerator<streams.StreamEvent> {
  for await (const event of stream) {
    if (event.at > failsAt) throw new Error("the power is gone");
    yield event;
  }
}

/** Looks for as many turns as a slow machine may need; a limit on turns, not on time. */
const TURNS = 100_000;

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; !holds(); i++) {
    if (i > TURNS) throw new Error(`expected ${what}, got nothing`);
    await blink();
  }
}

function blink(_ms?: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) done();
    else setTimeout(done, 1);
  });
}
