/** The order book, derived from the ticks, and how it changes. */

import type { Bars } from "../../core/index.js";
import { fold, type Key, uniforms } from "../../core/index.js";
import type { Category } from "../../market/index.js";
import { countBefore } from "../../market/index.js";
import type { Listing } from "../listing.js";
import { sizeText } from "./category.js";
import { decimal } from "./decimal.js";
import { TICKS, tickOf, tickTime } from "./ticks.js";

/** Price and size of a level, the size in units of the base asset. */
export type Level = readonly [price: number, size: number];

/** Resting orders, best first. */
export interface Book {
  bids: readonly Level[];
  asks: readonly Level[];
}

/** How a book is told over the wire: texts of price and size. */
export interface BookRows {
  b: [string, string][];
  a: [string, string][];
}

/** Position of the last tick at or before `time` in the finest bars, which is the book's sequence number; 0 before any. */
export function sequenceAt(bars: Bars, time: number): number {
  const begun = countBefore(bars.openTime, time + 1);
  if (begun === 0) return 0;
  let k = TICKS;
  while (tickTime(bars.openTime[begun - 1]!, bars.stepMs, k - 1) > time) k--;
  return (begun - 1) * TICKS + k;
}

/** When the book took its sequence number, UTC milliseconds. */
export function sequenceTime(bars: Bars, sequence: number): number {
  return tickTime(bars.openTime[barOf(sequence)]!, bars.stepMs, tickIn(sequence));
}

/**
 * The book of a listing after tick `sequence`, `depth` levels a side; empty before the first.
 *
 * The best quotes are those of `flow` at the close of a bar, the last close's spread around the trade inside
 * one; without either the trade's price lies between quotes one tick apart. Deeper levels are one tick apart, their sizes drawn from the key.
 */
export function bookAfter(listed: Listing, sequence: number, depth: number, k: Key): Book {
  if (sequence === 0) return { bids: [], asks: [] };
  const bars = listed.series[0]!;
  const best = quotesAfter(listed, sequence, fold(k, "best", sequence));
  const typical = bars.volume[0]! / 100 + 1e-3;
  const side = (quote: Level, away: -1 | 1): Level[] => {
    const levels = [quote];
    for (let price = away; levels.length < depth; price += away) {
      const level = levelBeyond(quote[0], price, listed.decimals);
      if (level <= 0) break;
      levels.push([level, rounded(2 * typical * uniforms(fold(k, "level", Math.round(level * 1e9)), 1)[0]!)]);
    }
    return levels;
  };
  return { bids: side(best.bid, -1), asks: side(best.ask, 1) };
}

/** The whole book as rows in the units of the category, `depth` levels a side. */
export function bookRows(book: Book, depth: number, category: Category): BookRows {
  const rows = (side: readonly Level[]): [string, string][] =>
    side.slice(0, depth).map(([price, size]) => [decimal(price), sizeText(price, size, category)]);
  return { b: rows(book.bids), a: rows(book.asks) };
}

/** What turns the rows `before` into `after`: changed and new levels, and size 0 where one is gone. */
export function bookDelta(before: BookRows, after: BookRows): BookRows {
  return { b: sideDelta(before.b, after.b), a: sideDelta(before.a, after.a) };
}

function sideDelta(
  before: readonly [string, string][],
  after: readonly [string, string][],
): [string, string][] {
  const old = new Map(before);
  const now = new Map(after);
  const gone = before.filter(([price]) => !now.has(price)).map(([price]): [string, string] => [price, "0"]);
  return [...gone, ...after.filter(([price, size]) => old.get(price) !== size)];
}

function quotesAfter(listed: Listing, sequence: number, k: Key): { bid: Level; ask: Level } {
  const bars = listed.series[0]!;
  const [t, tick] = [barOf(sequence), tickIn(sequence)];
  const { price, size } = tickOf(bars, t, tick);
  const [bidDraw, askDraw] = uniforms(k, 2);
  const sizes = [rounded((size + 1e-3) * bidDraw!), rounded((size + 1e-3) * askDraw!)] as const;
  if (!bars.flow || (t === 0 && tick < TICKS - 1)) {
    const bid = onTick(price, listed.decimals, Math.floor);
    return { bid: [bid, sizes[0]], ask: [levelBeyond(bid, 1, listed.decimals), sizes[1]] };
  }
  const { bid, ask, bidSize, askSize } = bars.flow;
  if (tick === TICKS - 1) return { bid: [bid[t]!, bidSize[t]!], ask: [ask[t]!, askSize[t]!] };
  const half = (ask[t - 1]! - bid[t - 1]!) / 2;
  return { bid: [price - half, sizes[0]], ask: [price + half, sizes[1]] };
}

/** The price `steps` ticks beyond `price`, on the grid of ticks. */
function levelBeyond(price: number, steps: number, decimals: number): number {
  const round = steps < 0 ? Math.ceil : Math.floor;
  const scale = 10 ** decimals;
  return (Math.round(onTick(price, decimals, round) * scale) + steps) / scale;
}

function onTick(price: number, decimals: number, round: (x: number) => number): number {
  const scale = 10 ** decimals;
  const ticks = price * scale;
  const nearest = Math.round(ticks); // a price on the grid stays there in spite of rounding
  return (Math.abs(ticks - nearest) < 1e-6 ? nearest : round(ticks)) / scale;
}

function rounded(size: number): number {
  return Number(Math.max(size, 1e-6).toPrecision(4));
}

function barOf(sequence: number): number {
  return Math.floor((sequence - 1) / TICKS);
}

function tickIn(sequence: number): number {
  return (sequence - 1) % TICKS;
}
