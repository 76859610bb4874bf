/** The best quotes of each symbol, as the order books told them last. */
import type { OrderBook } from "../../market/bybit/index.js";

/** Arrays are [A]; NaN before the first book. */
export interface Quotes {
  /** The clock's reading when the book came, UTC milliseconds. */
  readonly bookAt: Float64Array;
  /** Of the middle, in basis points. */
  readonly spreadBps: Float64Array;
}

export function openQuotes(symbols: readonly string[]): Quotes {
  const empty = () => new Float64Array(symbols.length).fill(Number.NaN);
  return { bookAt: empty(), spreadBps: empty() };
}

/** Notes a book in place; one with an empty side has no spread. */
export function seeBook({ bookAt, spreadBps }: Quotes, asset: number, book: OrderBook, at: number): void {
  const [bid, ask] = [book.bids[0]?.[0] ?? Number.NaN, book.asks[0]?.[0] ?? Number.NaN];
  bookAt[asset] = at;
  spreadBps[asset] = (2e4 * (ask - bid)) / (ask + bid);
}
