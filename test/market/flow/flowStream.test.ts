/** The flow of a live stream, against the same trades and books as arrays. */
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { emptyRow, featureStream, features, readRow } from "../../../lib/features/engine/featureStream.js";
import { standardFeatures } from "../../../lib/features/indicators/standardFeatures.js";
import { marketInput, marketInputStream } from "../../../lib/features/windows/inputs/marketInput.js";
import { sliceBars } from "../../../lib/market/bars.js";
import type { OrderBook, TakerTrade } from "../../../lib/market/bybit/public.js";
import { barsOfCandles, flowBars } from "../../../lib/market/flow/flowBars.js";
import type { BarFlow, FlowCandle } from "../../../lib/market/flow/flowMeter.js";
import { flowStream } from "../../../lib/market/flow/flowStream.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { openStream, type StreamOptions } from "../../../lib/market/stream/stream.js";
import type { MarketStream, StreamEvent } from "../../../lib/market/stream/types.js";
import { exchangeOf } from "../../../lib/testing/exchange.js";
import { startLoopback } from "../../../lib/testing/loopback.js";
import { sequenceAt, sequenceTime } from "../../../lib/testing/messages/book.js";
import { ticksBetween } from "../../../lib/testing/messages/ticks.js";
import type { Loopback } from "../../../lib/testing/types.js";
import { START } from "../loopbackFixtures.js";
import { blink, MINUTE, OPENED, quiet, statuses, until } from "../stream/streamFixtures.js";

const { bars: market } = simulate({
  ...{ symbols: ["BTCUSDT", "ETHUSDT"], bars: 130, key: key("flow"), stepMs: MINUTE, start: START },
});
const options = { bars: market, key: key(1) };
const listed = exchangeOf(options);
/** A millisecond before a candle opens: its first trade is still to come. */
const FROM = OPENED - 1;

let loopback: Loopback;
let stream: MarketStream | undefined;

afterEach(async () => {
  await stream?.close();
  await loopback.close();
});

interface Listening {
  readonly stream: MarketStream;
  readonly events: StreamEvent[];
  /** Until it is resolved nothing is taken. */
  readonly release: () => void;
}

