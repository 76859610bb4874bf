import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { fold, key } from "../../lib/core/random.js";
import type { Bars } from "../../lib/core/types.js";
import { sliceBars } from "../../lib/market/bars.js";
import { type Bybit, type ConnectOptions, connectBybit } from "../../lib/market/bybit/connect.js";
import { BybitError } from "../../lib/market/bybit/error.js";
import { type FetchedPage, fetchBars, fetchMany } from "../../lib/market/bybit/fetch.js";
import { fetchFundingRates, fetchOrderBook, fetchTrades } from "../../lib/market/bybit/public.js";
import { instrumentOf, parseInterval } from "../../lib/market/bybit/symbol.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { FAULTS, type FaultKind, RECOVERABLE_FAULTS } from "../../lib/testing/faults/faults.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback, LoopbackOptions } from "../../lib/testing/types.js";

const HOUR = 3_600_000;
const root = key("bybit");
const start = Date.UTC(2024, 0, 1);
const { bars: made } = simulate({
  symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT", "ADAUSDT"],
  bars: 2500,
  key: root,
});
const plain = ({ flow: _, ...bars }: Bars): Bars => bars;
const [btc, eth] = made.map(plain) as [Bars, Bars];

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function exchange(
  options: Partial<LoopbackOptions> = {},
  connect: ConnectOptions = {},
): Promise<{ loopback: Loopback; bybit: Bybit }> {
  const loopback = await startLoopback({ bars: [btc, eth], key: root, ...options });
  const bybit = await connectBybit({
    ...{
      restUrl: loopback.restUrl,
      rateLimitMs: 1,
      pauseMs: 1,
      sleep: async () => undefined,
    },
    ...connect,
  });
  open.push(bybit, loopback);
  return { loopback, bybit };
}

/** Short where an answer stalls; else longer than any pause of a busy machine, which is no fault of the exchange. */
const deadlineFor = (kind: FaultKind): number =>
  kind === "stalled-body" || kind === "slow-headers" ? 300 : 60_000;

const span = { interval: "60", since: start, until: start + 2500 * HOUR };

/** Equal but for the digits in which the exchange quotes. */
function expectSame(got: Bars, want: Bars): void {
  expect(got.openTime).toEqual(want.openTime);
  for (const name of ["open", "high", "low", "close", "volume"] as const) {
    got[name].forEach((value, t) => {
      expect(Math.abs(value / want[name][t]! - 1)).toBeLessThan(1e-6);
    });
  }
}

test("all closed bars come, oldest first, over several pages: exact, without a hole", async () => {
  // BV-53, BV-56, VF-40
  const { loopback, bybit } = await exchange();
  const { bars, gaps, pages, retries } = await fetchBars(bybit, { symbol: "BTCUSDT", ...span });
  expectSame(bars, btc);
  expect([gaps, pages, retries]).toEqual([[], 3, 0]);
  expect(loopback.requests().map((r) => r.path)).toEqual(Array(3).fill("/v5/market/kline"));
});

test("the bar that is still open is never returned, and what lies after the span never matters", async () => {
  const { bybit } = await exchange({ now: () => start + 100 * HOUR + HOUR / 2 });
  const { bars } = await fetchBars(bybit, { symbol: "BTCUSDT", ...span });
  expectSame(bars, sliceBars(btc, 0, 100));
  const some = await fetchBars(bybit, { symbol: "BTCUSDT", ...span, until: start + 40 * HOUR });
  expectSame(some.bars, sliceBars(btc, 0, 40));
  const odd = await fetchBars(bybit, {
    symbol: "BTCUSDT",
    ...span,
    since: start + 1,
    until: start + 3 * HOUR + 1,
  });
  expectSame(odd.bars, sliceBars(btc, 1, 4));
});

