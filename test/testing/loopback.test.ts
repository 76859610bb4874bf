import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import type { Bars, Flow } from "../../lib/core/types.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import { decimal } from "../../lib/testing/messages/decimal.js";
import type { Loopback, LoopbackOptions } from "../../lib/testing/types.js";
import { type Client, clientOf, HOUR, type KlinePage, START, walk } from "../market/loopbackFixtures.js";

const DAY = 24 * HOUR;
const BTC = walk("BTCUSDT", 1500);
const ETH = walk("ETHUSDT", 1500);
const INVERSE = { ...walk("BTCUSD", 1500), category: "inverse" as const };
const SPOT = { ...walk("BTCUSDT", 1500, START - DAY), category: "spot" as const };
const BARS = [BTC, ETH, INVERSE, SPOT];
const END = START + 1500 * HOUR;

// BV-53 … BV-56, VI-100: the exchange that the loader is tested against
describe("ccxt's own client finds", () => {
  let loopback: Loopback;
  let client: Client;

  beforeEach(async () => {
    loopback = await startLoopback({ bars: BARS, key: key(1) });
    client = await clientOf(loopback);
  });

  afterEach(async () => {
    await client.close();
    await loopback.close();
  });

  test("the markets of every category", async () => {
    const markets = await client.loadMarkets();
    expect(Object.keys(markets).sort()).toEqual([
      "BTC/USD:BTC",
      "BTC/USDT",
      "BTC/USDT:USDT",
      "ETH/USDT:USDT",
    ]);
    expect(markets["BTC/USDT:USDT"]!.id).toBe("BTCUSDT");
    expect(markets["BTC/USDT:USDT"]!.precision.price).toBe(0.01);
    expect(markets["BTC/USD:BTC"]!.contractSize).toBe(1);
  });

  test("the candles to the last bit", async () => {
    const rows = await client.fetchOHLCV("BTC/USDT:USDT", "1h", START, 1000);
    expect(rows).toEqual(Array.from({ length: 1000 }, (_, t) => rowOf(BTC, t)));
    expect(await client.fetchOHLCV("BTC/USDT", "1h", START - DAY, 1)).toEqual([rowOf(SPOT, 0)]);
  });

  test("funding rates every eight hours", async () => {
    const rates = await client.fetchFundingRateHistory("BTC/USDT:USDT", START, 10, { until: START + DAY });
    expect(rates.map(({ timestamp }) => timestamp)).toEqual(
      [0, 8, 16, 24].map((hours) => START + hours * HOUR),
    );
    expect(rates.every(({ fundingRate }) => fundingRate === 0.0001)).toBe(true);
  });

  test("a book whose quotes enclose the last trade", async () => {
    const book = await client.fetchOrderBook("BTC/USDT:USDT", 50);
    const last = BTC.close.at(-1)!;
    expect(book.bids).toHaveLength(50);
    expect(book.asks).toHaveLength(50);
    expect(book.bids[0]![0]).toBeLessThanOrEqual(last);
    expect(book.asks[0]![0]).toBeGreaterThan(last);
    expect([...book.bids].sort(([a], [b]) => b - a)).toEqual(book.bids);
  });

  test("trades that make up the candle they fell in", async () => {
    const trades = await client.fetchTrades("BTC/USDT:USDT", undefined, 7);
    expect(trades.map(({ price }) => price)[0]).toBe(BTC.open.at(-1));
    expect(trades.at(-1)!.price).toBe(BTC.close.at(-1));
    expect(Math.max(...trades.map(({ price }) => price))).toBe(BTC.high.at(-1));
    expect(Math.min(...trades.map(({ price }) => price))).toBe(BTC.low.at(-1));
    expect(trades.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(BTC.volume.at(-1)!, 9);
    expect(new Set(trades.map(({ id }) => id)).size).toBe(7);
  });

  test("the ticker and the time of the exchange's clock", async () => {
    const ticker = await client.fetchTicker("BTC/USDT:USDT");
    expect(ticker.last).toBe(BTC.close.at(-1));
    expect(ticker.high).toBe(Math.max(...BTC.high.subarray(-24)));
    expect(ticker.bid).toBeLessThan(ticker.ask);
    expect(await client.fetchTime()).toBe(END);
  });

  test("that an unknown symbol is refused in Bybit's words", async () => {
    const query = { category: "linear", symbol: "NONEUSDT", interval: "60" };
    await expect(client.publicGetV5MarketKline(query)).rejects.toThrow("Not supported symbols");
    await expect(
      client.publicGetV5MarketKline({ ...query, symbol: "BTCUSDT", interval: "7" }),
    ).rejects.toThrow("Invalid period!");
  });
});

describe("a page of candles", () => {
  test("is newest first, 200 rows unless told, 1000 at the most", async () => {
    const pages = await served({ bars: BARS }, [{}, { limit: 5 }, { limit: 5000 }]);
    expect(pages.map(({ result }) => result.list.length)).toEqual([200, 5, 1000]);
    expect(pages[1]!.result.list.map(([time]) => Number(time))).toEqual(
      [1, 2, 3, 4, 5].map((t) => END - t * HOUR),
    );
    expect(pages[1]!.result).toMatchObject({ symbol: "BTCUSDT", category: "linear" });
  });

  test("holds the newest of its window, the oldest where only the start is given", async () => {
    const at = (t: number): number => START + t * HOUR;
    const asked = [
      { start: at(10), end: at(20), limit: 3 },
      { start: at(10) + 1, limit: 3 },
      { end: at(20), limit: 3 },
    ];
    const pages = await served({ bars: BARS }, asked);
    expect(timesOf(pages[0]!)).toEqual([20, 19, 18].map(at));
    expect(timesOf(pages[1]!)).toEqual([12, 11, 10].map(at)); // the candle that contains the start is the first
    expect(timesOf(pages[2]!)).toEqual([20, 19, 18].map(at));
  });

  test("lacks the bars that are missing", async () => {
    const gappy = without(BTC, [3, 4, 9]);
    const nan = { ...BTC, close: BTC.close.map((price, t) => (t === 1 ? Number.NaN : price)) };
    const asked = [{ start: START, end: START + 10 * HOUR }];
    const [absent] = await served({ bars: [gappy] }, asked);
    expect(timesOf(absent!)).toEqual([10, 8, 7, 6, 5, 2, 1, 0].map((t) => START + t * HOUR));
    const [dropped] = await served({ bars: [nan] }, asked);
    expect(timesOf(dropped!)).not.toContain(START + HOUR);
  });

  test("aggregates coarser candles from the bars it has, on Bybit's calendar", async () => {
    const asked = ["240", "D", "W", "M"].map((interval) => ({
      interval,
      start: START,
      end: END,
      limit: 1000,
    }));
    const [hours, days, weeks, months] = await served({ bars: [BTC] }, asked);
    expect([hours, days, weeks, months].map((page) => page!.result.list.length)).toEqual([375, 63, 9, 3]);
    expect(timesOf(months!)).toEqual([2, 1, 0].map((month) => Date.UTC(2024, month, 1)));
    expect(timesOf(weeks!).every((time) => new Date(time).getUTCDay() === 1)).toBe(true);
    const [, open, high, low, close, volume] = days!.result.list.at(-1)!.map(Number);
    const first = (column: Float64Array): Float64Array => column.subarray(0, 24);
    expect([open, high, low, close]).toEqual([
      BTC.open[0],
      Math.max(...first(BTC.high)),
      Math.min(...first(BTC.low)),
      BTC.close[23],
    ]);
    expect(volume).toBeCloseTo(
      first(BTC.volume).reduce((a, b) => a + b),
      6,
    );
  });

  test("is made of the bars of the coarsest step that fits", async () => {
    const fine = walk("BTCUSDT", 36, START, HOUR / 12);
    const bars = [BTC, fine];
    const [five, hour] = await served({ bars }, [
      { interval: "5", end: END },
      { interval: "60", end: START },
    ]);
    expect(five!.result.list).toHaveLength(36);
    expect(hour!.result.list[0]!.slice(1, 5).map(Number)).toEqual(rowOf(BTC, 0).slice(1, 5));
    const [fewer] = await served({ bars: [BTC] }, [{ interval: "5" }]);
    expect(fewer!.retMsg).toBe("Invalid period!");
  });

  test("counts inverse volume in contracts and turnover in the base asset", async () => {
    const asked = { category: "inverse", symbol: "BTCUSD", end: START, limit: 1 };
    const [page] = await served({ bars: BARS }, [asked]);
    const [, open, high, low, close, contracts, base] = page!.result.list[0]!.map(Number);
    expect(base).toBe(INVERSE.volume[0]);
    expect(contracts).toBe(Math.round((base! * (open! + high! + low! + close!)) / 4));
  });

  test("has five fields for mark and index prices, and a premium of zero", async () => {
    const loopback = await startLoopback({ bars: BARS, key: key(1) });
    const ask = (kind: string) => get(loopback, `/v5/market/${kind}-kline`, { end: START, limit: 1 });
    const prices = rowOf(BTC, 0).slice(0, 5).map(String);
    expect((await ask("mark-price")).result.list).toEqual([prices]);
    expect((await ask("index-price")).result.list).toEqual([prices]);
    expect((await ask("premium-index-price")).result.list).toEqual([[String(START), "0", "0", "0", "0"]]);
    await loopback.close();
  });
});

describe("the unfinished candle", () => {
  test("is served as far as it has gone", async () => {
    const now = (): number => START + 5 * HOUR + HOUR / 2;
    const [page] = await served({ bars: [BTC], now }, [{}]);
    const [time, open, high, low, , volume] = page!.result.list[0]!.map(Number);
    expect([time, open]).toEqual([START + 5 * HOUR, BTC.open[5]]);
    expect(high).toBeLessThanOrEqual(BTC.high[5]!);
    expect(low).toBeGreaterThanOrEqual(BTC.low[5]!);
    expect(volume).toBeGreaterThan(0);
    expect(volume).toBeLessThan(BTC.volume[5]!);
    expect(page!.result.list).toHaveLength(6);
  });

  test.each([0, 1])(
    "poke the future: nothing served depends on what follows, not even within the bar (close %d of its range)",
    async (share) => {
      const poked = withFlow(BTC);
      for (let t = 5; t < 1500; t++) {
        poked.close[t] = share ? poked.high[t]! : poked.low[t]!;
        poked.flow.bid[t] = poked.close[t]! - 7;
        poked.flow.ask[t] = poked.close[t]! + 9;
        if (t === 5) continue; // of the bar under way, high and low may have been and the volume is being shared out
        poked.high[t] = poked.high[t]! + 1;
        poked.volume[t] = 1;
      }
      const now = (): number => START + 5.6 * HOUR;
      const everything = async (bars: Bars) => {
        const loopback = await startLoopback({ bars: [bars], key: key(1), now });
        const pages = ["kline", "orderbook", "recent-trade", "tickers", "funding/history"];
        const bodies = await Promise.all(pages.map((page) => get(loopback, `/v5/market/${page}`, {})));
        await loopback.close();
        return bodies;
      };
      expect(await everything(poked)).toEqual(await everything(withFlow(BTC)));
    },
  );
});

describe("what is brought along is served", () => {
  test("fixture pages with their very values", async (context) => {
    const folder = join(__dirname, "../../../shared/bybit-fixtures/derived_v5_kline");
    if (!existsSync(folder)) return context.skip("no ../shared/bybit-fixtures beside the repository");
    const files = readdirSync(folder).filter((file) => file.includes("BTCUSDT_60"));
    const bodies = files.map((file) => readFileSync(join(folder, file), "utf8"));
    const pages = bodies.map((body, i) => ({ query: { symbol: "BTCUSDT", cursor: String(i) }, body }));
    const asked = pages.map(({ query }) => query);
    const got = await served({ bars: [BTC], pages }, asked);
    expect(files.length).toBe(5);
    expect(got).toEqual(bodies.map((body) => JSON.parse(body)));
  });

  test("funding rates, trades and books of one's own", async () => {
    const fundings = {
      BTCUSDT: { time: Float64Array.of(START, START + HOUR), rate: Float64Array.of(1e-7, -0.0003) },
    };
    const trades = { BTCUSDT: [{ time: START + 5, price: 42_000, size: 2, side: "Sell" as const, id: "a" }] };
    const book = () => ({ bids: [[99, 1]] as const, asks: [[101, 2]] as const });
    const loopback = await startLoopback({ bars: [BTC], key: key(1), fundings, trades, book });
    const rates = await get(loopback, "/v5/market/funding/history", {});
    expect(rates.result.list).toMatchObject([{ fundingRate: "-0.0003" }, { fundingRate: "0.0000001" }]);
    const tape = await get(loopback, "/v5/market/recent-trade", {});
    expect(tape.result.list).toMatchObject([{ execId: "a", price: "42000", size: "2", side: "Sell" }]);
    const quotes = await get(loopback, "/v5/market/orderbook", {});
    expect(quotes.result).toMatchObject({ b: [["99", "1"]], a: [["101", "2"]] });
    await loopback.close();
  });

  test("the quotes of the flow at the close of a bar", async () => {
    const loopback = await startLoopback({ bars: [withFlow(BTC)], key: key(1) });
    const { result } = await get(loopback, "/v5/market/orderbook", {});
    const last = BTC.close.at(-1)!;
    expect(result).toMatchObject({ s: "BTCUSDT" });
    const { b, a } = result as unknown as { b: string[][]; a: string[][] };
    expect([b[0], a[0]].map((row) => row!.map(Number))).toEqual([
      [last - 1, 3],
      [last + 1, 4],
    ]);
    const tape = await get(loopback, "/v5/market/recent-trade", { limit: 7 });
    const bought = (tape.result.list as unknown as { side: string; size: string }[])
      .filter(({ side }) => side === "Buy")
      .reduce((sum, { size }) => sum + Number(size), 0);
    expect(bought).toBeCloseTo(0.75 * BTC.volume.at(-1)!, 9);
    await loopback.close();
  });
});

describe("the door", () => {
  test("refuses no bars, unsound bars, bars off the grid and symbols without a quote", async () => {
    const start = (bars: readonly Bars[]): Promise<Loopback> => startLoopback({ bars, key: key(1) });
    await expect(start([])).rejects.toThrow("expected bars of at least one symbol");
    await expect(start([{ ...BTC, high: BTC.low }])).rejects.toThrow("BTCUSDT, bar 0: expected a high");
    await expect(start([walk("BTCUSDT", 3, START + 1)])).rejects.toThrow("on the grid of 3600000 ms");
    await expect(start([walk("BTCUSDT", 3, START, 7000)])).rejects.toThrow("Bybit's intervals");
    await expect(start([walk("BTC", 3)])).rejects.toThrow("ends in USDT");
    const pages = [{ query: { symbol: "BTCUSDT" }, body: "{" }];
    await expect(startLoopback({ bars: [BTC], key: key(1), pages })).rejects.toThrow("pages: expected JSON");
    await expect(start([BTC, BTC])).rejects.toThrow("expected one series of 3600000 ms");
  });

  test("remembers what was asked", async () => {
    const loopback = await startLoopback({ bars: [BTC], key: key(1) });
    await get(loopback, "/v5/market/kline", { limit: 2 });
    const [record] = loopback.requests();
    expect(record).toMatchObject({ path: "/v5/market/kline", at: END, fault: "none" });
    expect(record!.query).toMatchObject({ symbol: "BTCUSDT", interval: "60", limit: "2" });
    expect((await fetch(`${loopback.restUrl}/v5/none`)).status).toBe(404);
    await loopback.close();
  });

  test("is shut by closing, twice if need be", async () => {
    const loopback = await startLoopback({ bars: [BTC], key: key(1) });
    loopback.fail("slow-headers");
    const pending = fetch(`${loopback.restUrl}/v5/market/time`).catch(() => "cut");
    while (loopback.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await loopback.close();
    await loopback.close();
    expect(await pending).toBe("cut");
    await expect(fetch(`${loopback.restUrl}/v5/market/time`)).rejects.toThrow();
  });
});

test("numbers are written without an exponent and read back as they were", () => {
  expect([1e-7, 1.5e21, -2.5e-9, 0, 42.5].map(decimal)).toEqual([
    "0.0000001",
    "1500000000000000000000",
    "-0.0000000025",
    "0",
    "42.5",
  ]);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const text = decimal(x);
      return !/e/.test(text) && Number(text) === x;
    }),
  );
});