/** A stream with flow over the exchange; one that is held back takes nothing before it is released. */
async function listen({
  isHeldBack = false,
  ...given
}: { isHeldBack?: boolean } & Partial<StreamOptions> = {}): Promise<Listening> {
  const symbols = market.map(({ symbol }) => symbol);
  const plain = await openStream({
    query: { symbols, interval: "1", trades: true, bookDepth: 50 },
    ...{ restUrl: loopback.restUrl, wsUrl: loopback.wsUrl, now: loopback.now, key: key(2) },
    ...{ rateLimitMs: 0.01, lateMs: 2.5 * MINUTE, staleMs: 3 * MINUTE, sleep: blink },
    ...given,
  });
  stream = flowStream(plain, { symbols, stepMs: MINUTE, waitMs: 20 });
  const events: StreamEvent[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  if (!isHeldBack) release();
  const from = stream;
  void (async () => {
    await released;
    for await (const event of from) events.push(event);
  })().catch(() => undefined);
  await Promise.all(symbols.map((symbol) => loopback.subscribed(`orderbook.50.${symbol}`)));
  return { stream, events, release };
}

/** Plays on to a time in steps of a third of a candle, after each of which `meanwhile` may do harm. */
async function play(to: number, { stream }: Listening, meanwhile = (_step: number): void => undefined) {
  for (let [time, step] = [loopback.now(), 0]; time < to; step++) {
    time = Math.min(to, time + MINUTE / 3);
    await loopback.advance(time);
    await quiet(stream);
    meanwhile(step);
  }
}

/** What the exchange itself has of a symbol after FROM and up to a time. */
function truth(symbol: string, to: number): { trades: TakerTrade[]; books: OrderBook[] } {
  const bars = market.find((own) => own.symbol === symbol)!;
  const trades = ticksBetween(bars, FROM, to).map(({ time, price, size, side, id }) => ({
    ...{ id: id!, time, price, size },
    side: side === "Buy" ? ("buy" as const) : ("sell" as const),
  }));
  const books: OrderBook[] = [];
  for (let u = sequenceAt(bars, FROM); u <= sequenceAt(bars, to); u++) {
    const time = sequenceTime(bars, u);
    const { bids, asks } = listed.book(listed.find("linear", symbol)!, time, 50);
    books.push({ symbol, time, bids, asks });
  }
  return { trades, books };
}

/** The candles of a symbol as they were told. */
function told(events: readonly StreamEvent[], symbol: string): FlowCandle[] {
  return events.flatMap((event) => (event.kind === "bar" && event.symbol === symbol ? [event.bar] : []));
}

const NAMES = [
  "buyVolume",
  "sellVolume",
  "bid",
  "ask",
  "bidSize",
  "askSize",
  "bidDepth",
  "askDepth",
] as const;

/** The told candles as bars, and those of the exchange with the flow of its own trades and books. */
function both(events: readonly StreamEvent[], symbol: string, to: number): [streamed: Bars, batch: Bars] {
  const streamed = barsOfCandles(symbol, MINUTE, told(events, symbol));
  const bars = market.find((own) => own.symbol === symbol)!;
  const first = bars.openTime.indexOf(streamed.openTime[0]!);
  return [streamed, flowBars(sliceBars(bars, first, first + streamed.openTime.length), truth(symbol, to))];
}

// VI-14, VI-59, VI-61, VI-62
test("streamed flow is that of the exchange's own trades and books, bar by bar and to the bit", async () => {
  loopback = await startLoopback({ ...options, now: () => FROM });
  const listening = await listen();
  const end = OPENED + 90 * MINUTE;
  await play(end, listening);
  for (const { symbol } of market) {
    await until(() => told(listening.events, symbol).length >= 91);
    const [streamed, batch] = both(listening.events, symbol, end);
    expect(streamed.flow).toEqual(batch.flow);
    const whole = sliceBars(streamed, 1); // the first was under way
    for (const name of NAMES) expect(whole.flow![name]!.every(Number.isFinite), name).toBe(true);
    // and what the simulation planted
    const planted = sliceBars(market.find((own) => own.symbol === symbol)!, 10, 100).flow!;
    for (const name of ["bid", "ask", "bidSize", "askSize"] as const)
      expect(whole.flow![name], name).toEqual(planted[name]);
    for (const name of ["buyVolume", "sellVolume"] as const)
      for (const [t, value] of whole.flow![name].entries())
        expect(value / planted[name][t]!).toBeCloseTo(1, 12);
    // so are the features made of it
    const specs = standardFeatures(MINUTE, { flow: true });
    const live = featureStream(specs, MINUTE);
    const input = marketInputStream(MINUTE, { flow: true });
    const row = emptyRow();
    const [panel, inputs] = [features(batch, specs), marketInput(batch)];
    streamed.openTime.forEach((_, t) => {
      readRow(streamed, t, row);
      const [f, i] = [panel.names.length, inputs.names.length];
      expect(live.push(row)).toEqual(panel.values.slice(t * f, (t + 1) * f));
      expect(input.push(row)).toEqual(inputs.values.slice(t * i, (t + 1) * i));
    });
    expect(inputs.values.slice(-inputs.names.length).every(Number.isFinite)).toBe(true);
  }
}, 300_000);

const harm = fc.oneof(
  fc.constantFrom(
    ...(["duplicate-trades", "bad-json", "stale-delta", "crossed-book"] as const),
    ...(["duplicate-candle", "late-candle", "lost-candle", "corrected-candle", "broken-candle"] as const),
    "drop" as const,
  ),
);

test("whatever the wire does, a value of the flow is the batch's or NaN, and it recovers", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 18 }), harm), { maxLength: 6 }),
      fc.boolean(),
      async (harms, isHeldBack) => {
        loopback = await startLoopback({ ...options, now: () => FROM });
        try {
          const listening = await listen({ isHeldBack });
          const end = OPENED + 8 * MINUTE;
          await play(end, listening, (step) => {
            for (const [, what] of harms.filter(([at]) => at === step))
              if (what === "drop") loopback.drop();
              else loopback.disturb(what);
          });
          listening.release();
          for (const { symbol } of market) {
            await until(() => told(listening.events, symbol).at(-1)?.time === end - MINUTE);
            const [streamed, batch] = both(listening.events, symbol, end);
            for (const name of NAMES)
              streamed.flow![name]!.forEach((value, t) => {
                if (!Number.isNaN(value)) expect(value, `${name} of bar ${t}`).toBe(batch.flow![name]![t]);
              });
            const last = told(listening.events, symbol).at(-1) as BarFlow;
            for (const name of NAMES) expect(last[name], `${name} at the end`).not.toBeNaN();
          }
        } finally {
          await stream?.close();
          await loopback.close();
        }
      },
    ),
    { numRuns: 8 },
  );
}, 300_000);

