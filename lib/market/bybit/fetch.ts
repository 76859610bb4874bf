/** Candles of any span from Bybit, page by page, exact or not at all. */
import type { Bars } from "../../core/types.js";
import { type Gap, gaps } from "../bars.js";
import type { Category } from "../grid.js";
import { closedUntil, stepOf } from "../store/series.js";
import type { Endpoint } from "./client.js";
import type { Bybit } from "./connect.js";
import { BybitError } from "./error.js";
import { type Candle, candlePage, type PageWanted } from "./page.js";
import { type Instrument, instrumentOf, parseInterval } from "./symbol.js";

export interface BarQuery {
  /** Bybit's name or ccxt's. */
  readonly symbol: string;
  /** "1" … "720" minutes, "D", "W", or "1m" … "1w". */
  readonly interval: string;
  /** Opening times from `since` to before `until`, UTC milliseconds. */
  readonly since: number;
  readonly until: number;
  /** By the symbol unless given. */
  readonly category?: Category;
  /** What is quoted: trades unless given. The others have no volume; the premium index may be negative. */
  readonly price?: "trade" | "mark" | "index" | "premium";
}

/** A part of the answer: all closed bars that open from `since` to before `until`. */
export interface FetchedPage {
  readonly bars: Bars;
  readonly since: number;
  readonly until: number;
  /** Pages so far and in all. */
  readonly done: number;
  readonly total: number;
}

export interface FetchHooks {
  /** Called for each page in order of time; the next pages wait for it. */
  readonly onPage?: (page: FetchedPage) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface Fetched {
  readonly bars: Bars;
  /** Bars that the exchange does not have, between the first and the last. */
  readonly gaps: readonly Gap[];
  readonly pages: number;
  /** Requests beyond one a page: after faults, and to confirm pages with holes. */
  readonly retries: number;
}

const PAGE = 1000;
const AT_ONCE = 4;
const CONFIRMATIONS = 6;

/**
 * All closed bars of the span, oldest first.
 *
 * Pages are asked by their start and end. A page with holes is asked again until two answers agree: a hole is the exchange's own or
 * none. Pages that failed are asked again with growing pauses. Nothing is filled, dropped or invented.
 * @throws RangeError when the query makes no sense.
 * @throws BybitError with the symbol, the span and the attempts, when a page cannot be had; pages before it went to `onPage`.
 */
export async function fetchBars(bybit: Bybit, query: BarQuery, hooks: FetchHooks = {}): Promise<Fetched> {
  const span = spanOf(query);
  const windows = windowsOf(span);
  const { default: pLimit } = await import("p-limit");
  const limit = pLimit(AT_ONCE);
  let failed = false;
  const pages = windows.map((window) =>
    limit(async () => {
      if (failed) return undefined;
      return fetchPage(bybit, span, window, hooks.signal);
    }),
  );
  for (const page of pages) page.catch(() => undefined); // awaited below, in order
  const all: Candle[] = [];
  let requests = 0;
  for (const [i, window] of windows.entries()) {
    try {
      const page = (await pages[i]!)!;
      requests += page.requests;
      all.push(...page.candles);
      await hooks.onPage?.({
        bars: barsOf(span, page.candles),
        ...window,
        done: i + 1,
        total: windows.length,
      });
    } catch (error) {
      failed = true;
      limit.clearQueue();
      throw error;
    }
  }
  const bars = barsOf(span, all);
  return { bars, gaps: gaps(bars), pages: windows.length, retries: requests - windows.length };
}

/** What became of one symbol of several. */
export type FetchOutcome = { readonly query: BarQuery; readonly fetched?: Fetched; readonly error?: Error };

/** Several spans at once under the connection's one rate limit; the failure of one leaves the others whole. */
export async function fetchMany(
  bybit: Bybit,
  queries: readonly BarQuery[],
  hooks: (query: BarQuery) => FetchHooks = () => ({}),
): Promise<FetchOutcome[]> {
  const settled = await Promise.allSettled(queries.map((query) => fetchBars(bybit, query, hooks(query))));
  return settled.map((outcome, i) =>
    outcome.status === "fulfilled"
      ? { query: queries[i]!, fetched: outcome.value }
      : { query: queries[i]!, error: outcome.reason as Error },
  );
}

interface Span extends Instrument {
  readonly interval: string;
  readonly stepMs: number;
  readonly since: number;
  readonly until: number;
  readonly price: NonNullable<BarQuery["price"]>;
}

interface Window {
  readonly since: number;
  readonly until: number;
}

function spanOf(query: BarQuery): Span {
  const interval = parseInterval(query.interval);
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  const { since, until, price = "trade" } = query;
  if (!(Number.isFinite(since) && Number.isFinite(until) && since < until))
    throw new RangeError(`${symbol}: expected since before until, got ${since} and ${until}`);
  const stepMs = stepOf(interval);
  return { symbol, category, interval, stepMs, price, since: alignedUp(interval, since, stepMs), until };
}

/** The first opening time at or after `time`. */
function alignedUp(interval: string, time: number, stepMs: number): number {
  const opening = closedUntil(interval, time); // the opening of the bar that holds `time`
  return opening >= time ? opening : opening + stepMs;
}

function windowsOf({ since, until, stepMs }: Span): Window[] {
  const windows: Window[] = [];
  for (let from = since; from < until; from += PAGE * stepMs) {
    windows.push({ since: from, until: Math.min(until, from + PAGE * stepMs) });
  }
  return windows;
}

async function fetchPage(bybit: Bybit, span: Span, window: Window, signal: AbortSignal | undefined) {
  const wanted: PageWanted = { ...span, ...window, fields: span.price === "trade" ? 7 : 5 };
  const known = new Map<number, Candle>();
  let before = -1;
  let requests = 0;
  for (let again = 0; ; again++) {
    const { value, attempts } = await bybit.ask({
      symbol: span.symbol,
      endpoint: endpointOf(bybit, span.price),
      parameters: {
        ...{ category: span.category, symbol: span.symbol, interval: span.interval },
        ...{ start: window.since, end: window.until - 1, limit: PAGE },
      },
      check: (body) => candlePage(body, wanted),
      signal,
    });
    requests += attempts;
    for (const candle of value.candles) known.set(candle.time, candle);
    const possible = possibleBars(window, span.stepMs, value.answeredAt);
    const settled = known.size === before && value.candles.length === before;
    if (known.size >= possible || settled) return { candles: sorted(known), requests };
    if (again === CONFIRMATIONS)
      throw new BybitError("payload", span.symbol, `${again + 1} answers to one question differ`);
    before = known.size;
  }
}

/** Bars of a window that had closed when the exchange answered. */
function possibleBars({ since, until }: Window, stepMs: number, answeredAt: number): number {
  const opened = Math.ceil((until - since) / stepMs);
  const closed = Number.isNaN(answeredAt) ? opened : Math.floor((answeredAt - since) / stepMs);
  return Math.max(0, Math.min(opened, closed));
}

function endpointOf({ client }: Bybit, price: Span["price"]): Endpoint {
  return {
    trade: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketKline(p),
    mark: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketMarkPriceKline(p),
    index: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketIndexPriceKline(p),
    premium: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketPremiumIndexPriceKline(p),
  }[price];
}

function sorted(candles: ReadonlyMap<number, Candle>): Candle[] {
  return [...candles.values()].sort((a, b) => a.time - b.time);
}

function barsOf({ symbol, stepMs }: Span, candles: readonly Candle[]): Bars {
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
