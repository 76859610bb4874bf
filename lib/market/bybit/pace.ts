/** Turns, pauses and rests: when a connection may ask. */
import { type Key, uniforms } from "../../core/index.js";
import type { BybitFault, Failure } from "./error.js";

/** A wait before another attempt. */
export type Pause = { symbol: string; kind: BybitFault; message: string; ms: number };

export interface PaceOptions {
  /** Least time between two requests, ms. */
  readonly rateLimitMs: number;
  /** The first pause, ms. */
  readonly pauseMs: number;
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  readonly onPause?: ((pause: Pause) => void) | undefined;
}

/** What pauses. */
interface Pausing {
  readonly symbol: string;
  readonly signal: AbortSignal;
}

const LONGEST_PAUSE = 60_000;

/** When a connection may ask. */
export interface Pace {
  /** Resolves when it is the caller's turn and no rest is on. */
  ready(): Promise<void>;
  /** The pause before another attempt. */
  before(question: Pausing, failure: Failure, attempt: number, k: Key): Promise<void>;
}

/** The pace of a connection. After a rate limit no question of the connection is asked until its pause is over. */
export function paceOf({ rateLimitMs, pauseMs, sleep = wait, onPause }: PaceOptions): Pace {
  const turn = turnstile(rateLimitMs);
  let rest: Promise<void> | undefined;
  return {
    async ready() {
      do {
        while (rest) await rest;
        await turn();
      } while (rest); // it may have begun in the queue
    },
    before({ symbol, signal }, { kind, message, restMs = 0 }, attempt, k) {
      const share = 0.5 + uniforms(k, 1)[0]! / 2;
      const ms = restMs + share * Math.min(LONGEST_PAUSE, pauseMs * 2 ** (attempt - 1));
      onPause?.({ symbol, kind, message, ms });
      const pause = sleep(ms, signal);
      if (kind !== "rate limit") return pause;
      const shared = pause.then(
        () => over(),
        () => over(),
      );
      const over = (): void => {
        if (rest === shared) rest = undefined;
      };
      rest = shared;
      return pause;
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

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
