/** What a live stream of public market data tells, event by event. */
import type { Candle } from "../bybit/page.js";
import type { OrderBook, TakerTrade } from "../bybit/public.js";
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
      readonly bar: Candle;
      readonly origin: "stream" | "backfill";
      readonly at: number;
    }
  | { readonly kind: "revision"; readonly symbol: string; readonly bar: Candle; readonly at: number }
  | { readonly kind: "trade"; readonly symbol: string; readonly trade: TakerTrade; readonly at: number }
  | { readonly kind: "book"; readonly symbol: string; readonly book: OrderBook; readonly at: number }
  | { readonly kind: "status"; readonly what: StreamStatus; readonly detail: string; readonly at: number };

export type StreamStatus =
  | "connected"
  | "dropped"
  | "refused"
  | "silent"
  | "bad frame"
  | "book resynchronised"
  | "backfilled"
  | "missing";

export interface StreamQuery {
  readonly category?: Category;
  readonly symbols: readonly string[];
  /** Of the candles, as `parseInterval` reads it. */
  readonly interval: string;
  /** Opening time of the first candle wanted of each symbol, UTC ms: what is already over is fetched first. None: from now on. */
  readonly since?: Readonly<Record<string, number>>;
  /** Whether single trades are wanted; not unless given. */
  readonly trades?: boolean;
  /** Rows of the order book on each side; no book unless given. */
  readonly bookDepth?: 1 | 50 | 200;
}
