/** Options of the loopback exchange, and what its owner can see and do. */
import type { Key } from "../core/index.js";
import type { FaultKind } from "./faults/faults.js";
import type { StreamFault } from "./faults/streamFaults.js";
import type { ReplayedBars } from "./listing.js";
import type { Book } from "./messages/book.js";
import type { Trade } from "./messages/ticks.js";

/** An answer that is served as it is whenever path and every item of the query agree. */
export interface Page {
  /** Default "/v5/market/kline". */
  path?: string;
  query: Readonly<Record<string, string>>;
  /** A V5 envelope, or the very text of the body. */
  body: object | string;
}

/** Funding rates of one symbol, ascending. Arrays are [N]. */
export interface Fundings {
  /** UTC milliseconds. */
  time: Float64Array;
  /** Fraction of the position's value that longs pay to shorts. */
  rate: Float64Array;
}

/** Options of the exchange on this machine. */
export interface LoopbackOptions {
  bars: readonly ReplayedBars[];
  /** Of the faults, and of the sizes in the book. */
  key: Key;
  /** Its clock in UTC milliseconds; default: fixed at the end of the last bar. */
  now?: () => number;
  /** The share of REST requests that go wrong, and how; default: none. */
  faults?: { readonly share: number; readonly kinds?: readonly FaultKind[] };
  pages?: readonly Page[];
  /** By symbol; default: 0.0001 every eight hours. */
  fundings?: Readonly<Record<string, Fundings>>;
  /** By symbol, ascending in time; default: seven trades a bar along open, low, high and close. */
  trades?: Readonly<Record<string, readonly Trade[]>>;
  /** Bids and asks of a symbol at a time, best first; default: around the last trade, or the quotes of `flow`. */
  book?: (symbol: string, time: number) => Book;
}

/** One REST request, in the order of arrival. */
export type RequestRecord = {
  path: string;
  query: Readonly<Record<string, string>>;
  /** The exchange's clock when it came, UTC milliseconds. */
  at: number;
  /** What was done to it on purpose. */
  fault: FaultKind | "none";
};

/** What a WebSocket client did, in the order of arrival. */
export type SocketRecord = {
  event: "open" | "close" | "message" | "refused";
  path: string;
  /** The text that came; empty but for messages. */
  text: string;
  at: number;
};

/** A running loopback exchange. Owns a port of 127.0.0.1 until it is closed. */
export interface Loopback {
  readonly restUrl: string;
  /** Without the path: add `/v5/public/linear`, `/spot` or `/inverse`. */
  readonly wsUrl: string;
  /** Its clock: the later of the clock it was given and the time it has played to, UTC milliseconds. */
  now(): number;
  requests(): readonly RequestRecord[];
  sockets(): readonly SocketRecord[];
  /** Messages with data written to connections so far, also those that a cut connection never read. */
  pushed(): number;
  /** The next `count` REST requests that the fault can befall get it, whatever the share. */
  fail(kind: FaultKind, count?: number): void;
  /** Pushes to the subscribers what happened after the time played so far up to `toTime`; done once it is written. */
  advance(toTime: number): Promise<void>;
  /** Resolves once a connection is subscribed to the topic, at once if one is. */
  subscribed(topic: string): Promise<void>;
  /** Cuts every WebSocket connection without a farewell; returns how many. */
  drop(): number;
  /** While silent nothing is pushed and no ping answered: what happens meanwhile is never sent. */
  silence(silent: boolean): void;
  /** Refuses the next `count` WebSocket connections with HTTP 403. */
  refuse(count: number): void;
  /** The next `count` messages that the disturbance can befall get it. */
  disturb(fault: StreamFault, count?: number): void;
  /** Ends everything at once: sockets destroyed, port free. A second call does nothing. */
  close(): Promise<void>;
}
