/** Bars played over a loopback exchange, and what a live stream heard of them. */
import { type Bars, fold, type Key } from "../../core/index.js";
import { barsOfCandles, type FlowCandle, flowStream } from "../../market/flow/index.js";
import type { bybit } from "../../market/index.js";
import { intervalOf } from "../../market/index.js";
import { type MarketStream, openStream } from "../../market/stream/index.js";
import { startLoopback } from "../loopback.js";
import type { Loopback } from "../types.js";

/** Bars of one symbol as they were heard, with the trades and books they came from. */
export interface HeardBars {
  /** The closed candles, each with the flow that the live stream made of trades and books as they came. */
  readonly bars: Bars;
  readonly trades: readonly bybit.TakerTrade[];
  readonly books: readonly bybit.OrderBook[];
}

/** Settings of bars that are heard over a loopback exchange. */
export interface HearOptions {
  /** Of what the exchange makes up. */
  readonly key: Key;
  /** Bars, counted from 0, in the middle of which the connection is cut; none unless given. */
  readonly drops?: readonly number[];
}

/** How long a candle waits for trades that were lost, milliseconds of the wall's clock. */
const WAIT_MS = 30;

/**
 * Plays the bars, which have flow, over an exchange of this machine in accelerated time, and returns what a live stream heard, [A].
 * @param bars  of the same times, without a hole
 * @throws RangeError when the bars are of no interval of Bybit.
 */
export async function hearBars(
  bars: readonly Bars[],
  { key, drops = [] }: HearOptions,
): Promise<HeardBars[]> {
  const [{ stepMs, openTime }] = bars as [Bars];
  const interval = intervalOf(stepMs);
  if (interval === undefined) throw new RangeError(`expected bars of an interval of Bybit, got ${stepMs} ms`);
  const begin = openTime[0]! - 1; // the first trade of a bar comes at its opening
  const loopback = await startLoopback({ bars, key: fold(key, "exchange"), now: () => begin });
  try {
    const symbols = bars.map(({ symbol }) => symbol);
    const plain = await openStream({
      query: { symbols, interval, trades: true, bookDepth: 50, since: sinceOf(symbols, openTime[0]!) },
      ...{ restUrl: loopback.restUrl, wsUrl: loopback.wsUrl, rateLimitMs: 0.01, key: fold(key, "stream") },
      ...{ now: loopback.now, lateMs: 1, staleMs: 4 * stepMs, sleep: moment },
    });
    const stream = flowStream(plain, { symbols, stepMs, waitMs: WAIT_MS });
    const notes = notesOf(symbols);
    const listening = listen(stream, notes);
    try {
      await Promise.race([listening, play(loopback, { bars, notes, drops })]);
    } finally {
      await stream.close();
    }
    await listening;
    return bars.map(({ symbol }) => {
      const { candles, trades, books } = notes.get(symbol)!;
      return { bars: barsOfCandles(symbol, stepMs, candles), trades, books };
    });
  } finally {
    await loopback.close();
  }
}

interface Notes {
  readonly candles: FlowCandle[];
  readonly trades: bybit.TakerTrade[];
  readonly books: bybit.OrderBook[];
}

function notesOf(symbols: readonly string[]): ReadonlyMap<string, Notes> {
  return new Map(symbols.map((symbol) => [symbol, { candles: [], trades: [], books: [] }]));
}

function sinceOf(symbols: readonly string[], time: number): Record<string, number> {
  return Object.fromEntries(symbols.map((symbol) => [symbol, time]));
}

async function listen(stream: MarketStream, notes: ReadonlyMap<string, Notes>): Promise<void> {
  for await (const event of stream) {
    if (event.kind === "bar") notes.get(event.symbol)!.candles.push(event.bar);
    if (event.kind === "trade") notes.get(event.symbol)!.trades.push(event.trade);
    if (event.kind === "book") notes.get(event.symbol)!.books.push(event.book);
  }
}

interface Played {
  readonly bars: readonly Bars[];
  readonly notes: ReadonlyMap<string, Notes>;
  readonly drops: readonly number[];
}

/** Time goes on bar by bar, as soon as all symbols' candles of the bar were heard. */
async function play(loopback: Loopback, { bars, notes, drops }: Played): Promise<void> {
  const [{ openTime, stepMs }] = bars as [Bars];
  const subscribed = () =>
    Promise.all(bars.map(({ symbol }) => loopback.subscribed(`orderbook.50.${symbol}`)));
  await subscribed();
  for (let t = 0; t < openTime.length; t++) {
    if (drops.includes(t)) {
      await loopback.advance(openTime[t]! + stepMs / 2);
      await moment();
      loopback.drop();
      await moment();
      await subscribed();
    }
    await loopback.advance(openTime[t]! + stepMs);
    while ([...notes.values()].some(({ candles }) => candles.length <= t)) await moment();
  }
}

/** A moment of the wall's clock. */
function moment(_ms?: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else setTimeout(resolve, 1);
  });
}
