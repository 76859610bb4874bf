/** The topics of a stream: what each makes of its frames, and where that goes. */
import type { Bybit } from "../bybit/connect.js";
import { fetchTrades } from "../bybit/public.js";
import type { Window } from "../bybit/span.js";
import { closedCandles } from "./backfill.js";
import { BookLine } from "./bookLine.js";
import { CandleLine } from "./candleLine.js";
import { bookFrame, candleFrames, tradesOf } from "./frames.js";
import type { Subject } from "./subjects.js";
import { TradeLine } from "./tradeLine.js";
import type { StreamCounts, StreamEvent, StreamQuery, StreamStatus } from "./types.js";

/** What a topic is to the connection. */
export interface Line {
  readonly topic: string;
  /** @throws RangeError when the frame is none of the topic. */
  heard(message: unknown): void;
  /** The subscription stands. */
  connected(): void;
  /** A frame could not be read: it may have been of this topic. */
  missed(): void;
  lost(): void;
  /** Looks whether something is overdue. */
  look(): void;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
}

/** What the lines are given to work with. */
export interface Desk {
  readonly bybit: Bybit;
  readonly signal: AbortSignal;
  readonly lateMs: number;
  readonly staleMs: number;
  readonly counts: StreamCounts;
  now(): number;
  /** Milliseconds that have passed; it never goes back. */
  elapsed(): number;
  tell(event: StreamEvent): void;
  /** @param symbol  where it is of one alone */
  status(what: StreamStatus, detail: string, symbol?: string): void;
  /** REST did not answer. */
  failed(what: string, error: Error): void;
  room(): Promise<void>;
  renew(topic: string): void;
}

/** The lines of a query, candles first. */
export function linesOf(subjects: readonly Subject[], query: StreamQuery, desk: Desk): Line[] {
  return [
    ...subjects.map((subject) => candles(subject, desk)),
    ...(query.trades ? subjects.map((subject) => trades(subject, desk)) : []),
    ...(query.bookDepth ? subjects.map((subject) => books(subject, query.bookDepth!, desk)) : []),
  ];
}

function candles(subject: Subject, desk: Desk): Line {
  const { symbol, interval, stepMs, since } = subject;
  const { counts, lateMs, signal } = desk;
  const words = ({ since: from, until }: Window) => {
    const count = (until - from) / stepMs;
    return `${symbol}: ${count} candle${count > 1 ? "s" : ""} from ${iso(from)} to before ${iso(until)}`;
  };
  const line = new CandleLine({
    ...{ stepMs, since, lateMs, now: () => desk.now(), elapsed: () => desk.elapsed() },
    fetch: (window, take) =>
      closedCandles(desk.bybit, subject, window, { take, room: () => desk.room(), signal }),
    sink: {
      bar(bar, origin) {
        counts.bars++;
        if (origin === "backfill") counts.backfilled++;
        desk.tell({ kind: "bar", symbol, bar, origin, at: desk.now() });
      },
      revision(bar) {
        counts.revisions++;
        desk.tell({ kind: "revision", symbol, bar, at: desk.now() });
      },
      missing(window) {
        counts.missing += (window.until - window.since) / stepMs;
        desk.status("missing", `${words(window)}: the exchange has none`);
      },
      mended(window, count) {
        counts.gapsMended++;
        desk.status("backfilled", `${words(window)}: ${count} by REST`);
      },
      failed: (window, error) => desk.failed(words(window), error),
      duplicate: () => void counts.duplicates++,
      bad: (detail) => badFrame(desk, `${symbol}: ${detail}`),
    },
  });
  return {
    topic: `kline.${interval}.${symbol}`,
    heard(message) {
      for (const frame of candleFrames(message, subject, desk.now())) line.heard(frame);
    },
    connected: () => line.catchUp(),
    missed: () => undefined, // the next closed candle shows it
    lost: () => undefined,
    look: () => line.catchUp(),
    settled: () => line.settled(),
  };
}

function trades({ symbol, category }: Subject, desk: Desk): Line {
  const { counts } = desk;
  const limit = category === "spot" ? 60 : 1000; // the most that Bybit answers
  const line = new TradeLine({
    fetch: () => fetchTrades(desk.bybit, { symbol, category, limit }),
    sink: {
      trade(trade) {
        counts.trades++;
        desk.tell({ kind: "trade", symbol, trade, at: desk.now() });
      },
      duplicate: () => void counts.duplicates++,
      mended(count, whole) {
        if (count > 0) desk.status("backfilled", `${symbol}: ${count} trades by REST`);
        if (!whole) desk.status("missing", `${symbol}: trades before the latest ${limit}`);
      },
      failed: (error) => desk.failed(`${symbol}: trades`, error),
    },
  });
  return {
    topic: `publicTrade.${symbol}`,
    heard: (message) => line.heard(tradesOf(message, symbol, desk.now())),
    connected: () => line.catchUp(),
    missed: () => line.catchUp(),
    lost: () => line.lost(),
    look: () => undefined,
    settled: () => line.settled(),
  };
}

function books({ symbol }: Subject, depth: number, desk: Desk): Line {
  const { counts } = desk;
  const topic = `orderbook.${depth}.${symbol}`;
  const line = new BookLine({
    ...{ symbol, lateMs: desk.staleMs, now: () => desk.elapsed(), renew: () => desk.renew(topic) },
    sink: {
      book(book) {
        counts.books++;
        desk.tell({ kind: "book", symbol, book, at: desk.now() });
      },
      thrownAway: (why) => desk.status("book lost", `${symbol}: ${why}`, symbol),
      resynchronised(why) {
        counts.resynchronised++;
        desk.status("book resynchronised", `${symbol}: ${why}`);
      },
    },
  });
  return {
    topic,
    heard: (message) => line.heard(bookFrame(message, symbol, desk.now())),
    connected: () => line.asked(),
    missed: () => undefined, // the number of the next change shows it
    lost: () => line.lost(),
    look: () => line.catchUp(),
    settled: async () => undefined,
  };
}

export function badFrame(desk: Pick<Desk, "counts" | "status">, detail: string): void {
  desk.counts.badFrames++;
  desk.status("bad frame", detail);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
