/** Candles of any span from Bybit, page by page, exact or not at all. */
import type { Bars } from "../../core/index.js";
import type { Gap } from "../bars.js";
import type { Endpoint } from "./client.js";
import { confirmed } from "./confirmed.js";
import type { Bybit } from "./connect.js";
import { linked } from "./linked.js";
import { type Candle, candlePage, type PageWanted, sameCandle } from "./page.js";
import {
  type BarQuery,
  barsOf,
  closedBars,
  gapsOf,
  PAGE,
  type Span,
  spanOf,
  type Window,
  windowsOf,
} from "./span.js";

export type { BarQuery } from "./span.js";

/** A part of the answer: all closed bars that open from `since` to before `until`. */
export interface FetchedPage {
  readonly bars: Bars;
  readonly since: number;
  readonly until: number;
  /** Pages so far and in all. */
  readonly done: number;
  readonly total: number;
}

/** Callbacks of a fetch, and the signal that stops it. */
export interface FetchHooks {
  /** Called for each page in order of time; the next pages wait for it. */
  readonly onPage?: (page: FetchedPage) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/** Candles that were fetched, with the holes that the exchange has. */
export interface Fetched {
  readonly bars: Bars;
  /**
   * Closed bars of the span that the exchange does not have, those before its first bar and after its last included.
   * There `after` is the time one step before the span, `before` the first opening time behind it.
   */
  readonly gaps: readonly Gap[];
  readonly pages: number;
  /** Requests beyond one a page: after faults, and to confirm pages with holes. */
  readonly retries: number;
}

const AT_ONCE = 4;

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
  const stop = linked(hooks.signal);
  const pages = await pagesOf(bybit, span, windows, stop.signal);
  const all: Candle[] = [];
  let [requests, answeredAt] = [0, Number.NEGATIVE_INFINITY];
  try {
    for (const [i, window] of windows.entries()) {
      const page = await pages[i]!;
      requests += Math.max(0, page.requests - 1);
      answeredAt = Math.max(answeredAt, page.answeredAt);
      all.push(...page.candles);
      const bars = barsOf(span, page.candles);
      await hooks.onPage?.({ bars, ...window, done: i + 1, total: windows.length });
    }
  } catch (error) {
    stop.abort(); // the pages behind it are not asked for
    throw error;
  } finally {
    stop.release();
  }
  const bars = barsOf(span, all);
  return { bars, gaps: gapsOf(span, bars, answeredAt), pages: windows.length, retries: requests };
}

/** The pages of the windows, some at once; those that begin after the exchange's clock are empty and not asked for. */
async function pagesOf(
  bybit: Bybit,
  span: Span,
  windows: readonly Window[],
  signal: AbortSignal,
): Promise<Promise<Page>[]> {
  const { default: pLimit } = await import("p-limit");
  const limit = pLimit(AT_ONCE);
  let clock = Number.POSITIVE_INFINITY; // until the first answer
  const pages = windows.map((window) =>
    limit(async (): Promise<Page> => {
      if (window.since >= clock) return { candles: [], requests: 0, answeredAt: clock };
      const page = await fetchPage(bybit, span, window, signal);
      clock = Number.isFinite(clock) ? Math.max(clock, page.answeredAt) : page.answeredAt;
      return page;
    }),
  );
  for (const page of pages) page.catch(() => undefined); // awaited in order
  return pages;
}

/** The outcome for one symbol of several: its bars or its error. */
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

interface Page {
  readonly candles: readonly Candle[];
  readonly requests: number;
  /** The exchange's clock at the last answer, UTC ms. */
  readonly answeredAt: number;
}

async function fetchPage(bybit: Bybit, span: Span, window: Window, signal: AbortSignal): Promise<Page> {
  const wanted: PageWanted = { ...span, ...window };
  let answeredAt = Number.NEGATIVE_INFINITY;
  const question = {
    symbol: span.symbol,
    endpoint: endpointOf(bybit, span.price),
    parameters: {
      ...{ category: span.category, symbol: span.symbol, interval: span.interval },
      ...{ start: window.since, end: window.until - 1, limit: PAGE },
    },
    check: (body: unknown, now: number) => candlePage(body, wanted, now),
    signal,
  };
  const { rows, requests } = await confirmed(
    span.symbol,
    async () => {
      const { value, attempts } = await bybit.ask(question);
      answeredAt = value.answeredAt;
      return { rows: value.candles, most: closedBars(window, span.stepMs, answeredAt), attempts };
    },
    sameCandle,
  );
  return { candles: [...rows.values()], requests, answeredAt };
}

function endpointOf({ client }: Bybit, price: Span["price"]): Endpoint {
  return {
    trade: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketKline(p),
    mark: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketMarkPriceKline(p),
    index: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketIndexPriceKline(p),
    premium: (p: Parameters<Endpoint>[0]) => client.publicGetV5MarketPremiumIndexPriceKline(p),
  }[price];
}
