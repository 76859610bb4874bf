import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { key } from "../../lib/core/random.js";
import type { Bars } from "../../lib/core/types.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { type Client, clientOf, HOUR, START, walk } from "./loopbackFixtures.js";

const BTC = walk("BTCUSDT", 48);
const BARS = [BTC, { ...walk("BTCUSDT", 48), category: "spot" as const }];
const MIDDLE = START + 10 * HOUR;

let loopback: Loopback;

beforeEach(async () => {
  loopback = await startLoopback({ bars: BARS, key: key(1), now: () => MIDDLE });
});

afterEach(async () => {
  await loopback.close();
});

// VI-92: the mock server of the WebSocket client
describe("ccxt's own client watches", () => {
  let client: Client;

  beforeEach(async () => {
    client = await clientOf(loopback);
    await client.loadMarkets();
  });

  afterEach(async () => {
    await client.close();
  });

  test("candles being revised and then confirmed", async () => {
    const first = client.watchOHLCV("BTC/USDT:USDT", "1h");
    await loopback.subscribed("kline.60.BTCUSDT");
    await loopback.advance(MIDDLE + HOUR / 2);
    await first;
    expect((await candle(client)).slice(0, 2)).toEqual([MIDDLE, BTC.open[10]]);
    await loopback.advance(MIDDLE + 2 * HOUR);
    await settled(async () => (await candle(client))[5] === BTC.volume[10]);
    expect((await candle(client)).slice(1)).toEqual(pricesOfBar(BTC, 10));
  });

  test("trades", async () => {
    const watched = client.watchTrades("BTC/USDT:USDT");
    await loopback.subscribed("publicTrade.BTCUSDT");
    await loopback.advance(MIDDLE + HOUR / 6 + 1);
    const [trade] = await watched; // the exchange began at the first tick, which counts as played
    expect(trade).toMatchObject({ timestamp: MIDDLE + HOUR / 6, side: "sell", amount: BTC.volume[10]! / 8 });
  });

  test("a book: its snapshot, then its changes", async () => {
    const snapshot = await client.watchOrderBook("BTC/USDT:USDT", 50);
    expect(snapshot.bids).toHaveLength(50);
    const next = client.watchOrderBook("BTC/USDT:USDT", 50);
    await loopback.advance(MIDDLE + 3 * HOUR);
    await next;
    const rest = await client.fetchOrderBook("BTC/USDT:USDT", 50);
    const { bids, asks } = client.orderbooks["BTC/USDT:USDT"]!;
    await settled(async () => bids[0]![0] === rest.bids[0]![0] && asks[0]![1] === rest.asks[0]![1]);
    expect([...bids]).toEqual(rest.bids);
    expect([...asks]).toEqual(rest.asks);
  });

  test("again after a drop", async () => {
    const broken = client.watchTrades("BTC/USDT:USDT").catch((reason: Error) => reason.constructor.name);
    await loopback.subscribed("publicTrade.BTCUSDT");
    expect(loopback.drop()).toBe(1);
    expect(await broken).toBe("NetworkError");
    const again = client.watchTrades("BTC/USDT:USDT");
    await loopback.subscribed("publicTrade.BTCUSDT");
    await loopback.advance(MIDDLE + HOUR);
    expect((await again).length).toBeGreaterThan(0);
    expect(loopback.sockets().filter(({ event }) => event === "open")).toHaveLength(2);
  });
});