test("names of Bybit and of ccxt mean the same markets; others are refused in words", async () => {
  // BV-54
  expect(instrumentOf("BTCUSDT")).toEqual({ symbol: "BTCUSDT", category: "linear" });
  expect(instrumentOf("BTC/USDT:USDT")).toEqual({ symbol: "BTCUSDT", category: "linear" });
  expect(instrumentOf("BTC/USDT")).toEqual({ symbol: "BTCUSDT", category: "spot" });
  expect(instrumentOf("BTC/USD:BTC")).toEqual({ symbol: "BTCUSD", category: "inverse" });
  expect(instrumentOf("BTCUSD")).toEqual({ symbol: "BTCUSD", category: "inverse" });
  expect(instrumentOf("BTCUSDT", "spot").category).toBe("spot");
  expect(() => instrumentOf("BTC/USDT", "linear")).toThrow("is a market of category spot");
  expect(() => instrumentOf("bitcoin!")).toThrow('got "bitcoin!"');
  expect(["60", "1h", "D", "1d", "1w"].map(parseInterval)).toEqual(["60", "60", "D", "D", "W"]);
  expect(() => parseInterval("7m")).toThrow("expected one of 1, 3, 5");
  expect(() => parseInterval("M")).toThrow("months");
  const { bybit } = await exchange();
  expectSame((await fetchBars(bybit, { symbol: "ETH/USDT:USDT", ...span })).bars, eth);
});

test("inverse and spot markets, coarser intervals, mark prices", async () => {
  const inverse = { ...sliceBars(btc, 0, 300), symbol: "BTCUSD", category: "inverse" as const };
  const { bybit } = await exchange({ bars: [btc, { ...eth, category: "spot" as const }, inverse] });
  const coin = await fetchBars(bybit, { symbol: "BTC/USD:BTC", ...span, until: start + 300 * HOUR });
  coin.bars.volume.forEach((v, t) => {
    expect(Math.abs(v / btc.volume[t]! - 1)).toBeLessThan(1e-3); // base units, not contracts
  });
  expectSame((await fetchBars(bybit, { symbol: "ETH/USDT", ...span })).bars, eth);
  const days = await fetchBars(bybit, { symbol: "BTCUSDT", ...span, interval: "1d" });
  expect(days.bars.stepMs).toBe(24 * HOUR);
  expect(days.bars.close[0]).toBeCloseTo(btc.close[23]!, 4);
  const mark = await fetchBars(bybit, {
    symbol: "BTCUSDT",
    ...span,
    price: "mark",
    until: start + 50 * HOUR,
  });
  expect(mark.bars.openTime.length).toBe(50);
});

test("holes of the exchange are confirmed and reported, never filled", async () => {
  // BV-60
  const keep = Uint32Array.from(btc.openTime.keys()).filter((t) => t < 1200 || t >= 1210);
  const column = (x: Float64Array) => Float64Array.from(keep, (t) => x[t]!);
  const holed: Bars = {
    ...{ symbol: "BTCUSDT", stepMs: HOUR, openTime: column(btc.openTime), open: column(btc.open) },
    ...{ high: column(btc.high), low: column(btc.low), close: column(btc.close), volume: column(btc.volume) },
  };
  const { bybit } = await exchange({ bars: [holed] });
  const { bars, gaps, retries } = await fetchBars(bybit, { symbol: "BTCUSDT", ...span });
  expectSame(bars, holed);
  expect(gaps).toEqual([{ after: start + 1199 * HOUR, before: start + 1210 * HOUR, missing: 10 }]);
  expect(retries).toBe(1); // the page with the hole was asked twice
});

test.each(RECOVERABLE_FAULTS)("after the fault %s the bars are exact", async (kind) => {
  const { loopback, bybit } = await exchange(
    { bars: [sliceBars(btc, 0, 400)] },
    { deadlineMs: deadlineFor(kind) },
  );
  const times = kind === "duplicated-rows" ? 1 : 2; // which needs no second request
  loopback.fail(kind, times);
  const { bars, retries } = await fetchBars(bybit, { symbol: "BTCUSDT", ...span, until: start + 400 * HOUR });
  expectSame(bars, sliceBars(btc, 0, 400));
  expect(loopback.requests().filter((r) => r.fault === kind).length).toBe(times);
  expect(retries).toBeGreaterThanOrEqual(times - 1);
});

