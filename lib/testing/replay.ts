/** The loopback exchange set up for a session over some of the bars. */
import { type Bars, checkCount, type Key } from "../core/index.js";
import { sliceBars } from "../market/index.js";
import { startLoopback } from "./loopback.js";
import type { Loopback } from "./types.js";

/** Settings of `startReplay`: the bars, and which of them a session lives through. */
export interface ReplayOptions {
  /** Of the same times. */
  readonly bars: readonly Bars[];
  /** The session's first bar, and how many it has. */
  readonly first: number;
  readonly count: number;
  readonly key: Key;
  /** Bars of the session that are over when the exchange starts, 0 by default: for a session that goes on. */
  readonly over?: number;
}

/** The exchange, and the times of the session. */
export interface Replay extends Loopback {
  /** UTC milliseconds after so many bars of the session: `at(0)` is the opening of its first bar. */
  at(bars: number): number;
}

/** Bars ahead of the session, for features and windows, and behind it, for what comes late. */
const MARGIN = { before: 200, behind: 20 } as const;

/**
 * Starts an exchange on this machine that stands at the beginning of a session and goes on when it is told to.
 * @returns the running exchange, owned by the caller: close it
 * @throws RangeError when the session does not lie within the bars, or as `startLoopback`.
 */
export async function startReplay({ bars, first, count, key, over = 0 }: ReplayOptions): Promise<Replay> {
  const { openTime, stepMs } = bars[0]!;
  checkCount("first", first, 0);
  checkCount("count", count);
  if (first + count > openTime.length)
    throw new RangeError(`count: expected at most ${openTime.length - first}, got ${count}`);
  const at = (n: number) => openTime[first]! + n * stepMs;
  const end = Math.min(openTime.length, first + count + MARGIN.behind);
  const served = bars.map((b) => sliceBars(b, Math.max(0, first - MARGIN.before), end));
  const exchange = await startLoopback({ bars: served, key, now: () => at(over) });
  return { ...exchange, at };
}
