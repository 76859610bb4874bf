/** Spans of candles that are asked for: queries, their pages, and what is missing from an answer. */
import type { Bars } from "../../core/index.js";
import { type Gap, gaps } from "../bars.js";
import type { Category } from "../grid.js";
import { closedUntil, stepOf } from "../store/series.js";
import type { Candle } from "./page.js";
import { type Instrument, instrumentOf, parseInterval } from "./symbol.js";

/** A query for candles of one symbol. */
export interface BarQuery {
  /** Bybit's name or ccxt's. */
  readonly symbol: string;
  /** "1" … "720" minutes, "D", "W", or "1m" … "1w". */
  readonly interval: string;
  /** Opening times from `since` to before `until`, UTC milliseconds. */
  readonly since: number;
  readonly until: number;
  /** The kind of market (default by the symbol). */
  readonly category?: Category;
  /** The price that is quoted (default trades). The others have no volume; the premium index may be negative. */
  readonly price?: "trade" | "mark" | "index" | "premium";
}

/** The most candles that Bybit answers at once. */
export const PAGE = 1000;
const LAST_TIME = 8.64e15; // of the calendar

/** A query understood: `since` is an opening time. */
export interface Span extends Instrument {
  readonly interval: string;
  readonly stepMs: number;
  readonly since: number;
  readonly until: number;
  readonly price: NonNullable<BarQuery["price"]>;
}

/** Opening times from `since` to before `until`, UTC milliseconds. */
export interface Window {
  readonly since: number;
  readonly until: number;
}

/**
 * The span that a query means.
 * @throws RangeError when symbol, interval or times make no sense.
 */
export function spanOf(query: BarQuery): Span {
  const interval = parseInterval(query.interval);
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  const { since, until, price = "trade" } = query;
  if (!([since, until].every((time) => Number.isSafeInteger(time) && time <= LAST_TIME) && since < until))
    throw new RangeError(
      `${symbol}: expected since before until in whole milliseconds, got ${since} and ${until}`,
    );
  const stepMs = stepOf(interval);
  return { symbol, category, interval, stepMs, price, since: alignedUp(interval, since, stepMs), until };
}

/** The first opening time at or after `time`. */
function alignedUp(interval: string, time: number, stepMs: number): number {
  const opening = closedUntil(interval, time); // the opening of the bar that holds `time`
  return opening >= time ? opening : opening + stepMs;
}

/** The pages of a span: as many opening times as Bybit answers at once. */
export function windowsOf({ since, until, stepMs }: Span): Window[] {
  const windows: Window[] = [];
  for (let from = since; from < until; from += PAGE * stepMs) {
    windows.push({ since: from, until: Math.min(until, from + PAGE * stepMs) });
  }
  return windows;
}

/** Bars of a window that had closed at a time. */
export function closedBars({ since, until }: Window, stepMs: number, time: number): number {
  const opened = Math.ceil((until - since) / stepMs);
  return Math.max(0, Math.min(opened, Math.floor((time - since) / stepMs)));
}

/** Bars of the span that had closed at a time and are not there, also before the first and after the last. */
export function gapsOf(span: Span, bars: Bars, answeredAt: number): Gap[] {
  const { since, stepMs } = span;
  const end = since + closedBars(span, stepMs, answeredAt) * stepMs;
  const ends = (after: number, before: number): Gap[] => {
    const missing = Math.round((before - after) / stepMs) - 1;
    return missing > 0 ? [{ after, before, missing }] : [];
  };
  const [first, last] = [bars.openTime[0], bars.openTime.at(-1)];
  if (first === undefined || last === undefined) return ends(since - stepMs, end);
  return [...ends(since - stepMs, first), ...gaps(bars), ...ends(last, end)];
}

/** Candles as columns. */
export function barsOf({ symbol, stepMs }: Span, candles: readonly Candle[]): Bars {
  const column = (of: (candle: Candle) => number) => Float64Array.from(candles, of);
  return {
    symbol,
    stepMs,
    openTime: column((c) => c.time),
    open: column((c) => c.open),
    high: column((c) => c.high),
    low: column((c) => c.low),
    close: column((c) => c.close),
    volume: column((c) => c.volume),
  };
}
