/** Subjects of a stream: markets, and from when on. */

import type { Span } from "../bybit/span.js";
import { instrumentOf, parseInterval } from "../bybit/symbol.js";
import { closedUntil, stepOf } from "../store/series.js";
import type { StreamQuery } from "./types.js";

const LAST_TIME = 8.64e15; // of the calendar

/** One market of a stream and the grid of its candles; `since` is the opening time of the first candle wanted, UTC ms. */
export type Subject = Pick<Span, "symbol" | "category" | "interval" | "stepMs" | "since">;

/**
 * The markets of a query; the first candle of each is the one of `since`, or the one that is open at `now`.
 * @throws RangeError when symbols, interval or times make no sense, or the markets are of several categories.
 */
export function subjectsOf(query: StreamQuery, now: number): Subject[] {
  const interval = parseInterval(query.interval);
  const stepMs = stepOf(interval);
  if (query.bookDepth !== undefined && ![1, 50, 200].includes(query.bookDepth))
    throw new RangeError(`bookDepth: expected 1, 50 or 200, got ${query.bookDepth}`);
  if (query.symbols.length === 0) throw new RangeError("symbols: expected at least one, got none");
  const subjects = query.symbols.map((name) => {
    const instrument = instrumentOf(name, query.category);
    const since = query.since?.[name] ?? query.since?.[instrument.symbol] ?? closedUntil(interval, now);
    if (!Number.isSafeInteger(since) || Math.abs(since) > LAST_TIME)
      throw new RangeError(`${name}: expected since in whole milliseconds, got ${since}`);
    return { ...instrument, interval, stepMs, since: closedUntil(interval, since - 1) + stepMs };
  });
  const [first] = subjects;
  const other = subjects.find(({ category }) => category !== first!.category);
  if (other)
    throw new RangeError(`symbols: expected one category, got ${first!.category} and ${other.category}`);
  const twice = subjects.find(({ symbol }, i) => subjects.findIndex((one) => one.symbol === symbol) < i);
  if (twice) throw new RangeError(`symbols: expected each once, got ${twice.symbol} twice`);
  const named = new Set([...query.symbols, ...subjects.map(({ symbol }) => symbol)]);
  const unknown = Object.keys(query.since ?? {}).find((name) => !named.has(name));
  if (unknown) throw new RangeError(`since: expected one of the symbols, got ${unknown}`);
  return subjects;
}