const KINDS: Partial<Record<FaultKind, string>> = {
  "geo-block": "location",
  "code-10001": "request",
  "rate-403": "rate limit",
  "http-429": "rate limit",
  "code-10006": "rate limit",
  "code-10018": "rate limit",
  "stalled-body": "timeout",
  "slow-headers": "timeout",
  "malformed-json": "payload",
  "html-page": "payload",
  "empty-body": "payload",
  "null-list": "payload",
  "another-symbol": "payload",
  "infinite-field": "payload",
  "empty-field": "payload",
  "nan-field": "payload",
  "high-below-low": "payload",
};

/** Those that pass through as an answer are no error: the tests above show what becomes of them. */
const ERRORS = FAULTS.filter((kind) => kind !== "duplicated-rows" && kind !== "missing-rows");

test.each(ERRORS)("the fault %s, when it stays, is an error that names kind and symbol", async (kind) => {
  const { loopback, bybit } = await exchange(
    { bars: [sliceBars(btc, 0, 50)] },
    { retries: 2, deadlineMs: deadlineFor(kind) },
  );
  loopback.fail(kind, 9);
  const failed = await fetchBars(bybit, { symbol: "BTCUSDT", ...span, until: start + 50 * HOUR }).catch(
    (e) => e,
  );
  expect(failed).toBeInstanceOf(BybitError);
  expect(failed.message).toMatch(/^BTCUSDT: .*\[2024-01-01T00:00:00.000Z to /);
  if (KINDS[kind]) expect(failed.kind).toBe(KINDS[kind]);
  expect(failed.attempts).toBe(kind === "geo-block" || kind === "code-10001" ? 1 : 3);
  if (kind === "geo-block") expect(failed.message).toContain("refuses this location");
  if (kind === "rate-403") expect(failed.message).toContain("ten minutes");
});

test("funding rates, the order book and trades: checked, in order, of the symbol asked for", async () => {
  const time = Float64Array.from({ length: 450 }, (_, i) => start + (i + 1) * 8 * HOUR);
  const rate = time.map((_, i) => ((i % 7) - 3) / 1e4);
  const { bybit } = await exchange({
    fundings: { BTCUSDT: { time, rate } },
    now: () => start + 451 * 8 * HOUR,
  });
  const all = await fetchFundingRates(bybit, {
    symbol: "BTCUSDT",
    since: start,
    until: start + 500 * 8 * HOUR,
  });
  expect(all.time).toEqual(time);
  expect(all.rate).toEqual(rate);
  const part = await fetchFundingRates(bybit, {
    symbol: "BTC/USDT:USDT",
    since: time[10]!,
    until: time[20]!,
  });
  expect(part.time).toEqual(time.slice(10, 20));
  const { bids, asks } = await fetchOrderBook(bybit, { symbol: "BTCUSDT", depth: 25 });
  expect(bids.length).toBe(25);
  expect(bids[0]![0]).toBeLessThan(asks[0]![0]);
  const trades = await fetchTrades(bybit, { symbol: "BTCUSDT", limit: 50 });
  expect(trades.length).toBe(50);
  expect(trades.every((t, i) => i === 0 || t.time >= trades[i - 1]!.time)).toBe(true);
  await expect(fetchFundingRates(bybit, { symbol: "BTC/USDT", since: 0, until: 1 })).rejects.toThrow(
    "spot pays no",
  );
});

test("an unknown symbol is fatal at once, and the other symbols are whole", async () => {
  // VP-66
  const { loopback, bybit } = await exchange();
  const outcomes = await fetchMany(
    bybit,
    ["BTCUSDT", "NOSUCHUSDT", "ETHUSDT"].map((symbol) => ({ symbol, ...span })),
  );
  expect(outcomes.map((o) => o.fetched?.bars.openTime.length)).toEqual([2500, undefined, 2500]);
  expect(outcomes[1]!.error).toMatchObject({ kind: "symbol", symbol: "NOSUCHUSDT", attempts: 1 });
  expect(loopback.requests().length).toBeLessThan(12);
});

test("stopped on request: the pages before were handed over in order of time", async () => {
  const { bybit } = await exchange();
  const stop = new AbortController();
  const pages: FetchedPage[] = [];
  const fetching = fetchBars(
    bybit,
    { symbol: "BTCUSDT", interval: "60", since: start - 9000 * HOUR, until: span.until },
    {
      signal: stop.signal,
      onPage: (page) => {
        pages.push(page);
        if (pages.length === 2) stop.abort();
      },
    },
  );
  await expect(fetching).rejects.toMatchObject({ kind: "stopped" });
  expect(pages.map((page) => page.since)).toEqual(pages.map((_, i) => start - (9000 - 1000 * i) * HOUR));
});

test("40 % of the requests go wrong in every way that passes, 20,000 bars of four symbols: every bar exact, none invented", async () => {
  // BV-59, VP-65
  const { bars: long } = simulate({
    symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT", "ADAUSDT"],
    bars: 20_000,
    key: root,
  });
  const { loopback, bybit } = await exchange(
    { bars: long.map(plain), faults: { share: 0.4, kinds: RECOVERABLE_FAULTS }, key: fold(root, "storm") },
    { retries: 20, deadlineMs: 250 },
  );
  const queries = long.map((b) => ({ symbol: b.symbol, ...span, until: start + 20_000 * HOUR }));
  const outcomes = await fetchMany(bybit, queries);
  outcomes.forEach(({ fetched, error }, a) => {
    expect(error).toBeUndefined();
    expect(fetched!.bars.openTime).toEqual(long[a]!.openTime);
    const worst = fetched!.bars.close.reduce(
      (w, c, t) => Math.max(w, Math.abs(c / long[a]!.close[t]! - 1)),
      0,
    );
    expect(worst).toBeLessThan(1e-6);
  });
  const struck = loopback.requests().filter((r) => r.fault !== "none");
  expect(struck.length).toBeGreaterThan(30);
  expect(new Set(struck.map((r) => r.fault)).size).toBeGreaterThan(15);
});

const fixtures = resolve("../shared/bybit-fixtures/derived_v5_kline");
const there = existsSync(fixtures);
describe.skipIf(!there)(
  `real pages${there ? "" : " (skipped: no ../shared/bybit-fixtures beside the project)"}`,
  () => {
    const names = there ? readdirSync(fixtures).filter((name) => /_60_p0\.json$/.test(name)) : [];
    test.each(names)("%s comes through with its very values, in order of time", async (name) => {
      const body = JSON.parse(readFileSync(resolve(fixtures, name), "utf8"));
      const all = [...body.result.list].reverse() as string[][];
      const rows = all.filter((row) => Number(row[0]) + HOUR <= Number(body.time)); // the last may still be open
      const since = Number(rows[0]![0]);
      const until = Number(all.at(-1)![0]) + HOUR;
      const { symbol, category } = body.result;
      const query = {
        category,
        symbol,
        interval: "60",
        start: String(since),
        end: String(until - 1),
        limit: "1000",
      };
      const { bybit } = await exchange({ bars: [{ ...btc, symbol: "XXXUSDT" }], pages: [{ query, body }] });
      const { bars, gaps } = await fetchBars(bybit, { symbol, interval: "60", since, until });
      expect(Array.from(bars.close)).toEqual(rows.map((row) => Number(row[4])));
      expect(Array.from(bars.volume)).toEqual(rows.map((row) => Number(row[5])));
      expect(gaps).toEqual([]);
    });
  },
);
