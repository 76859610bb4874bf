/** A connection to Bybit's public data: one client, one rate limit, attempts that back off. */
import { checkCount, checkPositive } from "../../core/axes.js";
import { fold, type Key, key, uniforms } from "../../core/random.js";
import { type CcxtBybit, ccxtBybit, type Endpoint } from "./client.js";
import { BybitError, failureOf, isFatal } from "./error.js";

export interface ConnectOptions {
  /** Another server that speaks V5, such as the loopback exchange. */
  readonly restUrl?: string;
  /** Least time between two requests, ms; 20 unless given, within Bybit's 600 in 5 s. */
  readonly rateLimitMs?: number;
  /** Longest time for a whole answer, its body included; 15 s unless given. */
  readonly deadlineMs?: number;
  /** Attempts after the first; 8 unless given. */
  readonly retries?: number;
  /** First pause before another attempt, ms; it doubles up to a minute, by a random share. 500 unless given. */
  readonly pauseMs?: number;
  /** Of the random shares. */
  readonly key?: Key;
  /** How to wait, ms. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** An open connection. Owns nothing but the client's sockets: `close` ends them. */
export interface Bybit {
  readonly client: CcxtBybit;
  /**
   * The checked answer of an endpoint, asked again while that may help.
   * @param check  turns the body into the result, or throws what is wrong with it
   * @throws BybitError when it cannot be had.
   */
  ask<T>(question: Question<T>): Promise<Answered<T>>;
  close(): Promise<void>;
}

export interface Question<T> {
  readonly symbol: string;
  readonly endpoint: Endpoint;
  readonly parameters: Record<string, string | number>;
  readonly check: (body: unknown) => T;
  readonly signal?: AbortSignal | undefined;
}

export interface Answered<T> {
  readonly value: T;
  readonly attempts: number;
}

const LONGEST_PAUSE = 60_000;

/**
 * Connects to Bybit; nothing is fetched yet, no key is read, and no order can be sent.
 * @throws RangeError when an option is out of range.
 */
export async function connectBybit(options: ConnectOptions = {}): Promise<Bybit> {
  const { rateLimitMs = 20, deadlineMs = 15_000, retries = 8, pauseMs = 500, sleep = wait } = options;
  checkPositive("rateLimitMs", rateLimitMs);
  checkPositive("deadlineMs", deadlineMs);
  checkPositive("pauseMs", pauseMs);
  checkCount("retries", retries, 0);
  const client = await ccxtBybit(options.restUrl);
  const turn = turnstile(rateLimitMs);
  const jitter = options.key ?? key("bybit");
  let asked = 0;
  return {
    client,
    async ask<T>(question: Question<T>): Promise<Answered<T>> {
      const own = fold(jitter, asked++);
      for (let attempt = 1; ; attempt++) {
        if (question.signal?.aborted) throw new BybitError("stopped", question.symbol, "stopped on request");
        await turn(); // before the deadline starts: waiting for one's turn is no fault of the exchange
        try {
          const body = await within(deadlineMs, question.endpoint(question.parameters));
          return { value: question.check(body), attempts: attempt };
        } catch (error) {
          const { kind, message } = failureOf(error);
          if (isFatal(kind) || attempt > retries) {
            throw new BybitError(kind, question.symbol, told(message, question, attempt), {
              attempts: attempt,
              cause: error,
            });
          }
          const share = 0.5 + uniforms(fold(own, attempt), 1)[0]! / 2;
          await sleep(share * Math.min(LONGEST_PAUSE, pauseMs * 2 ** (attempt - 1)));
        }
      }
    },
    async close() {
      await client.close?.();
    },
  };
}

/** Lets one pass each `ms`. */
function turnstile(ms: number): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    const turn = last;
    last = turn.then(() => wait(ms));
    return turn;
  };
}

function told<T>(message: string, { symbol, parameters }: Question<T>, attempts: number): string {
  const plain = message.startsWith(`${symbol}: `) ? message.slice(symbol.length + 2) : message;
  const { start, end } = parameters;
  const window =
    typeof start === "number" && typeof end === "number" ? ` [${iso(start)} to ${iso(end)}]` : "";
  return `${plain}${window}${attempts > 1 ? `, after ${attempts} attempts` : ""}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** The promise, or a timeout: ccxt's own does not cover a body that stalls. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BybitError("timeout", "Bybit", `no whole answer within ${ms} ms`)),
      ms,
    );
  });
  promise.catch(() => undefined); // it may still fail after its time
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