describe("a connection", () => {
  test("is answered in Bybit's words", async () => {
    const linear = await dial("linear");
    linear.send({ op: "ping", req_id: "1" });
    linear.send({ op: "subscribe", args: ["publicTrade.BTCUSDT"], req_id: "2" });
    linear.send({ op: "subscribe", args: ["publicTrade.BTCUSDT"] });
    linear.send({ op: "subscribe", args: ["kline.60.BTCUSDT", "ohlcv:BTCUSDT:1"], req_id: "" });
    linear.send({ op: "subscribe", args: ["kline.60.NONEUSDT"] });
    linear.send({ op: "subscribe", args: ["orderbook.7.BTCUSDT"] });
    linear.send({ op: "unsubscribe", args: ["publicTrade.BTCUSDT"] });
    linear.send({ op: "dance" });
    linear.send(null);
    const replies = await linear.heard(9);
    expect(replies.map(({ success, ret_msg }) => [success, ret_msg])).toEqual([
      [true, "pong"],
      [true, ""],
      [false, "error:already subscribed,topic:publicTrade.BTCUSDT"],
      [false, "error:handler not found,topic:ohlcv:BTCUSDT:1"],
      [false, "Invalid symbol :[kline.60.NONEUSDT]"],
      [false, "error:handler not found,topic:orderbook.7.BTCUSDT"],
      [true, ""],
      [false, "error:invalid op"],
      [false, "error:invalid op"],
    ]);
    expect(replies[0]).toMatchObject({ op: "ping", req_id: "1", conn_id: "loopback-1" });
    await loopback.advance(MIDDLE + HOUR); // neither the dropped topic nor the refused request's good one is sent
    linear.send({ op: "ping" });
    expect((await linear.heard(10)).at(-1)).toMatchObject({ ret_msg: "pong" });
  });

  test("to spot says so itself and takes ten topics a request", async () => {
    const spot = await dial("spot");
    spot.send({ op: "subscribe", args: ["kline.60.BTCUSDT"], req_id: "1" });
    spot.send({
      op: "subscribe",
      args: Array.from({ length: 11 }, () => "publicTrade.BTCUSDT"),
      req_id: "2",
    });
    expect((await spot.heard(2)).map(({ ret_msg }) => ret_msg)).toEqual(["subscribe", "args size >10"]);
  });

  test("elsewhere is refused, and so is any while refusals last", async () => {
    await expect(dial("option")).rejects.toThrow("404");
    loopback.refuse(1);
    await expect(dial("linear")).rejects.toThrow("403");
    await dial("linear");
    expect(loopback.sockets().map(({ event }) => event)).toEqual(["refused", "refused", "open"]);
  });
});

