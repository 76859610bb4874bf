import { afterEach, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import type { Bybit } from "../../lib/market/bybit/connect.js";
import { fetchFundingRates, fetchOrderBook, fetchTrades } from "../../lib/market/bybit/public.js";
import { instrumentOf } from "../../lib/market/bybit/symbol.js";
import type { FaultKind } from "../../lib/testing/faults/faults.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback, LoopbackOptions } from "../../lib/testing/types.js";
import { hasty } from "./bybitServer.js";
import { HOUR, START, walk } from "./loopbackFixtures.js";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function exchange(
  options: Partial<LoopbackOptions> = {},
): Promise<{ loopback: Loopback; bybit: Bybit }> {
  const bars = [walk("BTCUSDT", 100), walk("ETHUSDT", 100)];
  const loopback = await startLoopback({ bars, key: key(1), ...options });
  const bybit = await hasty(loopback.restUrl, { retries: 20 });
  open.push(bybit, loopback);
  return { loopback, bybit };
}

const time = Float64Array.from({ length: 450 }, (_, i) => START + (i + 1) * 8 * HOUR);
const rate = time.map((_, i) => ((i % 7) - 3) / 1e4);
const funded = { fundings: { BTCUSDT: { time, rate } }, now: () => START + 451 * 8 * HOUR };
const span = { symbol: "BTCUSDT", since: START, until: START + 500 * 8 * HOUR };

const OF_ROWS: readonly FaultKind[] = [
  "missing-rows",
  "another-symbol",
  "duplicated-rows",
  "infinite-field",
  "empty-field",
  "nan-field",
  "null-list",
  "reset",
];

test.each(OF_ROWS)("after the fault %s no funding rate is missing, doubled or another's", async (kind) => {
  const { loopback, bybit } = await exchange(funded);
  loopback.fail(kind, 1);
  const all = await fetchFundingRates(bybit, span);
  expect(all.time).toEqual(time);
  expect(all.rate).toEqual(rate);
});

test("half of all pages of funding lack rows: every rate comes", async () => {
  const faults = { share: 0.5, kinds: ["missing-rows"] as const };
  for (let seed = 0; seed < 10; seed++) {
    const { bybit } = await exchange({ ...funded, key: key(seed), faults });
    expect((await fetchFundingRates(bybit, span)).time).toEqual(time);
  }
});

test.each([
  ["in one page", 30, 2],
  ["on either side of two pages", 250, 200],
])("two rates that fall due less than an hour apart, %s, are refused", async (_, count, from) => {
  const close = Float64Array.from({ length: count }, (_, i) => START + (i + 1) * HOUR);
  const odd = close.map((due, i) => (i >= count - from ? due - HOUR / 2 : due));
  const fundings = (due: Float64Array) => ({
    fundings: { BTCUSDT: { time: due, rate: due.map((_, i) => i / 1e6) } },
    now: () => START + 1000 * HOUR,
  });
  const { bybit: hourly } = await exchange(fundings(close));
  expect((await fetchFundingRates(hourly, span)).time).toEqual(close);
  const { bybit } = await exchange(fundings(odd));
  await expect(fetchFundingRates(bybit, span)).rejects.toThrow(
    /^BTCUSDT: expected funding at most once an hour, got one at .*, 30\.0 min after the one before/,
  );
});

test("times that make no sense are refused", async () => {
  const { bybit } = await exchange(funded);
  for (const wrong of [{ since: Number.NaN }, { until: START }, { since: 0.5 }])
    await expect(fetchFundingRates(bybit, { ...span, ...wrong })).rejects.toThrow(RangeError);
  await expect(fetchOrderBook(bybit, { symbol: "BTCUSDT", depth: 0 })).rejects.toThrow(RangeError);
  await expect(fetchTrades(bybit, { symbol: "BTCUSDT", limit: 1.5 })).rejects.toThrow(RangeError);
});

test("trades of another symbol are never passed off as those asked for", async () => {
  const { loopback, bybit } = await exchange();
  const sound = await fetchTrades(bybit, { symbol: "BTCUSDT", limit: 50 });
  loopback.fail("another-symbol", 1);
  expect(await fetchTrades(bybit, { symbol: "BTCUSDT", limit: 50 })).toEqual(sound);
  expect(loopback.requests().at(-2)!.fault).toBe("another-symbol");
});

test("trades of one millisecond keep the order in which they happened", async () => {
  const at = START + 5 * HOUR;
  const trades = ["a", "b", "c"].map((id, i) => ({
    id,
    time: at,
    price: 100 + i,
    size: 1,
    side: "Buy" as const,
  }));
  const { bybit } = await exchange({ trades: { BTCUSDT: trades } });
  const got = await fetchTrades(bybit, { symbol: "BTCUSDT", limit: 3 });
  expect(got.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("a crossed book is asked for again", async () => {
  let count = 0;
  const book = () => {
    const bid = count++ === 0 ? 102 : 100;
    return { bids: [[bid, 1]] as [number, number][], asks: [[101, 1]] as [number, number][] };
  };
  const { loopback, bybit } = await exchange({ book });
  const { bids, asks } = await fetchOrderBook(bybit, { symbol: "BTCUSDT", depth: 1 });
  expect([bids, asks]).toEqual([[[100, 1]], [[101, 1]]]);
  expect(loopback.requests().length).toBe(2);
});

test("perpetuals that settle in USDC have Bybit's own name, dated futures are names too", () => {
  expect(instrumentOf("BTC/USDC:USDC")).toEqual({ symbol: "BTCPERP", category: "linear" });
  expect(instrumentOf("BTC/USDC")).toEqual({ symbol: "BTCUSDC", category: "spot" });
  expect(instrumentOf("BTC-26DEC25").symbol).toBe("BTC-26DEC25");
});
