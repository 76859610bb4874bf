/** The REST answers of Bybit V5's public market endpoints. */

import { INTERVALS, openingOf } from "../market/index.js";
import type { Exchange } from "./exchange.js";
import { type Envelope, envelopeOf, refusal } from "./faults/injury.js";
import type { Listing } from "./listing.js";
import { bookRows, sequenceAt } from "./messages/book.js";
import { candlesIn, klineRow } from "./messages/candles.js";
import { sizeText } from "./messages/category.js";
import { decimal } from "./messages/decimal.js";
import { instrument } from "./messages/instrument.js";
import { tickerRow } from "./messages/ticker.js";
import type { Trade } from "./messages/ticks.js";

export type Query = Readonly<Record<string, string>>;

type Result = Record<string, unknown>;
type Route = (exchange: Exchange, query: Query, now: number) => Result | string;

const UNKNOWN_SYMBOL = "params error: symbol invalid";

const ROUTES: Readonly<Record<string, Route>> = {
  "/v5/market/time": (_exchange, _query, now) => ({
    timeSecond: String(Math.floor(now / 1000)),
    timeNano: `${now}000000`,
  }),
  "/v5/market/kline": (exchange, query, now) => klines(exchange, query, now, (row) => row),
  "/v5/market/mark-price-kline": (exchange, query, now) => klines(exchange, query, now, prices),
  "/v5/market/index-price-kline": (exchange, query, now) => klines(exchange, query, now, prices),
  "/v5/market/premium-index-price-kline": (exchange, query, now) => klines(exchange, query, now, premium),
  "/v5/market/funding/history": fundings,
  "/v5/market/instruments-info": instruments,
  "/v5/market/orderbook": orderBook,
  "/v5/market/recent-trade": recentTrades,
  "/v5/market/tickers": tickers,
};

/** The envelope that answers a request; undefined where Bybit has no such endpoint. */
export function restAnswer(
  exchange: Exchange,
  path: string,
  query: Query,
  now: number,
): Envelope | undefined {
  const route = ROUTES[path];
  if (!route) return undefined;
  const result = route(exchange, query, now);
  return typeof result === "string" ? refusal(10001, result, now) : envelopeOf(result, now);
}

function klines(
  exchange: Exchange,
  query: Query,
  now: number,
  shape: (row: string[]) => string[],
): Result | string {
  const { category = "linear", symbol = "", interval = "" } = query;
  if (!INTERVALS.includes(interval)) return "Invalid period!";
  const listed = exchange.find(category, symbol);
  if (!listed) return "Not supported symbols";
  const grid = exchange.grid(listed, interval);
  if (!grid) return "Invalid period!"; // finer than anything there is to replay
  const start = numberOf(query.start);
  const window = {
    start: start === undefined ? undefined : openingOf(interval, start), // Bybit's window has the candle that contains `start`
    end: numberOf(query.end),
    limit: limitOf(query.limit, 200, 1000),
  };
  const candles = candlesIn(grid, window, now).reverse();
  return { symbol, category, list: candles.map((candle) => shape(klineRow(candle, listed.category))) };
}

/** Mark and index price are those of the trades: there is but one price here. */
function prices(row: string[]): string[] {
  return row.slice(0, 5);
}

/** So their premium is zero. */
function premium(row: string[]): string[] {
  return [row[0]!, "0", "0", "0", "0"];
}

function fundings(exchange: Exchange, query: Query, now: number): Result | string {
  const { category = "", symbol = "" } = query;
  const listed = exchange.find(category, symbol);
  if (!listed || category === "spot") return UNKNOWN_SYMBOL;
  if (query.startTime !== undefined && query.endTime === undefined) return "endTime should not be empty";
  const to = Math.min(numberOf(query.endTime) ?? now, now);
  const from = Math.max(numberOf(query.startTime) ?? 0, listed.series[0]!.openTime[0]!);
  const list = exchange
    .fundings(listed, from, to)
    .slice(-limitOf(query.limit, 200, 200))
    .reverse();
  const row = ({ time, rate }: { time: number; rate: number }): Result => ({
    symbol,
    fundingRate: decimal(rate),
    fundingRateTimestamp: String(time),
  });
  return { category, list: list.map(row) };
}

function instruments(exchange: Exchange, query: Query): Result | string {
  const { category = "", symbol, baseCoin, status } = query;
  const found = exchange.listings.filter(
    (one) =>
      one.category === category &&
      (symbol ?? one.symbol) === one.symbol &&
      (baseCoin ?? one.base) === one.base,
  );
  if (symbol !== undefined && found.length === 0) return UNKNOWN_SYMBOL;
  const list = (status ?? "Trading") === "Trading" ? found.map(instrument) : [];
  return { category, list, nextPageCursor: "" };
}

function orderBook(exchange: Exchange, query: Query, now: number): Result | string {
  const { category = "", symbol = "" } = query;
  const listed = exchange.find(category, symbol);
  if (!listed) return UNKNOWN_SYMBOL;
  const depth = category === "spot" ? limitOf(query.limit, 1, 200) : limitOf(query.limit, 25, 500);
  const u = sequenceAt(listed.series[0]!, now);
  return {
    s: symbol,
    ...bookRows(exchange.book(listed, now, depth), depth, listed.category),
    ts: now,
    u,
    seq: u,
    cts: now,
  };
}

function recentTrades(exchange: Exchange, query: Query, now: number): Result | string {
  const { category = "", symbol = "" } = query;
  const listed = exchange.find(category, symbol);
  if (!listed) return UNKNOWN_SYMBOL;
  const limit = category === "spot" ? limitOf(query.limit, 60, 60) : limitOf(query.limit, 500, 1000);
  const trades = lastTrades(exchange, listed, now, limit);
  const list = trades.map(({ time, price, side, ...trade }, i) => ({
    execId: trade.id ?? `${time}${i}`,
    symbol,
    price: decimal(price),
    size: sizeText(price, trade.size, listed.category),
    side,
    time: String(time),
    isBlockTrade: false,
  }));
  return { category, list };
}

function lastTrades(exchange: Exchange, listed: Listing, now: number, limit: number): Trade[] {
  const { stepMs, openTime } = listed.series[0]!;
  let span = stepMs * Math.ceil(limit / 4);
  for (;;) {
    const trades = exchange.trades(listed, now - span, now);
    if (trades.length >= limit || now - span < openTime[0]!) return trades.slice(-limit).reverse();
    span *= 4; // holes and bars without volume
  }
}

function tickers(exchange: Exchange, query: Query, now: number): Result | string {
  const { category = "", symbol } = query;
  const found = exchange.listings.filter(
    (one) => one.category === category && (symbol ?? one.symbol) === one.symbol,
  );
  if (symbol !== undefined && found.length === 0) return UNKNOWN_SYMBOL;
  return { category, list: found.map((one) => tickerRow(exchange, one, now)) };
}

function limitOf(text: string | undefined, usual: number, most: number): number {
  const limit = numberOf(text) ?? usual;
  return Math.min(Math.max(Math.floor(limit), 1), most);
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === "" || Number.isNaN(value) ? undefined : value;
}
