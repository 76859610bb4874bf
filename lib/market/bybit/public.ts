/** Funding rates, the order book and the latest trades of Bybit. */
import { z } from "zod";
import { checkCount } from "../../core/index.js";
import type { Category } from "../grid.js";
import { checkNotAhead } from "./agreement.js";
import { confirmed } from "./confirmed.js";
import type { Bybit } from "./connect.js";
import { answerOf, decimal, millis } from "./envelope.js";
import { BybitError } from "./error.js";
import { instrumentOf } from "./symbol.js";

/** Funding of a perpetual. Arrays are [N], ascending. */
export interface FundingRates {
  readonly symbol: string;
  /** UTC milliseconds at which it fell due. */
  readonly time: Float64Array;
  /** Share of the position's value that longs paid to shorts. */
  readonly rate: Float64Array;
}

/** A query for funding rates due from `since` to before `until`, UTC milliseconds. */
export interface FundingQuery {
  readonly symbol: string;
  readonly since: number;
  readonly until: number;
  readonly category?: Category;
}

const FUNDING = z.object({
  list: z.array(z.object({ symbol: z.string(), fundingRate: decimal, fundingRateTimestamp: millis })),
});
const FUNDING_PAGE = 200;

/** The shortest time between two payments of funding at Bybit, milliseconds: rates that came more often would be paid as often. */
const LEAST_FUNDING_MS = 3_600_000;

/**
 * All funding rates of the query. A page that is not full is believed when two answers agree.
 * @throws RangeError when the symbol is no perpetual or the times make no sense.
 * @throws BybitError when a page cannot be had, or two rates fall due less than an hour apart.
 */
export async function fetchFundingRates(
  bybit: Bybit,
  query: FundingQuery,
  hooks: { readonly signal?: AbortSignal } = {},
): Promise<FundingRates> {
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  const { since, until } = query;
  if (category === "spot") throw new RangeError(`${symbol}: expected a perpetual, spot pays no funding`);
  if (!([since, until].every(Number.isSafeInteger) && since < until))
    throw new RangeError(
      `${symbol}: expected since before until in whole milliseconds, got ${since} and ${until}`,
    );
  const rates = new Map<number, number>();
  for (let end = until - 1; end >= since; ) {
    const window = { since, until: end + 1 };
    const ask = async () => {
      const { value, attempts } = await bybit.ask({
        symbol,
        endpoint: (p) => bybit.client.publicGetV5MarketFundingHistory(p),
        parameters: { category, symbol, startTime: since, endTime: end, limit: FUNDING_PAGE },
        check: (body, now) => fundingPage(body, symbol, window, now),
        signal: hooks.signal,
      });
      return { rows: value, most: FUNDING_PAGE, attempts };
    };
    const { rows } = await confirmed(symbol, ask, (a, b) => a === b);
    for (const [time, rate] of rows) rates.set(time, rate);
    if (rows.size < FUNDING_PAGE) break;
    end = Math.min(...rows.keys()) - 1;
  }
  const time = Float64Array.from(rates.keys()).sort();
  checkFundingTimes(symbol, time);
  return { symbol, time, rate: time.map((t) => rates.get(t)!) };
}

function fundingPage(
  body: unknown,
  symbol: string,
  { since, until }: { since: number; until: number },
  now: number,
): Map<number, number> {
  const { result, answeredAt } = answerOf(body, {
    ...{ schema: FUNDING, symbol, what: "funding rates", most: FUNDING_PAGE },
  });
  const rates = new Map<number, number>();
  for (const { symbol: whose, fundingRate: rate, fundingRateTimestamp: time } of result.list) {
    if (whose !== symbol)
      throw new BybitError("payload", symbol, `expected its funding, got that of ${whose}`);
    const at = new Date(time).toISOString();
    if (time < since || time >= until)
      throw new BybitError("payload", symbol, `funding at ${at} was not asked for`);
    notAhead("funding", symbol, time, Math.min(answeredAt, now));
    if ((rates.get(time) ?? rate) !== rate)
      throw new BybitError("payload", symbol, `two different rates at ${at}`);
    rates.set(time, rate);
  }
  checkFundingTimes(
    symbol,
    [...rates.keys()].sort((a, b) => a - b),
  );
  return rates;
}

/**
 * Checks that funding falls due at most once an hour.
 * @param times  [N] at which it fell due, UTC milliseconds, ascending
 * @throws BybitError of kind "payload" when two are less than an hour apart.
 */
