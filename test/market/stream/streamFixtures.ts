/** A stream that listens to a loopback exchange in accelerated time, and what it heard. */
import { expect } from "vitest";
import { key } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { openStream, type StreamOptions } from "../../../lib/market/stream/stream.js";
import type { MarketStream, StreamEvent, StreamQuery } from "../../../lib/market/stream/types.js";
import { startLoopback } from "../../../lib/testing/loopback.js";
import type { Loopback, LoopbackOptions } from "../../../lib/testing/types.js";
import { START, walk } from "../loopbackFixtures.js";

export const MINUTE = 60_000;
/** When the stream is opened: ten candles have closed. */
export const OPENED = START + 10 * MINUTE;

export function minutes(symbol: string, count: number): Bars {
  return walk(symbol, count, START, MINUTE);
}

/** The bars without those at the positions. */
export function without(bars: Bars, ...gone: readonly number[]): Bars {
  const keep = (column: Float64Array): Float64Array => column.filter((_, t) => !gone.includes(t));
  const [open, high, low, close] = [keep(bars.open), keep(bars.high), keep(bars.low), keep(bars.close)];
  const { symbol, stepMs } = bars;
  return { symbol, stepMs, openTime: keep(bars.openTime), open, high, low, close, volume: keep(bars.volume) };
}

/** A loopback exchange whose clock stands at `OPENED` until it is played on. */
export function exchange(bars: readonly Bars[], options: Partial<LoopbackOptions> = {}): Promise<Loopback> {
  return startLoopback({ bars, key: key(1), now: () => OPENED, ...options });
}

export interface Listening {
  readonly stream: MarketStream;
  readonly events: StreamEvent[];
  /** Resolves when the loop over the stream is over. */
  readonly done: Promise<void>;
}

/** A stream over the exchange whose events are taken as they come; pauses are a millisecond, its clock is the exchange's. */
export async function listen(
  loopback: Loopback,
  query: Partial<StreamQuery> = {},
  options: Partial<StreamOptions> = {},
): Promise<Listening> {
  const stream = await openStream({
    query: { symbols: ["BTCUSDT"], interval: "1", ...query },
    ...{ restUrl: loopback.restUrl, wsUrl: loopback.wsUrl, now: loopback.now, key: key(2) },
    ...{ rateLimitMs: 0.01, lateMs: 2.5 * MINUTE, staleMs: 3 * MINUTE, sleep: blink },
    ...options,
  });
  const events: StreamEvent[] = [];
  const done = (async () => {
    for await (const event of stream) events.push(event);
  })();
  done.catch(() => undefined);
  await until(() => events.some((event) => event.kind === "status" && event.what === "connected"));
  return { stream, events, done };
}

/** Plays on to a time, a sixth of a candle at once, and lets what is sent be heard. */
export async function play(loopback: Loopback, { stream }: Listening, to: number): Promise<void> {
  for (let time = loopback.now(); time < to; ) {
    time = Math.min(to, time + MINUTE / 6);
    await loopback.advance(time);
    await quiet(stream);
  }
}

/** Waits until nothing more is heard for three milliseconds. */
export async function quiet(stream: MarketStream): Promise<void> {
  let heard = -1;
  for (let still = 0; still < 3; await blink()) {
    still = heard === stream.counts().frames ? still + 1 : 0;
    heard = stream.counts().frames;
  }
}

/** Waits for what has to come; forty seconds at most. */
export async function until(done: () => boolean): Promise<void> {
  for (const from = performance.now(); !done(); await blink()) {
    if (performance.now() - from > 40_000) throw new Error(`expected ${done} within 40 s`);
  }
}

/** A millisecond for any pause. */
export function blink(_ms?: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else setTimeout(resolve, 1);
  });
}

/** Opening times of the closed candles of a symbol, as they were told. */
export function toldBars(events: readonly StreamEvent[], symbol = "BTCUSDT"): number[][] {
  return events.flatMap((event) => {
    if (event.kind !== "bar" || event.symbol !== symbol) return [];
    const { time, open, high, low, close, volume } = event.bar;
    return [[time, open, high, low, close, volume]];
  });
}

/** Rows of the bars that open from `since` and close by `until`, as `toldBars` has them. */
export function trueBars(bars: Bars, since: number, end: number): number[][] {
  return Array.from(bars.openTime, (time, t) => [
    ...[time, bars.open[t]!, bars.high[t]!, bars.low[t]!, bars.close[t]!, bars.volume[t]!],
  ]).filter(([time]) => time! >= since && time! + bars.stepMs <= end);
}

/** Every closed candle once, in order, bit for bit. */
export function expectExact(events: readonly StreamEvent[], bars: Bars, since: number, end: number): void {
  expect(toldBars(events, bars.symbol)).toEqual(trueBars(bars, since, end));
}

export function statuses(events: readonly StreamEvent[]): string[] {
  return events.flatMap((event) => (event.kind === "status" ? [event.what] : []));
}

/** Connections that were opened and not closed. */
export function openSockets(loopback: Loopback): number {
  const count = (kind: string) => loopback.sockets().filter(({ event }) => event === kind).length;
  return count("open") - count("close");
}
