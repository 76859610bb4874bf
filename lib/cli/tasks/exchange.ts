/** Sources of live candles: Bybit, another public server of V5, or an exchange on this machine in accelerated time. */

import type { Bars } from "../../core/index.js";
import { key } from "../../core/index.js";
import { countBefore, intervalOf, sliceBars } from "../../market/index.js";
import { simulate } from "../../market/simulate/index.js";
import type { MarketStream } from "../../market/stream/index.js";
import { openStream, type StreamOptions } from "../../market/stream/index.js";
import { startLoopback } from "../../testing/index.js";
import type { Clock } from "../clock.js";

/** A source of candles with a clock. */
export interface Exchange {
  /** UTC milliseconds. */
  now(): number;
  /** @param since  opening time of the first candle wanted of each symbol, UTC milliseconds */
  open(symbols: readonly string[], since: Readonly<Record<string, number>>): Promise<MarketStream>;
  /** Lets time pass until `isOver`; of a real exchange it passes by itself. */
  play(heard: Heard, isOver: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** What a run has dealt with, UTC milliseconds. */
export interface Heard {
  /** Resolves once the close at `time` was dealt with, or it is over. */
  close(time: number): Promise<void>;
  /** The same of the open at `time`. */
  open(time: number): Promise<void>;
}

/** A public server; Bybit where no addresses are given. */
export function publicExchange(
  stepMs: number,
  clock: Clock,
  { url, streamUrl }: { readonly url?: string | undefined; readonly streamUrl?: string | undefined },
): Exchange {
  const servers = {
    ...(url === undefined ? {} : { restUrl: url }),
    ...(streamUrl === undefined ? {} : { wsUrl: streamUrl }),
  };
  return {
    now: clock.now,
    open: (symbols, since) => openStream({ query: queryOf(symbols, stepMs, since), ...clock, ...servers }),
    play: async () => undefined,
    close: async () => undefined,
  };
}

export interface LocalMarket {
  /** Replayed to the client as candles. */
  readonly bars: readonly Bars[];
  /** Of what the exchange makes up, such as sizes in its book. */
  readonly seed: number | string;
  /** Where its time begins, UTC milliseconds. */
  readonly from: number;
  /** Least wall-clock time a candle takes, milliseconds; none if 0. */
  readonly paceMs: number;
}

/** After its close a candle is asked for; on this machine it is never under way for longer. */
const LATE_MS = 1;

/**
 * An exchange on this machine whose time goes on as soon as the candles so far were dealt with: its clock, and not the wall's, is the
 * time of the run, so that two runs are alike.
 */
export async function localExchange({ bars, seed, from, paceMs }: LocalMarket): Promise<Exchange> {
  const loopback = await startLoopback({ bars, key: key(seed), now: () => from });
  const { stepMs } = bars[0]!;
  let isHeard = (): boolean => true;
  const fast: Partial<StreamOptions> = {
    ...{ restUrl: loopback.restUrl, wsUrl: loopback.wsUrl, rateLimitMs: 0.01, key: key(seed) },
    ...{ lateMs: LATE_MS, staleMs: 4 * stepMs, sleep: blink },
  };
  return {
    now: loopback.now,
    async open(symbols, since) {
      const stream = await openStream({ query: queryOf(symbols, stepMs, since), now: loopback.now, ...fast });
      const past = symbols.map((symbol) => Math.floor((loopback.now() - LATE_MS - since[symbol]!) / stepMs));
      const closed = past.reduce((total, count) => total + Math.max(0, count), 0);
      isHeard = () => {
        const { bars: told, missing, pending } = stream.counts();
        return told + missing >= closed && pending === 0;
      };
      return stream;
    },
    async play(heard, isOver) {
      await Promise.all(
        bars.map(({ symbol }) => loopback.subscribed(`kline.${intervalOf(stepMs)}.${symbol}`)),
      );
      while (!isHeard() && !isOver()) await blink(); // no time passes while what closed before is under way
      for (let open = Math.floor(from / stepMs) * stepMs; !isOver(); open += stepMs) {
        if (open + stepMs / 3 > loopback.now()) await loopback.advance(open + stepMs / 3);
        await heard.open(open);
        if (isOver()) return;
        await loopback.advance(open + stepMs);
        await heard.close(open + stepMs);
        if (paceMs > 0) await new Promise((done) => setTimeout(done, paceMs));
      }
    },
    close: loopback.close,
  };
}

/** When the simulated market begins, as that of `vitrade prepare`. */
const ORIGIN = Date.UTC(2024, 0, 1);

/** Bars of the simulated market before a time at which a model of it lives on; none where it is none of this market. */
export function simulatedPast(at: number, stepMs: number): number {
  const count = Math.floor((at - ORIGIN) / stepMs);
  return count > 0 && count < FAR ? count : 0;
}

/**
 * The candles of a simulated market around a time: at least `before` bars ahead of it and `after` from it on.
 *
 * The simulation begins in 2024, as that of `vitrade prepare`, so that a model of it lives on in the market it was trained on; where
 * that is further away than 50,000 bars, or nearer than `before`, it begins with the bars that are asked for.
 */
export function simulatedCandles(options: {
  readonly symbols: readonly string[];
  readonly stepMs: number;
  readonly seed: number | string;
  readonly at: number;
  readonly before: number;
  readonly after: number;
}): Bars[] {
  const { symbols, stepMs, seed, at, before, after } = options;
  const first = at - before * stepMs;
  const start = simulatedPast(at, stepMs) >= before ? ORIGIN : first;
  const count = Math.ceil((at - start) / stepMs) + after;
  const { bars } = simulate({ symbols, bars: count, key: key(seed), stepMs, start });
  return bars.map(({ flow: _, ...own }) => sliceBars(own, countBefore(own.openTime, first)));
}

/** Bars after which a model's time is taken to be that of another market. */
const FAR = 50_000;

function queryOf(symbols: readonly string[], stepMs: number, since: Readonly<Record<string, number>>) {
  const interval = intervalOf(stepMs);
  if (interval === undefined) throw new RangeError(`expected bars of an interval of Bybit, got ${stepMs} ms`);
  return { symbols, interval, since };
}

/** A moment in place of any pause: in accelerated time nobody waits by the wall's clock. */
function blink(_ms?: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else setTimeout(resolve, 1);
  });
}
