/** One connection after another: dialled, watched for silence, and dialled again with growing pauses. */
import { fold, type Key, uniforms } from "../../core/index.js";
import type { Connection, ConnectionEnd } from "./connection.js";

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface SessionOptions {
  readonly wire: Connection;
  readonly topics: readonly string[];
  /** Of the random shares of the pauses. */
  readonly key: Key;
  /** The first pause before dialling again, ms; it doubles up to a minute. */
  readonly pauseMs: number;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
  /** Resolves when there is room for more. */
  readonly room: () => Promise<void>;
  /** Whether the connection that is over had brought any data. */
  readonly heard: () => boolean;
  readonly dialling: () => void;
  readonly over: (end: ConnectionEnd) => void;
}

const LONGEST_PAUSE = 60_000;

/** Keeps connected until the signal; a connection that brought data makes the next pause short again. */
export async function keepConnected(options: SessionOptions): Promise<void> {
  const { wire, topics, key, pauseMs, sleep, signal } = options;
  const stop = (): void => wire.cut({ kind: "closed", detail: "closed" });
  signal.addEventListener("abort", stop);
  let vain = 0;
  for (let dials = 0; !signal.aborted; dials++) {
    options.dialling();
    const end = await wire.connect(topics);
    if (signal.aborted) break;
    options.over(end);
    vain = options.heard() ? 0 : vain + 1;
    await sleep(pauseAfter(vain, pauseMs, fold(key, dials)), signal);
    await options.room();
  }
  signal.removeEventListener("abort", stop);
}

/** From half of the doubled pause to the whole, ms. */
export function pauseAfter(vain: number, pauseMs: number, k: Key): number {
  const share = 0.5 + uniforms(k, 1)[0]! / 2;
  return share * Math.min(LONGEST_PAUSE, pauseMs * 2 ** vain);
}

/** Calls `look` every `ms` until the signal. */
export async function watch(
  look: () => void,
  { ms, sleep, signal }: { readonly ms: number; readonly sleep: Sleep; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await sleep(ms, signal);
    if (!signal.aborted) look();
  }
}