describe("playing on", () => {
  test("revises a candle along its path and confirms it once, with the bar's own values", async () => {
    const candles = await played(["kline.60.BTCUSDT"], MIDDLE + 2 * HOUR);
    const data = candles.map((message) => (message.data as Candle[])[0]!);
    expect(data).toHaveLength(2 * 8 - 1 + 1); // seven ticks and the confirmation a bar, less the tick at the start, and the third bar's first
    const confirmed = data.filter(({ confirm }) => confirm);
    expect(confirmed.map(({ start, end }) => [start, end])).toEqual([
      [MIDDLE, MIDDLE + HOUR - 1],
      [MIDDLE + HOUR, MIDDLE + 2 * HOUR - 1],
    ]);
    expect(pricesOf(confirmed[0]!)).toEqual(pricesOfBar(BTC, 10));
    expect(data[5]).toMatchObject({
      start: MIDDLE,
      confirm: false,
      interval: "60",
      close: String(BTC.close[10]),
    });
  });

  test("in many steps sends what it sends in one", async () => {
    const topics = ["kline.60.BTCUSDT", "kline.240.BTCUSDT", "publicTrade.BTCUSDT", "orderbook.50.BTCUSDT"];
    const once = await played(topics, MIDDLE + 5 * HOUR);
    await loopback.close();
    loopback = await startLoopback({ bars: BARS, key: key(1), now: () => MIDDLE });
    const often = await played(
      topics,
      ...[0.3, 1, 1.0001, 2.5, 3, 4.99, 5].map((hours) => MIDDLE + hours * HOUR),
    );
    expect(often).toEqual(once);
    expect(once.map(({ ts }) => ts)).toEqual(once.map(({ ts }) => ts).sort((a, b) => a - b));
  });

  test("skips missing bars, and confirms a coarse candle on time", async () => {
    const keep = (column: Float64Array): Float64Array => column.filter((_, t) => t !== 11);
    const { symbol, stepMs, openTime, open, high, low, close, volume } = BTC;
    const prices = { open: keep(open), high: keep(high), low: keep(low), close: keep(close) };
    const gappy: Bars = { symbol, stepMs, openTime: keep(openTime), ...prices, volume: keep(volume) };
    await loopback.close();
    loopback = await startLoopback({ bars: [gappy], key: key(1), now: () => MIDDLE });
    const messages = await played(["kline.60.BTCUSDT", "kline.120.BTCUSDT"], MIDDLE + 2 * HOUR);
    const confirmed = messages.flatMap(({ topic, ts, data }) =>
      (data as Candle[]).filter(({ confirm }) => confirm).map(({ start }) => [topic, ts, start]),
    );
    expect(confirmed).toEqual([
      ["kline.60.BTCUSDT", MIDDLE + HOUR, MIDDLE],
      ["kline.120.BTCUSDT", MIDDLE + 2 * HOUR, MIDDLE],
    ]);
  });

  test("numbers the changes of a book one after another, and they lead to the book", async () => {
    const messages = (
      await played(["orderbook.1.BTCUSDT", "orderbook.50.BTCUSDT"], MIDDLE + 4 * HOUR)
    ).filter(({ topic }) => topic === "orderbook.50.BTCUSDT");
    const [snapshot, ...deltas] = messages;
    expect(snapshot!.type).toBe("snapshot");
    const first = (snapshot!.data as BookData).u;
    expect(deltas.map(({ data }) => (data as BookData).u)).toEqual(deltas.map((_, i) => first + 1 + i));
    const book = deltas.reduce(
      (bids, { data }) => applied(bids, (data as BookData).b),
      (snapshot!.data as BookData).b,
    );
    const query = "category=linear&symbol=BTCUSDT&limit=50";
    const rest = (await (await fetch(`${loopback.restUrl}/v5/market/orderbook?${query}`)).json()) as {
      result: BookData;
    };
    expect(book).toEqual(rest.result.b);
    expect(rest.result.u).toBe(first + deltas.length);
  });

  test("moves the clock of the candles too, and never back", async () => {
    await loopback.advance(MIDDLE + HOUR);
    expect(loopback.now()).toBe(MIDDLE + HOUR);
    await expect(loopback.advance(MIDDLE)).rejects.toThrow("expected a time from");
    await expect(loopback.advance(Number.NaN)).rejects.toThrow("got NaN");
  });

  test("poke the future: bars not yet begun change no message", async () => {
    const before = await played(["kline.60.BTCUSDT", "orderbook.50.BTCUSDT"], MIDDLE + 2 * HOUR - 1);
    const close = BTC.close.map((price, t) => (t > 11 ? price + 1 : price));
    const high = BTC.high.map((price, t) => (t > 11 ? price + 1 : price));
    await loopback.close();
    loopback = await startLoopback({ bars: [{ ...BTC, close, high }], key: key(1), now: () => MIDDLE });
    expect(await played(["kline.60.BTCUSDT", "orderbook.50.BTCUSDT"], MIDDLE + 2 * HOUR - 1)).toEqual(before);
  });
});

describe("a disturbance", () => {
  const book = (messages: readonly Message[]): BookData[] =>
    messages.filter(({ type }) => type === "delta").map(({ data }) => data as BookData);

  test("skips a number of the book", async () => {
    loopback.disturb("skip-sequence");
    const [first, second] = book(await played(["orderbook.50.BTCUSDT"], MIDDLE + HOUR));
    expect([first!.u, second!.u]).toEqual([73, 74]); // ten bars of seven ticks and the eleventh's first; 72 is not sent
  });

  test("repeats a change under an older number", async () => {
    loopback.disturb("stale-delta");
    const deltas = book(await played(["orderbook.50.BTCUSDT"], MIDDLE + HOUR));
    expect(deltas.slice(0, 3).map(({ u }) => u)).toEqual([72, 71, 73]);
  });

  test("crosses the book", async () => {
    loopback.disturb("crossed-book");
    const [crossed] = book(await played(["orderbook.50.BTCUSDT"], MIDDLE + HOUR));
    expect(Number(crossed!.b[0]![0])).toBeGreaterThan(Math.max(...BTC.high));
  });

  test("repeats a trade", async () => {
    loopback.disturb("duplicate-trades", 2);
    const trades = await played(["kline.60.BTCUSDT", "publicTrade.BTCUSDT"], MIDDLE + HOUR - 1);
    const ids = trades
      .filter(({ topic }) => topic.startsWith("publicTrade"))
      .map(({ data }) => (data as { i: string }[])[0]!.i);
    expect([ids.length, new Set(ids).size]).toEqual([8, 6]);
  });

  test("breaks a message", async () => {
    loopback.disturb("bad-json");
    const linear = await dial("linear");
    linear.send({ op: "subscribe", args: ["publicTrade.BTCUSDT"] });
    await linear.heard(1);
    await loopback.advance(MIDDLE + HOUR - 1);
    const texts = await linear.heardTexts(7);
    expect(() => JSON.parse(texts[1]!)).toThrow();
    expect(JSON.parse(texts[2]!)).toMatchObject({ topic: "publicTrade.BTCUSDT" });
  });

  test("silences the exchange, which sends nothing of that time later", async () => {
    const linear = await dial("linear");
    linear.send({ op: "subscribe", args: ["publicTrade.BTCUSDT"] });
    await linear.heard(1);
    loopback.silence(true);
    linear.send({ op: "ping" });
    await loopback.advance(MIDDLE + 2 * HOUR);
    while (loopback.sockets().filter(({ event }) => event === "message").length < 2) await pause();
    loopback.silence(false);
    await loopback.advance(MIDDLE + 3 * HOUR);
    const [, next] = await linear.heard(2);
    expect(next!.ts).toBeGreaterThan(MIDDLE + 2 * HOUR);
  });
});