test("a connection that is away at a close leaves the quotes of that bar unknown, not those of before", async () => {
  loopback = await startLoopback({ ...options, now: () => FROM });
  const listening = await listen();
  await play(OPENED + 2 * MINUTE + MINUTE / 3, listening);
  loopback.refuse(1e6);
  loopback.drop();
  await until(() => statuses(listening.events).includes("refused"));
  await loopback.advance(OPENED + 3 * MINUTE + MINUTE / 3);
  loopback.refuse(0);
  await until(() => listening.stream.counts().reconnects === 1);
  await play(OPENED + 6 * MINUTE, listening);
  await until(() => told(listening.events, "BTCUSDT").at(-1)?.time === OPENED + 5 * MINUTE);
  const [streamed, batch] = both(listening.events, "BTCUSDT", OPENED + 6 * MINUTE);
  const quotes = Array.from(
    streamed.openTime,
    (time, t) => [(time - OPENED) / MINUTE, streamed.flow!.bid[t]!] as const,
  );
  for (const [minute, bid] of quotes) {
    if (minute === 2) expect(bid).toBeNaN();
    else if (minute >= 0)
      expect(bid, `minute ${minute}`).toBe(batch.flow!.bid[quotes.findIndex(([m]) => m === minute)]);
  }
  expect(quotes.map(([minute]) => minute)).toContain(2);
});

test("a consumer that takes everything at the end gets the same flow", async () => {
  loopback = await startLoopback({ ...options, now: () => FROM });
  const listening = await listen({ isHeldBack: true });
  const end = OPENED + 10 * MINUTE;
  await play(end, listening);
  listening.release();
  await until(() => told(listening.events, "ETHUSDT").length >= 11);
  for (const { symbol } of market) {
    const [streamed, batch] = both(listening.events, symbol, end);
    expect(streamed.flow).toEqual(batch.flow);
  }
});

const candle = (minute: number, volume: number): StreamEvent => ({
  ...{ kind: "bar", symbol: "BTCUSDT", origin: "stream", at: START + (minute + 1) * MINUTE },
  bar: { time: START + minute * MINUTE, open: 1, high: 1, low: 1, close: 1, volume },
});
const trade = (minute: number, size: number): StreamEvent => ({
  ...{ kind: "trade", symbol: "BTCUSDT", at: START + minute * MINUTE },
  trade: { id: `${minute}`, time: START + minute * MINUTE, price: 1, size, side: "buy" },
});

/** A stream of the events, which ends after them; `pauseMs` lie before each. */
function streamOf(events: readonly StreamEvent[], pauseMs: number): MarketStream {
  return {
    close: async () => undefined,
    counts: () => ({}) as ReturnType<MarketStream["counts"]>,
    async *[Symbol.asyncIterator]() {
      for (const event of events) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        yield event;
      }
    },
  };
}

async function all(events: readonly StreamEvent[], pauseMs: number, waitMs: number): Promise<StreamEvent[]> {
  loopback = await startLoopback(options);
  stream = undefined;
  const out: StreamEvent[] = [];
  const from = streamOf(events, pauseMs);
  for await (const event of flowStream(from, { symbols: ["BTCUSDT"], stepMs: MINUTE, waitMs }))
    out.push(event);
  return out;
}

test("a candle that is told before its last trades waits for them, and later ones with it", async () => {
  const out = await all(
    [trade(0.1, 1), candle(0, 3), trade(0.9, 2), trade(1.5, 4), candle(1, 4)],
    ...([1, 10_000] as const),
  );
  const bars = told(out, "BTCUSDT");
  expect(out.map(({ kind }) => kind)).toEqual(["trade", "trade", "bar", "trade", "bar"]);
  expect(bars.map(({ buyVolume, sellVolume }) => [buyVolume, sellVolume])).toEqual([
    [3, 0],
    [4, 0],
  ]);
});

test("trades that never come are waited for no longer than said, and the tape is then unknown", async () => {
  const out = await all([trade(0.1, 1), candle(0, 3), candle(1, 0), trade(2.5, 1)], 30, 10);
  expect(out.map(({ kind }) => kind)).toEqual(["trade", "bar", "bar", "trade"]);
  expect(told(out, "BTCUSDT").map(({ buyVolume }) => buyVolume)).toEqual([Number.NaN, 0]);
});
