/** The real client of a stream against the loopback exchange, recorded bar by bar, with faults at the bars that are to have one. */
import { type Bars, fold, type Key } from "../core/index.js";
import { bybit, intervalOf, stream as streams } from "../market/index.js";
import { STREAM_FAULTS, type StreamFault } from "./disturb.js";
import { startLoopback } from "./loopback.js";
import type { Loopback } from "./types.js";

/**
 * A fault of a recorded stream: a disturbed message of two topics; `drop`: the connection is cut and the next two are
 * refused; `outage`: cut, and refused for four bars; `silence`: open and without a word for five bars; `http-500`: the next two
 * answers of REST are errors.
 */
export type WireFault = StreamFault | "drop" | "outage" | "silence" | "http-500";

/** The kinds of fault that a recording can have. */
export const WIRE_FAULTS: readonly WireFault[] = [...STREAM_FAULTS, "drop", "outage", "silence", "http-500"];

/** Settings of `recordStream`: the bars that are played and what goes wrong with them. */
export interface RecordingOptions {
  /** Replayed by the exchange, of the same times. */
  readonly bars: readonly Bars[];
  /** The first bar that is played, and how many are; more must follow, for what comes late. */
  readonly from: number;
  readonly count: number;
  /** Of the exchange, and of the client's pauses. */
  readonly key: Key;
  /** Pieces in which a bar is played, 3 by default: so many times within a bar the client reads all that was written. */
  readonly pieces?: number;
  /** What goes wrong as bar `from` + i begins; nothing where there is none. */
  readonly faults?: readonly (WireFault | undefined)[];
  /** Milliseconds between the pings of the client, of the machine's clock; 18,000 by default, as Bybit wants. */
  readonly pingMs?: number;
}

/** A recorded stream: its events and counts, and what the exchange received. */
export interface Recording {
  readonly events: readonly streams.StreamEvent[];
  readonly counts: ReturnType<streams.MarketStream["counts"]>;
  /** Pings that reached the exchange. */
  readonly heartbeats: number;
  /** The book of the first symbol at the end, as REST answers it. */
  readonly book: bybit.OrderBook;
}

/** Bars after the last one played that are given to what comes late. */
const MARGIN = 12;

/**
 * Plays bars to `market.stream.openStream` and records its events: candles, trades and books of all symbols.
 *
 * Time goes on only once the client has read what was written or, after a fault, once nothing more comes; what it does not have by then
 * comes before the recording ends. Which closed bars are recorded therefore depends on no clock of the machine.
 * @throws RangeError when fewer than twelve bars follow those that are played, or as `startLoopback`.
 */
export async function recordStream(options: RecordingOptions): Promise<Recording> {
  const { bars, from, count, key, faults = [] } = options;
  const { openTime } = bars[0]!;
  if (from + count + MARGIN > openTime.length)
    throw new RangeError(`count: expected at most ${openTime.length - from - MARGIN}, got ${count}`);
  const begin = openTime[from]!;
  const exchange = await startLoopback({ bars, key: fold(key, "exchange"), now: () => begin });
  try {
    const player = await openPlayer(exchange, options);
    for (let i = 0; i < count; i++) {
      const fault = faults[i];
      if (fault) await strike(player, fault);
      await player.bar(i);
    }
    for (let i = count; i < count + MARGIN && !isWhole(player, options); i++) await player.bar(i);
    await until(() => isWhole(player, options), "the bars that were played");
    const book = await restBook(exchange, bars[0]!.symbol);
    const { events, stream } = player;
    await player.close();
    const heartbeats = exchange.sockets().filter(({ text }) => text.includes('"ping"')).length;
    return { events, counts: stream.counts(), heartbeats, book };
  } finally {
    await exchange.close();
  }
}

/** Counts of the bars of a recording that came in their place and to the bit; the others came wrong, twice or out of order. */
export function compareRecording(
  { events }: Pick<Recording, "events">,
  { bars, from, count }: Pick<RecordingOptions, "bars" | "from" | "count">,
): { readonly exact: number; readonly wrong: number } {
  const next = bars.map(() => from);
  let [exact, wrong] = [0, 0];
  for (const event of events) {
    const a = event.kind === "bar" ? bars.findIndex(({ symbol }) => symbol === event.symbol) : -1;
    if (event.kind !== "bar" || a < 0) continue;
    const t = next[a]!++;
    if (t >= from + count) continue;
    const own = bars[a]!;
    const same =
      event.bar.time === own.openTime[t] && COLUMNS.every((name) => event.bar[name] === own[name][t]);
    if (same) exact++;
    else wrong++;
  }
  return { exact, wrong };
}

/** A message about a candle, as the client passed it on. */
export type CandleMessage = bybit.Candle & {
  /** When it came, on the exchange's clock, UTC milliseconds. */
  readonly at: number;
  /** Whether it is the last word: a closed bar. */
  readonly closed: boolean;
};

