/** Funding rates, the order book and the latest trades of Bybit. */
import { z } from "zod";
import type { Category } from "../grid.js";
import type { Bybit } from "./connect.js";
import { BybitError } from "./error.js";
import { instrumentOf } from "./symbol.js";

const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i)
  .transform(Number);
const millis = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(Number);
const answer = <T extends z.ZodType>(result: T) =>
  z.object({ retCode: z.coerce.number(), retMsg: z.string(), result });

/** Funding of a perpetual. Arrays are [N], ascending. */
export interface FundingRates {
  readonly symbol: string;
  /** UTC milliseconds at which it fell due. */
  readonly time: Float64Array;
  /** Share of the position's value that longs paid to shorts. */
  readonly rate: Float64Array;
}

const FUNDING = answer(
  z.object({
    list: z.array(z.object({ symbol: z.string(), fundingRate: decimal, fundingRateTimestamp: millis })),
  }),
);
const FUNDING_PAGE = 200;

/**
 * All funding rates that fell due from `since` to before `until`, UTC milliseconds.
 * @throws BybitError when a page cannot be had or repeats itself.
 */
export async function fetchFundingRates(
  bybit: Bybit,
  query: {
    readonly symbol: string;
    readonly since: number;
    readonly until: number;
    readonly category?: Category;
  },
): Promise<FundingRates> {
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  if (category === "spot") throw new RangeError(`${symbol}: expected a perpetual, spot pays no funding`);
  const rates = new Map<number, number>();
  for (let end = query.until - 1; end >= query.since; ) {
    const { value } = await bybit.ask({
      symbol,
      endpoint: (p) => bybit.client.publicGetV5MarketFundingHistory(p),
      parameters: { category, symbol, startTime: query.since, endTime: end, limit: FUNDING_PAGE },
      check: (body) => checked(FUNDING, body, symbol, "funding rates").list,
    });
    for (const row of value) {
      if (row.symbol !== symbol) throw new BybitError("payload", symbol, `got the funding of ${row.symbol}`);
      if (row.fundingRateTimestamp >= query.since && row.fundingRateTimestamp <= end)
        rates.set(row.fundingRateTimestamp, row.fundingRate);
    }
    if (value.length < FUNDING_PAGE) break;
    const oldest = Math.min(...value.map((row) => row.fundingRateTimestamp));
    if (oldest > end) throw new BybitError("payload", symbol, "a page of funding rates lies after its end");
    end = oldest - 1;
  }
  const time = Float64Array.from(rates.keys()).sort();
  return { symbol, time, rate: time.map((t) => rates.get(t)!) };
}

/** Prices and sizes, best first, each side [N]. */
export interface OrderBook {
  readonly symbol: string;
  /** UTC milliseconds. */
  readonly time: number;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

const level = z.tuple([decimal, decimal]);
const BOOK = answer(z.object({ s: z.string(), b: z.array(level), a: z.array(level), ts: millis }));

/** @throws BybitError also when the book is crossed or its levels are out of order. */
export async function fetchOrderBook(
  bybit: Bybit,
  query: { readonly symbol: string; readonly depth: number; readonly category?: Category },
): Promise<OrderBook> {
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  const { value } = await bybit.ask({
    symbol,
    endpoint: (p) => bybit.client.publicGetV5MarketOrderbook(p),
    parameters: { category, symbol, limit: query.depth },
    check: (body) => {
      const { s, b, a, ts } = checked(BOOK, body, symbol, "an order book");
      const falling = b.every(([price], i) => i === 0 || price < b[i - 1]![0]);
      const rising = a.every(([price], i) => i === 0 || price > a[i - 1]![0]);
      const crossed = b[0] && a[0] && b[0][0] >= a[0][0];
      if (s !== symbol || !falling || !rising || crossed)
        throw new BybitError("payload", symbol, "the order book is crossed, out of order or another's");
      return { symbol, time: ts, bids: b, asks: a };
    },
  });
  return value;
}

/** One trade, from the taker's side. */
export type TakerTrade = { id: string; time: number; price: number; size: number; side: "buy" | "sell" };

const TRADES = answer(
  z.object({
    list: z.array(
      z.object({
        ...{ execId: z.string(), symbol: z.string(), price: decimal, size: decimal },
        ...{ side: z.enum(["Buy", "Sell"]), time: millis },
      }),
    ),
  }),
);

/** The latest trades, oldest first, each once. */
export async function fetchTrades(
  bybit: Bybit,
  query: { readonly symbol: string; readonly limit: number; readonly category?: Category },
): Promise<TakerTrade[]> {
  const { symbol, category } = instrumentOf(query.symbol, query.category);
  const { value } = await bybit.ask({
    symbol,
    endpoint: (p) => bybit.client.publicGetV5MarketRecentTrade(p),
    parameters: { category, symbol, limit: query.limit },
    check: (body) => checked(TRADES, body, symbol, "trades").list,
  });
  const byId = new Map(value.map((t) => [t.execId, t]));
  return [...byId.values()]
    .map(({ execId, time, price, size, side }) => ({
      ...{ id: execId, time, price, size },
      side: side === "Buy" ? ("buy" as const) : ("sell" as const),
    }))
    .sort((a, b) => a.time - b.time);
}

function checked<T extends z.ZodType<{ retCode: number; retMsg: string; result: unknown }>>(
  schema: T,
  body: unknown,
  symbol: string,
  what: string,
): z.output<T>["result"] {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new BybitError(
      "payload",
      symbol,
      `expected ${what}, got another shape: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  const { retCode, retMsg, result } = parsed.data;
  if (retCode !== 0) throw new BybitError("payload", symbol, `Bybit answered ${retCode}: ${retMsg}`);
  return result;
}
