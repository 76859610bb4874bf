/** The series of a snapshot, where its files lie, and the months of UTC that divide it. */
import { join } from "node:path";
import { instrumentOf, parseInterval, type SnapshotInterval } from "../bybit/symbol.js";
import { type Category, INTERVALS, openingAfter, openingOf } from "../grid.js";
import type { Range } from "./ranges.js";

/** One sequence of candles. */
export type Series = { category: Category; symbol: string; interval: SnapshotInterval };

const CATEGORIES: readonly string[] = ["spot", "linear", "inverse"];
const SYMBOL = /^[A-Z0-9]+(-[A-Z0-9]+)*$/;
const LONGEST_SYMBOL = 64;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/**
 * The series asked for, named as `instrumentOf` and `parseInterval` read names: BTCUSDT or BTC/USDT:USDT, 60 or 1h.
 * @throws RangeError when symbol, interval or category is none that a snapshot can hold.
 */
export function seriesOf(query: { symbol: string; interval: string; category?: string | undefined }): Series {
  const { category } = query;
  if (category !== undefined && !CATEGORIES.includes(category)) {
    throw new RangeError(
      `${query.symbol}: expected the category ${CATEGORIES.join(", ")}, got "${category}"`,
    );
  }
  const instrument = instrumentOf(query.symbol, category as Category | undefined);
  if (!isSymbol(instrument.symbol))
    throw new RangeError(`symbol: expected Bybit's own name such as BTCUSDT, got "${query.symbol}"`);
  return { ...instrument, interval: parseInterval(query.interval) };
}

/**
 * Length of a bar in milliseconds.
 * @throws RangeError when the interval is unknown or, as a month, has no one length.
 */
export function stepOf(interval: string): number {
  const known = INTERVALS.filter((name) => name !== "M");
  if (known.includes(interval)) return openingAfter(interval, 0) - openingOf(interval, 0);
  throw new RangeError(`interval: expected one of ${known.join(" ")}, got "${interval}"`);
}

/** A series in words, such as "BTCUSDT 60 (linear)". */
export function nameOf({ symbol, interval, category }: Series): string {
  return `${symbol} ${interval} (${category})`;
}

/** Whether two are the same series. */
export function sameSeries(a: Series, b: Series): boolean {
  return a.symbol === b.symbol && a.interval === b.interval && a.category === b.category;
}

/**
 * Where the files of a series lie, from the folder of the store, and never outside.
 * @throws RangeError when the names are none of a series, wherever they came from.
 */
export function folderOf(series: Series): string {
  const { category, symbol, interval } = seriesOf(series);
  return join("bybit", category, symbol, interval);
}

/**
 * The file of a month, from the folder of the store, and never outside.
 * @throws RangeError when the names are none of a series and a month, wherever they came from.
 */
export function fileOf(series: Series, month: string): string {
  if (!isMonth(month))
    throw new RangeError(`${nameOf(series)}: expected a month such as 2024-03, got "${month}"`);
  return join(folderOf(series), `${month}.parquet`);
}

/** The month that holds a time, such as "2024-03"; months are those of UTC. */
export function monthOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}

/** Whether a text is a symbol by Bybit's own name. */
export function isSymbol(text: string): boolean {
  return text.length <= LONGEST_SYMBOL && SYMBOL.test(text);
}

/** Whether a text names a month as `monthOf` does. */
export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

/** All times of a month. */
export function rangeOfMonth(month: string): Range {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return { since: Date.UTC(year, number - 1, 1), until: Date.UTC(year, number, 1) };
}

/** Whether a bar of the interval opens within the range. */
export function holdsBar(interval: string, { since, until }: Range): boolean {
  const opening = openingOf(interval, since);
  return (opening === since ? since : openingAfter(interval, since)) < until;
}

/** Bars that opened before this time are closed at `now`. */
export function closedUntil(interval: string, now: number): number {
  return openingOf(interval, now);
}

/** A time as ISO UTC, or what came in its place. */
export function iso(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