/** The revisions and the closed bars of one symbol, in order. */
export function candleMessages({ events }: Pick<Recording, "events">, symbol: string): CandleMessage[] {
  return events.flatMap((event) =>
    (event.kind === "revision" || event.kind === "bar") && event.symbol === symbol
      ? [{ ...event.bar, at: event.at, closed: event.kind === "bar" }]
      : [],
  );
}

const COLUMNS = ["open", "high", "low", "close", "volume"] as const;

interface Player {
  readonly exchange: Loopback;
  readonly stepMs: number;
  readonly stream: streams.MarketStream;
  readonly events: readonly streams.StreamEvent[];
  /** Whether anything went wrong so far: not all that was written may come then. */
  disturbed: boolean;
  /** Plays bar `from` + i, or what is left of it. */
  bar(i: number): Promise<void>;
  close(): Promise<void>;
}

async function openPlayer(exchange: Loopback, options: RecordingOptions): Promise<Player> {
  const { bars, from, key, pieces = 3, pingMs = 18_000 } = options;
  const { stepMs, openTime } = bars[0]!;
  const symbols = bars.map(({ symbol }) => symbol);
  const interval = intervalOf(stepMs);
  if (!interval) throw new RangeError(`stepMs: expected an interval of Bybit, got ${stepMs}`);
  const stream = await streams.openStream({
    ...{ restUrl: exchange.restUrl, wsUrl: exchange.wsUrl, now: exchange.now, key: fold(key, "client") },
    ...{ rateLimitMs: 0.01, retries: 20, sleep: blink, pingMs },
    ...{ lateMs: 2.5 * stepMs, staleMs: 3 * stepMs },
    query: { symbols, interval, bookDepth: 50, trades: true },
  });
  const events: streams.StreamEvent[] = [];
  const done = (async () => {
    for await (const event of stream) events.push(event);
  })();
  const topics = symbols.flatMap((symbol) => [
    ...[`kline.${interval}.${symbol}`, `publicTrade.${symbol}`, `orderbook.50.${symbol}`],
  ]);
  await Promise.all(topics.map((topic) => exchange.subscribed(topic)));
  const player: Player = {
    ...{ exchange, stepMs, stream, events, disturbed: false },
    async bar(i) {
      await allRead(player);
      for (let piece = 1; piece <= pieces; piece++) {
        const time = openTime[from]! + Math.round((i + piece / pieces) * stepMs);
        if (time > exchange.now()) await exchange.advance(time);
        await allRead(player);
      }
    },
    async close() {
      await stream.close();
      await done;
    },
  };
  return player;
}

async function strike(player: Player, fault: WireFault): Promise<void> {
  const { exchange, stream, stepMs } = player;
  player.disturbed = true;
  const { reconnects } = stream.counts();
  const back = () => until(() => stream.counts().reconnects > reconnects, `the line back after "${fault}"`);
  if (fault === "http-500") exchange.fail(fault, 2);
  else if (fault === "drop") {
    exchange.refuse(2);
    exchange.drop();
    await back();
  } else if (fault === "outage") {
    exchange.refuse(Number.MAX_SAFE_INTEGER);
    exchange.drop();
    await exchange.advance(exchange.now() + 4 * stepMs);
    exchange.refuse(0);
    await back();
  } else if (fault === "silence") {
    exchange.silence(true);
    for (let i = 0; i < 5; i++) await exchange.advance(exchange.now() + stepMs);
    await until(() => player.events.some(isSilence), "that the silence is noticed");
    exchange.silence(false);
    exchange.drop();
    await back();
  } else exchange.disturb(fault, 2);
}

function isSilence(event: streams.StreamEvent): boolean {
  return event.kind === "status" && event.what === "silent";
}

/** Resolves once the client has read all that was written; after a fault, once nothing has come for some turns. */
async function allRead({ exchange, stream, disturbed }: Player): Promise<void> {
  if (!disturbed) {
    const read = () => stream.counts().frames >= exchange.pushed() && stream.counts().pending === 0;
    return until(read, "that all messages are read");
  }
  for (let still = 0, frames = -1; still < 3; await blink()) {
    still = frames === stream.counts().frames ? still + 1 : 0;
    frames = stream.counts().frames;
  }
}

function isWhole({ events }: Player, { bars, from, count }: RecordingOptions): boolean {
  const last = bars[0]!.openTime[from + count - 1]!;
  return bars.every(({ symbol }) =>
    events.some((event) => event.kind === "bar" && event.symbol === symbol && event.bar.time >= last),
  );
}

async function restBook(exchange: Loopback, symbol: string): Promise<bybit.OrderBook> {
  const connection = await bybit.connectBybit({ restUrl: exchange.restUrl });
  try {
    return await bybit.fetchOrderBook(connection, { symbol, depth: 50 });
  } finally {
    await connection.close();
  }
}

/** Looks for as many turns as a slow machine may need; a limit on turns, not on time. */
const TURNS = 100_000;

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; !holds(); i++) {
    if (i > TURNS) throw new Error(`expected ${what}, got nothing`);
    await blink();
  }
}

function blink(_ms?: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) done();
    else setTimeout(done, 1);
  });
}
