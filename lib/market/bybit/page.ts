/** Pages of Bybit V5, checked to the last field: what does not fit is an error and never a bar. */
import { z } from "zod";
import { openingOf } from "../grid.js";
import { answerOf, decimal } from "./envelope.js";
import { BybitError } from "./error.js";

/** A candle: opening time, prices, and the volume in base units; of an inverse market that is the turnover. */
export interface Candle {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What a page of candles must answer to. */
export interface PageWanted {
  readonly symbol: string;
  readonly category: string;
  readonly interval: string;
  readonly stepMs: number;
  /** Opening times from `since` to before `until`, UTC ms. */
  readonly since: number;
  readonly until: number;
  readonly price: "trade" | "mark" | "index" | "premium";
}

/** Candles in an answer, as many as are asked for at once. */
const MOST = 1000;

const PAGE = z.object({
  symbol: z.string(),
  category: z.string(),
  list: z.array(z.array(z.string())),
});

/** Closed candles by opening time, in order of time, and when the exchange answered by the earlier of the two clocks, UTC ms. */
export interface CandlePage {
  readonly candles: ReadonlyMap<number, Candle>;
  readonly answeredAt: number;
}

/**
 * The candles of a page, oldest first, closed ones only; equal duplicates are one.
 * @param now  this machine's clock, UTC milliseconds: what has closed, has closed by both clocks
 * @throws BybitError of kind "payload", naming the first row at fault and its time.
 */
export function candlePage(body: unknown, wanted: PageWanted, now = Number.POSITIVE_INFINITY): CandlePage {
  const { symbol, category } = wanted;
  const answer = answerOf(body, { schema: PAGE, symbol, what: "a page of candles", most: MOST });
  const { result } = answer;
  const answeredAt = Math.min(answer.answeredAt, now);
  if (result.symbol !== symbol)
    throw payload(wanted, `expected candles of ${symbol}, got those of ${result.symbol}`);
  if (result.category !== category)
    throw payload(wanted, `expected the category ${category}, got ${result.category}`);
  const byTime = new Map<number, Candle>();
  for (const row of result.list) {
    const candle = candleOf(row, wanted);
    const before = byTime.get(candle.time);
    if (before && !sameCandle(before, candle))
      throw payload(wanted, `two different candles at ${iso(candle.time)}`);
    byTime.set(candle.time, candle);
  }
  const closed = [...byTime].filter(([time]) => time + wanted.stepMs <= answeredAt);
  return { candles: new Map(closed.sort(([a], [b]) => a - b)), answeredAt };
}

/** Whether two candles say the same. */
export function sameCandle(a: Candle, b: Candle): boolean {
  return (Object.keys(a) as (keyof Candle)[]).every((name) => a[name] === b[name]);
}

function candleOf(row: readonly string[], wanted: PageWanted): Candle {
  const fields = wanted.price === "trade" ? 7 : 5;
  const place = `row ${JSON.stringify(row).slice(0, 120)}`;
  if (row.length !== fields) throw payload(wanted, `${place}: expected ${fields} fields, got ${row.length}`);
  const bad = row.findIndex((field) => !decimal.safeParse(field).success);
  if (bad >= 0) throw payload(wanted, `${place}: expected a number as field ${bad + 1}, got "${row[bad]}"`);
  const [time, open, high, low, close, volume = 0, turnover = 0] = row.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number?,
    number?,
  ];
  const candle = { time, open, high, low, close, volume: wanted.category === "inverse" ? turnover : volume };
  const fault =
    timeFault(candle, wanted) ??
    priceFault(candle, wanted) ??
    (Math.min(volume, turnover) < 0 && "expected volume and turnover of at least 0");
  if (fault)
    throw payload(wanted, `${place}${Number.isSafeInteger(time) ? ` at ${iso(time)}` : ""}: ${fault}`);
  return candle;
}

function timeFault({ time }: Candle, { interval, since, until }: PageWanted): string | undefined {
  if (!(Number.isSafeInteger(time) && Math.abs(time) <= 8.64e15)) return "expected whole milliseconds";
  if (openingOf(interval, time) !== time) return `expected an opening time of interval ${interval}`;
  if (time < since || time >= until) return `expected a time from ${iso(since)} to before ${iso(until)}`;
  return undefined;
}

function priceFault({ open, high, low, close }: Candle, { price }: PageWanted): string | undefined {
  // Bybit's premium opens where the candle before closed, which its high and low need not reach (its documentation's own sample).
  const [bottom, top] = price === "premium" ? [close, close] : [Math.min(open, close), Math.max(open, close)];
  if (low > bottom || high < top) return "expected low ≤ open, close ≤ high";
  return price === "premium" || low > 0 ? undefined : "expected positive prices";
}

function payload(wanted: PageWanted, message: string): BybitError {
  return new BybitError("payload", wanted.symbol, message);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
