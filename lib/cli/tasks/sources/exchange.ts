/** Sources of live candles: Bybit, another public server of V5, or an exchange on this machine in accelerated time. */

import type { Bars } from "../../../core/index.js";
import { key } from "../../../core/index.js";
import { flowStream } from "../../../market/flow/index.js";
import { countBefore, intervalOf, sliceBars } from "../../../market/index.js";
import { simulate } from "../../../market/simulate/index.js";
import type { MarketStream, StreamQuery } from "../../../market/stream/index.js";
import { openStream, type StreamOptions } from "../../../market/stream/index.js";
import { startLoopback } from "../../../testing/index.js";
import type { Clock } from "../../clock.js";

/** A source of candles with a clock. */
export interface Exchange {
  /** UTC milliseconds. */
  now(): number;
  /** [A] bars before the run with their flow, where they are known. */
  readonly past?: readonly Bars[];
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

export interface PublicMarket {
  readonly stepMs: number;
  readonly clock: Clock;
  readonly url?: string | undefined;
  readonly streamUrl?: string | undefined;
  /** Whether trades and books are asked for, so that candles carry their flow. */
  readonly flow: boolean;
  readonly past?: readonly Bars[] | undefined;
}

/** A public server; Bybit where no addresses are given. */
export function publicExchange({ stepMs, clock, url, streamUrl, flow, past }: PublicMarket): Exchange {
  const servers = {
    ...(url === undefined ? {} : { restUrl: url }),
    ...(streamUrl === undefined ? {} : { wsUrl: streamUrl }),
  };
  return {
    now: clock.now,
    ...(past ? { past } : {}),
    open: async (symbols, since) => {
      const query = queryOf({ symbols, stepMs, since, flow });
      return withFlow(await openStream({ query, ...clock, ...servers }), { symbols, stepMs, flow });
    },
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
  /** Whether its candles carry the flow of the bars. */
  readonly flow: boolean;
}

/** After its close a candle is asked for; on this machine it is never under way for longer. */
const LATE_MS = 1;

/**
 * An exchange on this machine whose time goes on as soon as the candles so far were dealt with: its clock, and not the wall's, is the
 * time of the run, so that two runs are alike.
 */
export async function localExchange({ bars, seed, from, paceMs, flow }: LocalMarket): Promise<Exchange> {
  const begin = flow ? from - 1 : from; // the first trade of a bar comes at its opening, and is part of its flow
  const loopback = await startLoopback({ bars, key: key(seed), now: () => begin });
  const { stepMs } = bars[0]!;
  let isHeard = (): boolean => true;
  const fast: Partial<StreamOptions> = {
    ...{ restUrl: loopback.restUrl, wsUrl: loopback.wsUrl, rateLimitMs: 0.01, key: key(seed) },
    ...{ lateMs: LATE_MS, staleMs: 4 * stepMs, sleep: blink },
  };
  return {
    now: loopback.now,
    ...(flow ? { past: bars } : {}),
    async open(symbols, since) {
      const query = queryOf({ symbols, stepMs, since, flow });
      const plain = await openStream({ query, now: loopback.now, ...fast });
      const stream = withFlow(plain, { symbols, stepMs, flow });
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
  readonly flow: boolean;
}): Bars[] {
  const { symbols, stepMs, seed, at, before, after } = options;
  const first = at - before * stepMs;
  const start = simulatedPast(at, stepMs) >= before ? ORIGIN : first;
  const count = Math.ceil((at - start) / stepMs) + after;
  const { bars } = simulate({ symbols, bars: count, key: key(seed), stepMs, start });
  const wanted = options.flow ? bars : bars.map(({ flow: _, ...own }) => own);
  return wanted.map((own) => sliceBars(own, countBefore(own.openTime, first)));
}

/** Bars after which a model's time is taken to be that of another market. */
const FAR = 50_000;

interface Wanted {
  readonly symbols: readonly string[];
  readonly stepMs: number;
  readonly since: Readonly<Record<string, number>>;
  readonly flow: boolean;
}

/** Levels of the book that are asked for. */
const LEVELS = 50;

function queryOf({ symbols, stepMs, since, flow }: Wanted): StreamQuery {
  const interval = intervalOf(stepMs);
  if (interval === undefined) throw new RangeError(`expected bars of an interval of Bybit, got ${stepMs} ms`);
  return { symbols, interval, since, ...(flow ? { trades: true, bookDepth: LEVELS } : {}) };
}

/** The stream, its candles with their flow where that is wanted. */
function withFlow(
  stream: MarketStream,
  { flow, symbols, stepMs }: Pick<Wanted, "flow" | "symbols" | "stepMs">,
): MarketStream {
  return flow ? flowStream(stream, { symbols, stepMs }) : stream;
}

/** A moment in place of any pause: in accelerated time nobody waits by the wall's clock. */
function blink(_ms?: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else setTimeout(resolve, 1);
  });
}
