/** Candles, and the real ccxt client turned towards a loopback exchange. */
import { key, uniforms } from "../../lib/core/random.js";
import type { Bars } from "../../lib/core/types.js";
import type { Loopback } from "../../lib/testing/types.js";

export const HOUR = 3_600_000;
export const START = Date.UTC(2024, 0, 1); // a Monday

/** What the tests call of ccxt's client. */
export interface Client {
  timeout: number;
  urls: { api: Record<string, unknown> & { ws: { public: Record<string, string> } } };
  ohlcvs: Record<string, Record<string, number[][]>>;
  orderbooks: Record<string, BookOfClient>;
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<Record<string, { id: string; contractSize: number; precision: { price: number } }>>;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since?: number,
    limit?: number,
    params?: object,
  ): Promise<number[][]>;
  fetchFundingRateHistory(
    symbol: string,
    since?: number,
    limit?: number,
    params?: object,
  ): Promise<FundingRow[]>;
  fetchOrderBook(symbol: string, limit?: number): Promise<BookOfClient>;
  fetchTrades(symbol: string, since?: number, limit?: number): Promise<TradeOfClient[]>;
  fetchTicker(symbol: string): Promise<{ last: number; bid: number; ask: number; high: number }>;
  fetchTime(): Promise<number>;
  publicGetV5MarketKline(query: object): Promise<KlinePage>;
  watchOHLCV(symbol: string, timeframe: string): Promise<number[][]>;
  watchTrades(symbol: string): Promise<TradeOfClient[]>;
  watchOrderBook(symbol: string, limit?: number): Promise<BookOfClient>;
  close(): Promise<void>;
}

export interface KlinePage {
  retCode: string | number;
  retMsg: string;
  result: { symbol: string; category: string; list: string[][] };
}

export interface FundingRow {
  timestamp: number;
  fundingRate: number;
}

export interface TradeOfClient {
  id: string;
  timestamp: number;
  price: number;
  amount: number;
  side: string;
}

export interface BookOfClient {
  bids: [number, number][];
  asks: [number, number][];
}

/** Hourly candles of a random walk. */
export function walk(symbol: string, count: number, start = START, stepMs = HOUR): Bars {
  const draws = uniforms(key(symbol), count * 4);
  const column = (): Float64Array => new Float64Array(count);
  const bars = {
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 42_000;
  for (let t = 0; t < count; t++) {
    const [move, up, down, volume] = draws.subarray(4 * t, 4 * t + 4);
    const close = cents(price * (0.99 + 0.02 * move!));
    bars.openTime[t] = start + t * stepMs;
    bars.open[t] = price;
    bars.close[t] = close;
    bars.high[t] = cents(Math.max(price, close) + 50 * up!);
    bars.low[t] = cents(Math.min(price, close) - 50 * down!);
    bars.volume[t] = Math.round(1000 * volume!) / 8;
    price = close;
  }
  return { symbol, stepMs, ...bars };
}

/** ccxt's own client of Bybit with every address turned to the loopback exchange. */
export async function clientOf(loopback: Loopback): Promise<Client> {
  const name = "ccxt";
  const { pro } = (await import(name)) as { pro: { bybit: new (options: object) => Client } };
  const client = new pro.bybit({
    rateLimit: 1,
    options: { fetchMarkets: { types: ["spot", "linear", "inverse"] } },
  });
  for (const part of Object.keys(client.urls.api))
    if (part !== "ws") client.urls.api[part] = loopback.restUrl;
  for (const part of ["spot", "linear", "inverse"]) {
    client.urls.api.ws.public[part] = `${loopback.wsUrl}/v5/public/${part}`;
  }
  await client.loadHttpProxyAgent(); // without it plain ws:// is refused
  return client;
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}
