/** Events of a live stream of public market data. */
import type { Candle } from "../bybit/page.js";
import type { OrderBook, TakerTrade } from "../bybit/public.js";
import type { FlowCandle } from "../flow/flowMeter.js";
import type { Category } from "../grid.js";

/**
 * One thing that was learned. `at` is the clock's reading when it came, UTC milliseconds.
 *
 * `bar`: a closed candle; each exactly once and in order of time for its symbol, whatever the wire did.
 * `revision`: the unfinished candle as it is now. `trade`: each once. `book`: the whole book after a change; never crossed.
 */
export type StreamEvent =
  | {
      readonly kind: "bar";
      readonly symbol: string;
      readonly bar: FlowCandle;
      readonly origin: "stream" | "backfill";
      readonly at: number;
    }
  | { readonly kind: "revision"; readonly symbol: string; readonly bar: Candle; readonly at: number }
  | { readonly kind: "trade"; readonly symbol: string; readonly trade: TakerTrade; readonly at: number }
  | { readonly kind: "book"; readonly symbol: string; readonly book: OrderBook; readonly at: number }
  | {
      readonly kind: "status";
      readonly what: StreamStatus;
      readonly detail: string;
      /** Where it is of one symbol alone. */
      readonly symbol?: string;
      readonly at: number;
    };

/**
 * `connected`: to the sockets, also again. `dropped`, `refused`, `silent`: why not. `full`: the consumer has too much before it, the
 * connection is given up until it has taken half. `book lost`: one was thrown away, and is not known until the next. `backfilled`, `missing`, `backfill failed`: what became of a hole. `clocks disagree`:
 * something came from beyond this machine's clock, or the exchange's is behind it; `clocks agree`: not any more.
 */
export type StreamStatus =
  | "connected"
  | "dropped"
  | "refused"
  | "silent"
  | "bad frame"
  | "book lost"
  | "book resynchronised"
  | "backfilled"
  | "backfill failed"
  | "missing"
  | "clocks disagree"
  | "clocks agree"
  | "full";

/** Settings of a stream: symbols, interval and channels. */
export interface StreamQuery {
  readonly category?: Category;
  readonly symbols: readonly string[];
  /** Of the candles, as `parseInterval` reads it. */
  readonly interval: string;
  /** Opening time of the first candle wanted of each symbol, UTC ms: what is already over is fetched first. None: from now on. */
  readonly since?: Readonly<Record<string, number>>;
  /** True for single trades; default false. */
  readonly trades?: boolean;
  /** Rows of the order book on each side; default no book. */
  readonly bookDepth?: 1 | 50 | 200;
}

/** How often what happened so far. */
export type StreamCounts = {
  /** Frames with data, whatever became of them. */
  frames: number;
  /** Closed candles told; `backfilled` of them came by REST. */
  bars: number;
  backfilled: number;
  /** Holes that were filled by REST, wholly or in part. */
  gapsMended: number;
  /** Candles that the exchange itself does not have. */
  missing: number;
  revisions: number;
  trades: number;
  books: number;
  /** Candles and trades that had been told, or were older than what had been told. */
  duplicates: number;
  /** Books thrown away and asked for afresh. */
  resynchronised: number;
  /** Connections after the first. */
  reconnects: number;
  badFrames: number;
  /** Told and not yet taken by the consumer. */
  pending: number;
};

/** A live stream. Owns a connection, timers and what is not yet taken: `close`, or leave the loop over it. */
export interface MarketStream extends AsyncIterable<StreamEvent> {
  /** Ends sockets, timers and the loop over the stream; what is not yet taken can still be taken. A second call does nothing. */
  close(): Promise<void>;
  counts(): StreamCounts;
}
