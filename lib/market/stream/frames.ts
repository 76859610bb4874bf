/** Frames of Bybit's public streams, checked to the last field: what does not fit is a bad frame and never data. */
import { z } from "zod";
import type { Bars } from "../../core/index.js";
import { barFault } from "../bars.js";
import { checkNotAhead } from "../bybit/agreement.js";
import { decimal, millis } from "../bybit/envelope.js";
import type { Candle } from "../bybit/page.js";
import type { TakerTrade } from "../bybit/public.js";
import { openingOf } from "../grid.js";
import type { Subject } from "./subjects.js";

/** A candle as it is at `time`, UTC milliseconds on the exchange's clock; closed once it is confirmed. */
export interface CandleFrame {
  readonly candle: Candle;
  readonly confirmed: boolean;
  readonly time: number;
}

/** Price and size of a level; a size of zero ends it. */
export type Level = readonly [price: number, size: number];

/** A whole book or a change of it. */
export interface BookFrame {
  readonly whole: boolean;
  /** One more with each change. */
  readonly sequence: number;
  readonly time: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

const count = z
  .union([z.string().regex(/^\d+$/), z.number()]) // ccxt leaves long numbers as text
  .transform(Number)
  .refine((n) => Number.isSafeInteger(n) && n >= 0, "expected a count");

const KLINE = z.object({
  ts: millis,
  data: z
    .array(
      z.object({
        ...{ start: millis, end: millis, interval: z.string(), timestamp: millis, confirm: z.boolean() },
        ...{ open: decimal, high: decimal, low: decimal, close: decimal, volume: decimal, turnover: decimal },
      }),
    )
    .min(1),
});

/** Rows of a frame: several times what Bybit sends. */
const MOST_CANDLES = 10;
const MOST_TRADES = 5000;
const MOST_LEVELS = 1000;
const MOST_FIELDS = 32;

const CLOCKS_MS = 1000; // by which two clocks of the exchange may differ

/**
 * The candles of a frame.
 * @param now  this machine's clock, UTC milliseconds: the frame's own times are believed up to it and the margin of the clocks
 * @throws AheadOfClock when a time of the frame has not come.
 * @throws RangeError that says what is wrong with it.
 */
export function candleFrames(message: unknown, subject: Subject, now: number): CandleFrame[] {
  const { data, ts } = fitting(KLINE, message, MOST_CANDLES);
  checkNotAhead("a frame of candles", ts, now);
  return data.map(({ start, end, interval, confirm, timestamp, volume, turnover, ...prices }) => {
    const candle = {
      ...{ time: start, open: prices.open, high: prices.high, low: prices.low, close: prices.close },
      volume: subject.category === "inverse" ? turnover : volume,
    };
    if (interval !== subject.interval)
      throw bad(`expected the interval ${subject.interval}, got ${interval}`);
    if (openingOf(interval, start) !== start || end !== start + subject.stepMs - 1)
      throw bad(`expected a candle of interval ${interval}, got one from ${start} to ${end}`);
    if (confirm && ts < end - CLOCKS_MS)
      throw bad(`expected a closed candle, got one that closes after ${ts}`);
    if (Math.max(start, timestamp) > ts + CLOCKS_MS)
      throw bad(`expected a candle that has begun, got one of ${Math.max(start, timestamp)} at ${ts}`);
    const fault = barFault(one(candle, subject), 0) ?? (turnover < 0 && "expected a turnover of at least 0");
    if (fault) throw bad(`candle at ${new Date(start).toISOString()}: ${fault}`);
    return { candle, confirmed: confirm, time: timestamp };
  });
}

/** The candle as bars, which know what a sound one is. */
function one({ time, open, high, low, close, volume }: Candle, { symbol, stepMs }: Subject): Bars {
  const column = (value: number) => Float64Array.of(value);
  const prices = { open: column(open), high: column(high), low: column(low), close: column(close) };
  return { symbol, stepMs, openTime: column(time), ...prices, volume: column(volume) };
}

const positive = decimal.refine((x) => x > 0, "expected a positive number");
const atLeastZero = decimal.refine((x) => x >= 0, "expected at least 0");

const TRADES = z.object({
  data: z.array(
    z.object({
      ...{ T: millis, s: z.string(), S: z.enum(["Buy", "Sell"]) },
      ...{ v: positive, p: positive, i: z.union([z.string().min(1), z.number()]).transform(String) },
    }),
  ),
});

/**
 * The trades of a frame, oldest first.
 * @throws AheadOfClock when one has not happened by this machine's clock.
 * @throws RangeError that says what is wrong with it.
 */
export function tradesOf(message: unknown, symbol: string, now: number): TakerTrade[] {
  return fitting(TRADES, message, MOST_TRADES).data.map(({ T: time, s, S, v: size, p: price, i: id }) => {
    if (s !== symbol) throw bad(`expected trades of ${symbol}, got those of ${s}`);
    checkNotAhead("a trade", time, now);
    return { id, time, price, size, side: S === "Buy" ? "buy" : "sell" };
  });
}

const level = z.tuple([positive, atLeastZero]);

const BOOK = z.object({
  ...{ type: z.enum(["snapshot", "delta"]), ts: millis },
  data: z.object({ s: z.string(), b: z.array(level), a: z.array(level), u: count }),
});

/**
 * The book or the change of a frame.
 * @throws AheadOfClock when it is of a time that has not come by this machine's clock.
 * @throws RangeError that says what is wrong with it.
 */
export function bookFrame(message: unknown, symbol: string, now: number): BookFrame {
  const { type, ts, data } = fitting(BOOK, message, MOST_LEVELS);
  checkNotAhead("an order book", ts, now);
  if (data.s !== symbol) throw bad(`expected the book of ${symbol}, got that of ${data.s}`);
  return { whole: type === "snapshot", sequence: data.u, time: ts, bids: data.b, asks: data.a };
}

/** @param most  rows of a list: a frame of more is refused before it is looked at */
function fitting<T extends z.ZodType>(schema: T, message: unknown, most: number): z.output<T> {
  const { data } = (message ?? {}) as { readonly data?: unknown };
  const lists = [data, ...Object.values((data as object | null) ?? {})].slice(0, MOST_FIELDS);
  const long = lists.find((list) => Array.isArray(list) && list.length > most) as unknown[] | undefined;
  if (long) throw bad(`expected at most ${most} rows, got ${long.length}`);
  const result = schema.safeParse(message);
  if (result.success) return result.data;
  const { path, message: fault } = result.error.issues[0]!;
  throw bad(`${path.join(".")}: ${fault}`);
}

function bad(fault: string): RangeError {
  return new RangeError(fault);
}
