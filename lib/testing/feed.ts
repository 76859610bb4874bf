/** The messages of a public stream: what happened on a topic between two times. */

import { countBefore, INTERVALS, openingAfter } from "../market/index.js";
import type { Exchange } from "./exchange.js";
import type { Grid, Listing } from "./listing.js";
import { type BookRows, bookDelta, bookRows, sequenceAt, sequenceTime } from "./messages/book.js";
import { type Candle, candleAt } from "./messages/candles.js";
import { amounts, sizeText } from "./messages/category.js";
import { decimal } from "./messages/decimal.js";
import { TICKS, type Trade, tickTime } from "./messages/ticks.js";

/** A message as Bybit's public streams send it. */
export interface Message {
  topic: string;
  type: "snapshot" | "delta";
  ts: number;
  data: unknown;
  cts?: number;
}

/** A topic that the exchange can serve. */
export interface Topic {
  name: string;
  listed: Listing;
  kind: "kline" | "publicTrade" | "orderbook";
  /** The interval of candles, the depth of a book, empty for trades. */
  detail: string;
}

const DEPTHS: readonly string[] = ["1", "50", "200"];

/** The topic of a name; a text says in Bybit's words why there is none. */
export function topicOf(exchange: Exchange, category: string, name: string): Topic | string {
  const [kind = "", ...rest] = name.split(".");
  const symbol = rest.at(-1) ?? "";
  const detail = rest.slice(0, -1).join(".");
  const known =
    (kind === "kline" && INTERVALS.includes(detail)) ||
    (kind === "orderbook" && DEPTHS.includes(detail)) ||
    (kind === "publicTrade" && detail === "");
  if (!known) return `error:handler not found,topic:${name}`;
  const listed = exchange.find(category, symbol);
  if (!listed || (kind === "kline" && !exchange.grid(listed, detail))) return `Invalid symbol :[${name}]`;
  return { name, listed, kind, detail };
}

/** What is sent at once on a subscription: the whole book of a book's topic. */
export function greeting(exchange: Exchange, topic: Topic, time: number): Message | undefined {
  if (topic.kind !== "orderbook") return undefined;
  const u = sequenceAt(topic.listed.series[0]!, time);
  return bookMessage(topic, "snapshot", rowsAt(exchange, topic, time), u, time);
}

/** The messages of a topic after `from` up to `to`, ascending. */
export function messagesBetween(exchange: Exchange, topic: Topic, from: number, to: number): Message[] {
  if (topic.kind === "kline")
    return klineMessages(exchange.grid(topic.listed, topic.detail)!, topic, from, to);
  if (topic.kind === "orderbook") return bookMessages(exchange, topic, from, to);
  return exchange.trades(topic.listed, from, to).map((trade, i) => tradeMessage(topic, trade, i));
}

function klineMessages(grid: Grid, topic: Topic, from: number, to: number): Message[] {
  const messages: Message[] = [];
  for (let w = Math.max(0, countBefore(grid.opening, from) - 1); w < grid.opening.length; w++) {
    if (grid.opening[w]! > to) break;
    for (const time of [...tickTimes(grid, w), openingAfter(grid.interval, grid.opening[w]!)]) {
      if (time > from && time <= to) messages.push(klineMessage(grid, topic, w, time));
    }
  }
  return messages;
}

function tickTimes({ bars, first }: Grid, w: number): number[] {
  const times: number[] = [];
  for (let t = first[w]!; t < first[w + 1]!; t++) {
    for (let k = 0; k < TICKS; k++) times.push(tickTime(bars.openTime[t]!, bars.stepMs, k));
  }
  return times;
}

function klineMessage(grid: Grid, topic: Topic, w: number, time: number): Message {
  const candle = candleAt(grid, w, time)!;
  const after = openingAfter(grid.interval, candle.opening);
  const data = { ...klineData(topic, candle), end: after - 1, confirm: time === after, timestamp: time };
  return { topic: topic.name, data: [data], ts: time, type: "snapshot" };
}

function klineData(topic: Topic, candle: Candle): Record<string, unknown> {
  const [volume, turnover] = amounts(candle.volume, candle.turnover, topic.listed.category);
  const { open, close, high, low } = candle;
  return {
    start: candle.opening,
    interval: topic.detail,
    open: decimal(open),
    close: decimal(close),
    high: decimal(high),
    low: decimal(low),
    volume,
    turnover,
  };
}

function tradeMessage(topic: Topic, trade: Trade, i: number): Message {
  const { symbol, category } = topic.listed;
  const data = {
    T: trade.time,
    s: symbol,
    S: trade.side,
    v: sizeText(trade.price, trade.size, category),
    p: decimal(trade.price),
    L: trade.side === "Buy" ? "PlusTick" : "MinusTick",
    i: trade.id ?? `${trade.time}${i}`,
    BT: false,
  };
  return { topic: topic.name, type: "snapshot", ts: trade.time, data: [data] };
}

function bookMessages(exchange: Exchange, topic: Topic, from: number, to: number): Message[] {
  const bars = topic.listed.series[0]!;
  const last = sequenceAt(bars, to);
  const messages: Message[] = [];
  let before = rowsAt(exchange, topic, from);
  for (let u = sequenceAt(bars, from) + 1; u <= last; u++) {
    const time = sequenceTime(bars, u);
    const after = rowsAt(exchange, topic, time);
    messages.push(bookMessage(topic, "delta", bookDelta(before, after), u, time));
    before = after;
  }
  return messages;
}

function rowsAt(exchange: Exchange, topic: Topic, time: number): BookRows {
  const depth = Number(topic.detail);
  return bookRows(exchange.book(topic.listed, time, depth), depth, topic.listed.category);
}

function bookMessage(topic: Topic, type: Message["type"], rows: BookRows, u: number, time: number): Message {
  return {
    topic: topic.name,
    type,
    ts: time,
    data: { s: topic.listed.symbol, ...rows, u, seq: u },
    cts: time,
  };
}