test("closing ends the connections and the waiting", async () => {
  const linear = await dial("linear");
  const waiting = expect(loopback.subscribed("publicTrade.BTCUSDT")).rejects.toThrow("closed before anyone");
  await loopback.close();
  await waiting;
  await linear.gone;
});

interface Message {
  topic: string;
  type: string;
  ts: number;
  data: unknown;
  success?: boolean;
  ret_msg?: string;
}

interface Candle {
  start: number;
  end: number;
  confirm: boolean;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
}

interface BookData {
  b: [string, string][];
  a: [string, string][];
  u: number;
}

interface Line {
  send(message: object | null): void;
  /** Waits until `count` messages have come in all. */
  heard(count: number): Promise<Message[]>;
  heardTexts(count: number): Promise<string[]>;
  gone: Promise<unknown>;
}

async function dial(category: string): Promise<Line> {
  const socket = new WebSocket(`${loopback.wsUrl}/v5/public/${category}`);
  const texts: string[] = [];
  socket.on("message", (raw) => texts.push(String(raw)));
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const heardTexts = async (count: number): Promise<string[]> => {
    while (texts.length < count) await pause();
    return [...texts];
  };
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    heardTexts,
    heard: async (count) => (await heardTexts(count)).map((text) => JSON.parse(text) as Message),
    gone: new Promise((resolve) => socket.once("close", resolve)),
  };
}

/** Everything that a linear subscriber to `topics` is sent while the exchange plays to each of `times`. */
async function played(topics: readonly string[], ...times: readonly number[]): Promise<Message[]> {
  const linear = await dial("linear");
  linear.send({ op: "subscribe", args: topics });
  await linear.heard(1);
  for (const time of times) await loopback.advance(time);
  linear.send({ op: "ping" });
  for (let count = 1; ; count++) {
    const heard = await linear.heard(count);
    if (heard.at(-1)!.ret_msg === "pong") return heard.slice(1, -1);
  }
}

/** ccxt's hourly candle of the bar in which the exchange began. */
async function candle(client: Client): Promise<number[]> {
  return client.ohlcvs["BTC/USDT:USDT"]!["1h"]!.find(([time]) => time === MIDDLE)!;
}

/** Waits for messages on their way. */
async function settled(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await pause();
}

function applied(side: readonly [string, string][], delta: readonly [string, string][]): [string, string][] {
  const levels = new Map([...side, ...delta]);
  return [...levels].filter(([, size]) => size !== "0").sort(([a], [b]) => Number(b) - Number(a));
}

function pricesOf({ open, high, low, close, volume }: Candle): number[] {
  return [open, high, low, close, volume].map(Number);
}

function pricesOfBar(bars: Bars, t: number): number[] {
  return [bars.open[t]!, bars.high[t]!, bars.low[t]!, bars.close[t]!, bars.volume[t]!];
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
