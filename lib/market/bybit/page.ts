/** Pages of Bybit V5, checked to the last field: what does not fit is an error and never a bar. */
import { z } from "zod";
import { BybitError } from "./error.js";

/** A number in the strings of V5: finite and not empty. */
const number = z.string().regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, "not a number");

/** A candle: opening time, open, high, low, close, volume in base units; of an inverse market the volume is the turnover. */
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
  readonly stepMs: number;
  /** Opening times from `since` to before `until`, UTC ms. */
  readonly since: number;
  readonly until: number;
  /** Trades have volume and turnover; mark, index and premium prices have none. */
  readonly fields: 7 | 5;
}

const envelope = z.object({
  retCode: z.coerce.number(),
  retMsg: z.string(),
  result: z.object({
    symbol: z.string().optional(),
    category: z.string().optional(),
    list: z.array(z.array(z.string())),
  }),
  time: z.coerce.number().optional(),
});

/** Rows in order of time, and when the exchange answered. */
export interface CandlePage {
  readonly candles: readonly Candle[];
  /** The exchange's clock, UTC ms; NaN where it did not say. */
  readonly answeredAt: number;
}

/**
 * The candles of a page, oldest first, closed ones only; equal duplicates are one.
 * @throws BybitError of kind "payload", naming the first row at fault.
 */
export function candlePage(body: unknown, wanted: PageWanted): CandlePage {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) throw payload(wanted, `expected a page of candles, got ${glimpse(body)}`);
  const { retCode, retMsg, result, time } = parsed.data;
  if (retCode !== 0) throw payload(wanted, `Bybit answered ${retCode}: ${retMsg}`);
  if (result.symbol !== undefined && result.symbol !== wanted.symbol)
    throw payload(wanted, `expected candles of ${wanted.symbol}, got those of ${result.symbol}`);
  if (result.category !== undefined && result.category !== "" && result.category !== wanted.category)
    throw payload(wanted, `expected the category ${wanted.category}, got ${result.category}`);
  const answeredAt = time ?? Number.NaN;
  const byTime = new Map<number, Candle>();
  for (const row of result.list) {
    const candle = candleOf(row, wanted);
    const open = candle.time + wanted.stepMs > answeredAt; // not closed yet
    if (open || candle.time < wanted.since || candle.time >= wanted.until) continue;
    const before = byTime.get(candle.time);
    if (before && JSON.stringify(before) !== JSON.stringify(candle))
      throw payload(wanted, `two different candles at ${new Date(candle.time).toISOString()}`);
    byTime.set(candle.time, candle);
  }
  const candles = [...byTime.values()].sort((a, b) => a.time - b.time);
  return { candles, answeredAt };
}

function candleOf(row: readonly string[], wanted: PageWanted): Candle {
  const place = `row ${JSON.stringify(row).slice(0, 120)}`;
  if (row.length < wanted.fields)
    throw payload(wanted, `${place}: expected ${wanted.fields} fields, got ${row.length}`);
  const bad = row.slice(0, wanted.fields).findIndex((field) => !number.safeParse(field).success);
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
  if (!Number.isSafeInteger(time)) throw payload(wanted, `${place}: expected whole milliseconds`);
  const positive = wanted.fields === 5 || (low > 0 && volume >= 0 && turnover >= 0);
  if (!(positive && low <= Math.min(open, close) && high >= Math.max(open, close)))
    throw payload(wanted, `${place}: expected low ≤ open, close ≤ high and positive prices`);
  const base = wanted.fields === 5 ? 0 : wanted.category === "inverse" ? turnover : volume;
  return { time, open, high, low, close, volume: base };
}

function payload(wanted: PageWanted, message: string): BybitError {
  return new BybitError("payload", wanted.symbol, message);
}

function glimpse(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return text === undefined || text === "" ? "nothing" : text.slice(0, 80);
}
