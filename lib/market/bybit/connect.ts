/** A connection to Bybit's public data: one client, one rate limit, attempts that back off. */
import { checkCount, checkPositive, fold, type Key, key, proxyFor, systemClock } from "../../core/index.js";
import { type Clocks, checkClocks } from "./agreement.js";
import { type CcxtBybit, ccxtBybit, type Endpoint } from "./client.js";
import { type AskedWindow, BybitError, type Failure, failureOf, isFatal } from "./error.js";
import { linked } from "./linked.js";
import { listedNames, nearNames } from "./nearNames.js";
import { type Pause, paceOf } from "./pace.js";
import type { ProxyChoice } from "./proxy.js";

export type { Pause } from "./pace.js";

/** Options of a connection to Bybit. */
export interface ConnectOptions {
  /** Another server that speaks V5, such as the loopback exchange. */
  readonly restUrl?: string;
  /** Least time between two requests, ms; default 20, within Bybit's 600 in 5 s. */
  readonly rateLimitMs?: number;
  /** Longest time from a request to the end of its answer, ms, without the wait for the rate limit; default 15 s. */
  readonly deadlineMs?: number;
  /** Attempts after the first; default 8. */
  readonly retries?: number;
  /** First pause before another attempt, ms; it doubles up to a minute, by a random share. Default 500. */
  readonly pauseMs?: number;
  /**
   * This machine's clock, UTC milliseconds (default the system's): no answer is taken that comes from beyond it, and of it and the
   * exchange's clock the earlier says what has closed.
   */
  readonly now?: () => number;
  /** Place of the exchange's clock beside `now`; default "not ahead". */
  readonly clocks?: Clocks;
  /** The proxy that leads to an address; default by HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment. */
  readonly proxy?: ProxyChoice;
  /** True to have one question under way at a time, in the order in which they were asked; default false. */
  readonly inTurn?: boolean;
  /** Of the random shares. */
  readonly key?: Key;
  /** How to wait, ms; ends early when the signal stops it. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Told of each pause before it begins: ten minutes and more after Bybit's "access too frequent". */
  readonly onPause?: (pause: Pause) => void;
}

/** An open connection. Owns nothing but the client's sockets: `close` ends them, and what is under way. */
export interface Bybit {
  readonly client: CcxtBybit;
  /**
   * The checked answer of an endpoint, asked again while that may help.
   *
   * The question's `check` turns the body into the result, or throws what is wrong with it; its `now` is this machine's clock when
   * the answer had come.
   * @throws BybitError when it cannot be had, at once when its signal stops it.
   */
  ask<T>(question: Question<T>): Promise<Answered<T>>;
  close(): Promise<void>;
}

export interface Question<T> {
  readonly symbol: string;
  readonly endpoint: Endpoint;
  readonly parameters: Record<string, string | number>;
  readonly check: (body: unknown, now: number) => T;
  readonly signal?: AbortSignal | undefined;
}

export interface Answered<T> {
  readonly value: T;
  readonly attempts: number;
}

/**
 * Connects to Bybit; nothing is fetched yet, no key is read, and no order can be sent.
 * @throws RangeError when an option is out of range.
 */
export async function connectBybit(options: ConnectOptions = {}): Promise<Bybit> {
  const { rateLimitMs = 20, deadlineMs = 15_000, retries = 8, pauseMs = 500 } = options;
  checkPositive("rateLimitMs", rateLimitMs);
  checkPositive("deadlineMs", deadlineMs);
  checkPositive("pauseMs", pauseMs);
  checkCount("retries", retries, 0);
  const closing = new AbortController();
  const { restUrl, now = systemClock.now, clocks = "not ahead" } = options;
  const client = await ccxtBybit({
    ...{ deadlineMs, proxy: options.proxy ?? proxyFor, closing: closing.signal },
    ...(restUrl === undefined ? {} : { restUrl }),
  });
  const jitter = options.key ?? key("bybit");
  const pace = paceOf({ rateLimitMs, pauseMs, sleep: options.sleep, onPause: options.onPause });
  const names = listedNames(client, pace.ready);
  let asked = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async <T>(question: Question<T>): Promise<Answered<T>> => {
    const { signal, release } = linked(closing.signal, question.signal);
    const stoppable = { ...question, signal };
    const own = fold(jitter, asked++);
    try {
      for (let attempt = 1; ; attempt++) {
        const outcome = await attempted(stoppable, pace.ready, { now, clocks });
        if ("value" in outcome) return { value: outcome.value, attempts: attempt };
        const failure = failureOf(outcome.error);
        if (isFatal(failure.kind) || attempt > retries)
          throw await finalError(names, question, failure, { attempts: attempt, cause: outcome.error });
        await unlessStopped(pace.before(stoppable, failure, attempt, fold(own, attempt)), stoppable);
      }
    } finally {
      release();
    }
  };
  return {
    client,
    ask(question) {
      if (!options.inTurn) return ask(question);
      const answered = turn.then(() => ask(question));
      turn = answered.catch(() => undefined);
      return answered;
    },
    async close() {
      closing.abort();
      await client.close?.();
    },
  };
}

interface Stoppable<T> extends Question<T> {
  readonly signal: AbortSignal;
}

async function attempted<T>(
  question: Stoppable<T>,
  ready: () => Promise<void>,
  { now, clocks }: { readonly now: () => number; readonly clocks: Clocks },
): Promise<{ value: T } | { error: unknown }> {
  try {
    await unlessStopped(ready(), question); // the deadline begins with the request
    const sent = now();
    const body = await unlessStopped(question.endpoint(question.parameters), question);
    const received = now();
    const answeredAt = Number((body as { readonly time?: unknown } | null)?.time);
    if (Number.isFinite(answeredAt)) checkClocks(question.symbol, answeredAt, { sent, received }, clocks);
    return { value: question.check(body, received) };
  } catch (error) {
    return { error };
  }
}

async function finalError<T>(
  names: (category: string) => Promise<readonly string[]>,
  { symbol, parameters }: Question<T>,
  { kind, message }: Failure,
  { attempts, cause }: { attempts: number; cause: unknown },
): Promise<BybitError> {
  const window = windowOf(parameters);
  const near = kind === "symbol" ? nearNames(symbol, await names(String(parameters.category))) : [];
  const parts = [
    message.startsWith(`${symbol}: `) ? message.slice(symbol.length + 2) : message,
    near.length > 0 ? `; near it are ${near.join(", ")}` : "",
    window ? ` [${iso(window.since)} to ${iso(window.until)}]` : "",
    attempts > 1 ? `, after ${attempts} attempts` : "",
  ];
  return new BybitError(kind, symbol, parts.join(""), { attempts, window, cause });
}

function windowOf(parameters: Question<unknown>["parameters"]): AskedWindow | undefined {
  const [since, last] = [parameters.start ?? parameters.startTime, parameters.end ?? parameters.endTime];
  return typeof since === "number" && typeof last === "number" ? { since, until: last + 1 } : undefined;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** The promise, or a refusal as soon as the question is stopped. */
async function unlessStopped<T>(promise: Promise<T>, { symbol, signal }: Stoppable<unknown>): Promise<T> {
  promise.catch(() => undefined); // it may still fail after the stop
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new BybitError("stopped", symbol, "stopped on request"));
  });
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([stopped, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