export function checkFundingTimes(symbol: string, times: ArrayLike<number>): void {
  for (let i = 1; i < times.length; i++) {
    const apart = times[i]! - times[i - 1]!;
    if (apart >= LEAST_FUNDING_MS) continue;
    throw new BybitError(
      "payload",
      symbol,
      `expected funding at most once an hour, got one at ${new Date(times[i]!).toISOString()}, ${(apart / 60_000).toFixed(1)} min after the one before`,
    );
  }
}

/** Prices and sizes, best first, each side [N]. Sizes are in base units; of an inverse market in contracts of one dollar. */
export interface OrderBook {
  readonly symbol: string;
  /** UTC milliseconds. */
  readonly time: number;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

const positive = decimal.refine((x) => x > 0, "expected a positive number");
const level = z.tuple([positive, positive]);
const BOOK = z.object({ s: z.string(), b: z.array(level), a: z.array(level), ts: millis });

/**
 * The resting orders, `depth` levels a side or as many as there are.
 * @throws RangeError when the depth is no count.
 * @throws BybitError also when the book is crossed or its levels are out of order.
 */
export async function fetchOrderBook(
  bybit: Bybit,
  query: { readonly symbol: string; readonly depth: number; readonly category?: Category },
): Promise<OrderBook> {
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  checkCount("depth", query.depth);
  const { value } = await bybit.ask({
    symbol,
    endpoint: (p) => bybit.client.publicGetV5MarketOrderbook(p),
    parameters: { category, symbol, limit: query.depth },
    check: (body, now) => orderBook(body, { symbol, most: query.depth }, now),
  });
  return value;
}

/** @throws BybitError of kind "payload" when the time of what the exchange told lies ahead of the clocks. */
function notAhead(what: string, symbol: string, time: number, now: number): void {
  try {
    checkNotAhead(what, time, now);
  } catch (error) {
    throw new BybitError("payload", symbol, (error as Error).message);
  }
}

/** Of which answer: the symbol, and the most rows of a list. */
interface Asked {
  readonly symbol: string;
  readonly most: number;
}

function orderBook(body: unknown, { symbol, most }: Asked, now: number): OrderBook {
  const { result, answeredAt } = answerOf(body, { schema: BOOK, symbol, what: "an order book", most });
  const { s, b, a, ts } = result;
  const falling = b.every(([price], i) => i === 0 || price < b[i - 1]![0]);
  const rising = a.every(([price], i) => i === 0 || price > a[i - 1]![0]);
  const crossed = b[0] && a[0] && b[0][0] >= a[0][0];
  if (s !== symbol || !falling || !rising || crossed)
    throw new BybitError("payload", symbol, "the order book is crossed, out of order or another's");
  notAhead("an order book", symbol, ts, Math.min(answeredAt, now));
  return { symbol, time: ts, bids: b, asks: a };
}

/** One trade, from the taker's side. The size is in base units; of an inverse market in contracts of one dollar. */
export type TakerTrade = { id: string; time: number; price: number; size: number; side: "buy" | "sell" };

const TRADE = z.object({
  ...{ execId: z.string().min(1), symbol: z.string(), price: positive, size: positive },
  ...{ side: z.enum(["Buy", "Sell"]), time: millis },
});
const TRADES = z.object({ category: z.string(), list: z.array(TRADE) });

/**
 * The latest trades, at most `limit`, oldest first, each once. It cannot tell whether the exchange left one out.
 * @throws RangeError when the limit is no count.
 * @throws BybitError when they cannot be had.
 */
export async function fetchTrades(
  bybit: Bybit,
  query: { readonly symbol: string; readonly limit: number; readonly category?: Category },
): Promise<TakerTrade[]> {
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  checkCount("limit", query.limit);
  const { value } = await bybit.ask({
    symbol,
    endpoint: (p) => bybit.client.publicGetV5MarketRecentTrade(p),
    parameters: { category, symbol, limit: query.limit },
    check: (body, now) => takerTrades(body, { symbol, most: query.limit }, now),
  });
  return value;
}

function takerTrades(body: unknown, { symbol, most }: Asked, now: number): TakerTrade[] {
  const { result, answeredAt } = answerOf(body, { schema: TRADES, symbol, what: "trades", most });
  const other = result.list.find((trade) => trade.symbol !== symbol);
  if (other) throw new BybitError("payload", symbol, `expected its trades, got those of ${other.symbol}`);
  for (const { time } of result.list) notAhead("a trade", symbol, time, Math.min(answeredAt, now));
  const byId = new Map(result.list.map((trade) => [trade.execId, trade]));
  return [...byId.values()]
    .reverse() // the newest come first, also those of one millisecond
    .map(({ execId, time, price, size, side }) => ({
      ...{ id: execId, time, price, size },
      side: side === "Buy" ? ("buy" as const) : ("sell" as const),
    }))
    .sort((a, b) => a.time - b.time);
}