async function served(options: Omit<LoopbackOptions, "key">, asked: readonly object[]): Promise<KlinePage[]> {
  const loopback = await startLoopback({ ...options, key: key(1) });
  const pages: KlinePage[] = [];
  for (const query of asked) pages.push(await get(loopback, "/v5/market/kline", query));
  await loopback.close();
  return pages;
}

async function get(loopback: Loopback, path: string, query: object): Promise<KlinePage> {
  const usual = { category: "linear", symbol: "BTCUSDT", interval: "60" };
  const search = new URLSearchParams(
    Object.entries({ ...usual, ...query }).map(([name, value]) => [name, String(value)]),
  );
  return (await (await fetch(`${loopback.restUrl}${path}?${search}`)).json()) as KlinePage;
}

function timesOf(page: KlinePage): number[] {
  return page.result.list.map(([time]) => Number(time));
}

/** A copy whose takers bought three quarters, with quotes 1 around the close. */
function withFlow(bars: Bars): Bars & { flow: Flow } {
  const all = (value: number): Float64Array => new Float64Array(bars.close.length).fill(value);
  const flow = {
    buyVolume: bars.volume.map((volume) => volume * 0.75),
    sellVolume: bars.volume.map((volume) => volume * 0.25),
    bid: bars.close.map((price) => price - 1),
    ask: bars.close.map((price) => price + 1),
    bidSize: all(3),
    askSize: all(4),
  };
  return { ...without(bars, []), flow };
}

function without(bars: Bars, gone: readonly number[]): Bars {
  const keep = (column: Float64Array): Float64Array => column.filter((_, t) => !gone.includes(t));
  const { symbol, stepMs, openTime, open, high, low, close, volume } = bars;
  const prices = { open: keep(open), high: keep(high), low: keep(low), close: keep(close) };
  return { symbol, stepMs, openTime: keep(openTime), ...prices, volume: keep(volume) };
}

function rowOf(bars: Bars, t: number): number[] {
  const { openTime, open, high, low, close, volume } = bars;
  return [openTime[t]!, open[t]!, high[t]!, low[t]!, close[t]!, volume[t]!];
}
