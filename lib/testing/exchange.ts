/** The knowledge of the exchange: listings, clock, and what was brought along. Pure look-ups; nothing here knows of HTTP. */
import { fold, type Key } from "../core/index.js";
import type { Category } from "../market/index.js";
import { type Grid, gridOf, type Listing, listings } from "./listing.js";
import { type Book, bookAfter, sequenceAt } from "./messages/book.js";
import { type Trade, ticksBetween } from "./messages/ticks.js";
import type { Fundings, LoopbackOptions } from "./types.js";

/** The state that both doors read. */
export interface Exchange {
  listings: readonly Listing[];
  /** The end of the last bar, UTC milliseconds. */
  end: number;
  find(category: string, symbol: string): Listing | undefined;
  grid(listed: Listing, interval: string): Grid | undefined;
  /** After `from` up to `to`, ascending. */
  trades(listed: Listing, from: number, to: number): readonly Trade[];
  book(listed: Listing, time: number, depth: number): Book;
  /** Up to `to`, ascending. */
  fundings(listed: Listing, from: number, to: number): readonly { time: number; rate: number }[];
}

const EIGHT_HOURS = 8 * 3_600_000;

/**
 * The exchange of the options.
 * @throws RangeError when there are no bars, or they are unsound.
 */
export function exchangeOf(options: LoopbackOptions): Exchange {
  if (options.bars.length === 0) throw new RangeError("expected bars of at least one symbol, got none");
  const listed = listings(options.bars);
  const grids = new Map<string, Grid | undefined>();
  return {
    listings: listed,
    end: Math.max(
      ...listed.flatMap(({ series }) => series.map((bars) => bars.openTime.at(-1)! + bars.stepMs)),
    ),
    find: (category, symbol) => listed.find((one) => one.category === category && one.symbol === symbol),
    grid: (one, interval) => {
      const name = `${one.category} ${one.symbol} ${interval}`;
      if (!grids.has(name)) grids.set(name, gridOf(one, interval));
      return grids.get(name);
    },
    trades: (one, from, to) =>
      options.trades?.[one.symbol]?.filter(({ time }) => time > from && time <= to) ??
      ticksBetween(one.series[0]!, from, to),
    book: (one, time, depth) =>
      options.book?.(one.symbol, time) ??
      bookAfter(one, sequenceAt(one.series[0]!, time), depth, bookKey(options.key, one)),
    fundings: (one, from, to) => fundingsOf(one.category, options.fundings?.[one.symbol], from, to),
  };
}

function bookKey(k: Key, listed: Listing): Key {
  return fold(k, "book", listed.category, listed.symbol);
}

function fundingsOf(
  category: Category,
  given: Fundings | undefined,
  from: number,
  to: number,
): { time: number; rate: number }[] {
  if (category === "spot") return [];
  if (!given) {
    const first = Math.ceil(from / EIGHT_HOURS);
    const count = Math.max(0, Math.floor(to / EIGHT_HOURS) - first + 1);
    return Array.from({ length: count }, (_, i) => ({ time: (first + i) * EIGHT_HOURS, rate: 0.0001 }));
  }
  const all = Array.from(given.time, (time, i) => ({ time, rate: given.rate[i]! }));
  return all.filter(({ time }) => time >= from && time <= to);
}
