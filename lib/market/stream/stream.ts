/** Live market data of Bybit: closed candles exactly once and in order, whatever the wire does. */
import { setTimeout } from "node:timers/promises";
import { checkCount, checkPositive, fold, key, proxyFor } from "../../core/index.js";
import { type Bybit, type ConnectOptions, connectBybit } from "../bybit/connect.js";
import { checkListed } from "./backfill.js";
import { LiveStream } from "./liveStream.js";
import { type Subject, subjectsOf } from "./subjects.js";
import type { MarketStream, StreamQuery } from "./types.js";

const LOOK_MS = 1000;

/**
 * Options of a stream: those of the REST connection, of which `key`, `pauseMs` and `sleep` hold for the WebSocket too, and its own.
 */
export interface StreamOptions extends ConnectOptions {
  readonly query: StreamQuery;
  /** This machine's clock, UTC milliseconds; the exchange's must agree with it. */
  readonly now: () => number;
  /** Milliseconds that have passed, from any origin, which never go back: of silence and pauses; default `now`. */
  readonly elapsed?: () => number;
  /** Another server of V5 streams, without the path. */
  readonly wsUrl?: string;
  /** A connection that brings no data for so long is given up, ms; default 90 s: Bybit tells each candle at least once a minute. */
  readonly staleMs?: number;
  /** How long after its close a candle may be under way before it is asked for by REST, ms; default 3 s. */
  readonly lateMs?: number;
  /** Between two looks for what is overdue, ms; default 1 s; Infinity for none, where each run over the same messages must be the same. */
  readonly lookMs?: number;
  /** Between two pings, ms; default 18 s: Bybit wants one each 20 s. */
  readonly pingMs?: number;
  /** Events not yet taken beyond which the connection is given up until half are; default 100,000. */
  readonly mostPending?: number;
}

/**
 * Opens a live stream of public data over ccxt.pro; no key is read, and no order can be sent. Whoever gets it iterates over it, once.
 *
 * A dropped, refused or silent connection is dialled again with growing pauses, and what it missed is fetched by REST before what came
 * later is told. Bars and trades that were told are never dropped; of revisions a slow consumer gets the newest, of books
 * that of each bar. Trades that
 * a drop lost beyond the exchange's latest thousand do not come: the status says so.
 * @throws RangeError when an option makes no sense.
 * @throws BybitError of kind "symbol" when Bybit does not trade one of the symbols, of kind "clock" when its clock and this machine's
 * disagree, of others when it cannot be asked.
 */
export async function openStream(options: StreamOptions): Promise<MarketStream> {
  const { query, now, wsUrl, staleMs = 90_000, lateMs = 3000, pingMs = 18_000, pauseMs = 500 } = options;
  const { lookMs = Math.min(LOOK_MS, staleMs / 4) } = options;
  const { mostPending = 100_000, sleep = pause, elapsed = now, proxy = proxyFor } = options;
  for (const [name, ms] of Object.entries({ staleMs, lateMs, pingMs })) checkPositive(name, ms);
  if (!(lookMs > 0)) throw new RangeError(`lookMs: expected a positive number, got ${lookMs}`);
  checkCount("mostPending", mostPending);
  if (wsUrl !== undefined && !/^wss?:\/\/[^/]+$/.test(wsUrl))
    throw new RangeError(`wsUrl: expected ws:// or wss:// and a server, got "${wsUrl}"`);
  const subjects = subjectsOf(query, now());
  const bybit = await connectBybit({ clocks: "agree", ...options });
  try {
    await checkAllListed(bybit, subjects);
    const stream = new LiveStream(bybit, subjects, {
      ...{ query, now, elapsed, proxy, wsUrl, staleMs, lateMs, lookMs, pingMs, pauseMs, mostPending, sleep },
      key: fold(options.key ?? key("bybit"), "stream"),
    });
    await stream.start(subjects[0]!.category);
    return stream;
  } catch (error) {
    await bybit.close();
    throw error;
  }
}

async function checkAllListed(bybit: Bybit, subjects: readonly Subject[]): Promise<void> {
  const outcomes = await Promise.allSettled(subjects.map((subject) => checkListed(bybit, subject)));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, signal ? { signal } : {}).catch(() => undefined); // stopped: over early
}
