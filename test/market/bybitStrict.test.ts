import { afterEach, describe, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import type { ConnectOptions } from "../../lib/market/bybit/connect.js";
import type { BybitError } from "../../lib/market/bybit/error.js";
import { type Fetched, fetchBars, fetchMany } from "../../lib/market/bybit/fetch.js";
import { editDistance } from "../../lib/market/bybit/nearNames.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback, LoopbackOptions } from "../../lib/testing/types.js";
import { envelope, hasty, rows, type Server, serve } from "./bybitServer.js";
import { HOUR, START, walk } from "./loopbackFixtures.js";

const TEN = { symbol: "BTCUSDT", interval: "60", since: START, until: START + 10 * HOUR };
const MINUTES = 300_000;
const SOUND = rows(START, START + 10 * HOUR);

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function asked(server: Server, query: object = {}, options: ConnectOptions = {}) {
  const bybit = await hasty(server.url, options);
  open.push(bybit, server);
  return fetchBars(bybit, { ...TEN, ...query });
}

async function refused(
  server: Server,
  query: object = {},
  options: ConnectOptions = {},
): Promise<BybitError> {
  return asked(server, query, options).then(
    ({ bars }: Fetched) => expect.fail(`got ${bars.openTime.length} bars`),
    (error) => error,
  );
}

async function loopback(options: Partial<LoopbackOptions> = {}): Promise<Loopback> {
  const started = await startLoopback({ bars: [walk("BTCUSDT", 100)], key: key(1), ...options });
  open.push(started);
  return started;
}

describe("a page is refused, not mended, when", () => {
  // BV-55
  const put = (row: readonly string[], values: Record<number, string>): string[] =>
    row.map((field, column) => values[column] ?? field);
  const changed = (values: Record<number, string>): string[][] => SOUND.map((row) => put(row, values));
  const shifted = SOUND.map((row) => put(row, { 0: String(Number(row[0]) + 60_000) }));
  const PAGES: readonly (readonly [string, object, RegExp])[] = [
    ["its envelope does not tell the time", envelope(SOUND, { time: undefined }), /time/],
    ["its time is null", envelope(SOUND, { time: null }), /time/],
    ["its time is empty", envelope(SOUND, { time: "" }), /time/],
    ["its time is zero", envelope(SOUND, { time: 0 }), /time/],
    ["its code is null", envelope(SOUND, { retCode: null }), /retCode/],
    ["its code is empty", envelope(SOUND, { retCode: "" }), /retCode/],
    ["its rows are off the grid", envelope(shifted), /09:01:00.000Z: expected an opening time/],
    ["its rows are of a finer grid", envelope(rows(START, TEN.until, { stepMs: MINUTES })), /opening time/],
    ["its rows lie before the window", envelope(rows(START - 10 * HOUR, START)), /expected a time from/],
    ["its rows lie after the window", envelope(rows(TEN.until, TEN.until + HOUR)), /expected a time from/],
    ["a row has a field too many", envelope(SOUND.map((row) => [...row, "1"])), /expected 7 fields, got 8/],
    ["a row has a field too few", envelope(SOUND.map((row) => row.slice(1))), /expected 7 fields, got 6/],
    ["a number overflows", envelope(changed({ 5: "1e999" })), /expected a number as field 6/],
    ["a volume is negative", envelope(changed({ 5: "-1" })), /volume and turnover of at least 0/],
    ["a price is zero", envelope(changed({ 1: "0", 2: "0", 3: "0", 4: "0" })), /positive prices/],
    ["it does not say whose it is", envelope([], { result: { list: SOUND } }), /symbol/],
    [
      "two of its rows of one time differ",
      envelope([...SOUND, put(SOUND[0]!, { 4: "100.5" })]),
      /two different/,
    ],
  ];

  test.each(PAGES)("%s", async (_, body, words) => {
    const error = await refused(await serve(() => body));
    expect(["payload", "server"]).toContain(error.kind); // a missing code is the server's to ccxt
    expect(error.message).toMatch(words);
    expect([error.symbol, error.attempts, error.window]).toEqual([
      "BTCUSDT",
      4,
      { since: TEN.since, until: TEN.until },
    ]);
  });

  test("and comes through when it is sound, bars without a trade among them", async () => {
    const quiet = SOUND.map((row) => [row[0], "100", "100", "100", "100", "0", "0"]);
    const { bars } = await asked(await serve(() => envelope(quiet)));
    expect(Array.from(bars.openTime)).toEqual(Array.from({ length: 10 }, (_, i) => START + i * HOUR));
    expect(bars.volume.every((volume) => volume === 0)).toBe(true);
  });
});

test("the premium index of Bybit's documentation, which opens outside its high and low, comes through", async () => {
  const list = [
    ["1652486400000", "-0.000587", "-0.000344", "-0.000480", "-0.000344"],
    ["1652400000000", "-0.000989", "-0.000561", "-0.000587", "-0.000587"],
  ];
  const days = { interval: "D", price: "premium", since: 1652400000000, until: 1652486400001 };
  const { bars } = await asked(await serve(() => envelope(list)), days);
  expect(Array.from(bars.close)).toEqual([-0.000587, -0.000344]);
});

describe("answers that leave rows out or differ", () => {
  const some = (price: number, count = 9) => envelope(rows(START, START + count * HOUR, { price }));

  test("are never settled by the last word: two must agree", async () => {
    const turning = await refused(await serve((_, count) => some(100 + (count % 2))));
    expect(turning.kind).toBe("payload");
    expect(turning.message).toContain("12 answers to one question do not agree");
    const { bars, retries } = await asked(await serve((_, count) => some(count === 0 ? 100 : 200)));
    expect(Array.from(bars.close)).toEqual(Array(9).fill(200));
    expect(retries).toBe(2);
  });

  test("together have the rows that either had", async () => {
    const halves = [SOUND.slice(0, 6), SOUND.slice(4)];
    const { bars, gaps } = await asked(await serve((_, count) => envelope(halves[count])));
    expect(bars.openTime.length).toBe(10);
    expect(gaps).toEqual([]);
  });

  test("in three fifths of all requests hide no bar and invent no hole", async () => {
    const all = walk("BTCUSDT", 600);
    const close = all.close.map((value, t) => (t % 97 === 5 ? Number.NaN : value)); // the loopback's missing bars
    for (let seed = 0; seed < 10; seed++) {
      const faults = { share: 0.6, kinds: ["missing-rows"] as const };
      const exchange = await loopback({ bars: [{ ...all, close }], key: key(seed), faults });
      const bybit = await hasty(exchange.restUrl);
      const { bars, gaps } = await fetchBars(bybit, { ...TEN, until: START + 600 * HOUR });
      expect(bars.openTime.length).toBe(593);
      expect(gaps.map(({ missing }) => missing)).toEqual(Array(7).fill(1));
    }
  });
});

test("bars missing before the first and after the last are reported too", async () => {
  // BV-60
  const exchange = await loopback({ now: () => START + 300 * HOUR });
  const bybit = await hasty(exchange.restUrl);
  const span = { ...TEN, since: START - 50 * HOUR, until: START + 150 * HOUR };
  expect((await fetchBars(bybit, span)).gaps).toEqual([
    { after: START - 51 * HOUR, before: START, missing: 50 },
    { after: START + 99 * HOUR, before: START + 150 * HOUR, missing: 50 },
  ]);
  const nothing = await fetchBars(bybit, { ...span, since: START + 110 * HOUR });
  expect(nothing.bars.openTime.length).toBe(0);
  expect(nothing.gaps).toEqual([{ after: START + 109 * HOUR, before: START + 150 * HOUR, missing: 40 }]);
});

test("bars that have not closed are no gap, and pages of the future are not asked for", async () => {
  const exchange = await loopback();
  const { bars, gaps, pages } = await fetchBars(await hasty(exchange.restUrl), {
    ...TEN,
    until: START + 20_000 * HOUR,
  });
  expect([bars.openTime.length, gaps, pages]).toEqual([100, [], 20]);
  expect(exchange.requests().length).toBeLessThanOrEqual(4); // those under way before the first answer
});

test("spans that make no sense are refused before anything is asked", async () => {
  const server = await serve(() => envelope(SOUND));
  for (const wrong of [{ since: 0.5 }, { since: Number.NaN }, { until: 1e300 }, { until: START }])
    await expect(asked(server, wrong)).rejects.toThrow(RangeError);
  expect(server.at).toEqual([]);
});

describe("the cause of an error is told from the answer, not from the address:", () => {
  const since = 1_710_024_000_000; // the digits of 10024, Bybit's code for a refused location
  const window = { interval: "5", since, until: since + 10 * MINUTES };

  test("a broken connection is asked again", async () => {
    const list = rows(since, window.until, { stepMs: MINUTES });
    const body = envelope(list, { time: since + HOUR });
    const { bars } = await asked(await serve((_, count) => (count === 0 ? undefined : body)), window);
    expect(bars.openTime.length).toBe(10);
  });

  test("a server in trouble is the server", async () => {
    expect((await refused(await serve(() => "sorry", 500), window)).kind).toBe("server");
  });

  test("the code itself is a refused location, at once", async () => {
    const body = { retCode: 10024, retMsg: "Compliance rules triggered", result: {}, time: START };
    expect(await refused(await serve(() => body))).toMatchObject({ kind: "location", attempts: 1 });
  });
});

test("an unknown symbol is told with the names near it", async () => {
  const exchange = await loopback();
  const wrong = fetchBars(await hasty(exchange.restUrl), { ...TEN, symbol: "BTCUSTD" });
  await expect(wrong).rejects.toThrow(/^BTCUSTD: Bybit knows no such symbol.*near it are BTCUSDT/);
  expect([
    editDistance("kitten", "sitting"),
    editDistance("ab", "ba"),
    editDistance("", "abc"),
    editDistance("x", "x"),
  ]).toEqual([3, 1, 3, 0]);
});

describe("one connection", () => {
  // BV-59
  const ofAny = ({ symbol }: Record<string, string>) =>
    envelope([], { result: { symbol, category: "linear", list: SOUND } });
  const dozen = Array.from({ length: 12 }, (_, i) => ({ ...TEN, symbol: `S${i}USDT` }));

  test("keeps its distance between requests, and waiting for it is no timeout", async () => {
    const server = await serve(ofAny);
    const bybit = await hasty(server.url, { rateLimitMs: 50, deadlineMs: 300, retries: 0 });
    open.push(bybit, server);
    const outcomes = await fetchMany(bybit, dozen);
    expect(outcomes.filter(({ error }) => error)).toEqual([]);
    expect(server.at.at(-1)! - server.at[0]!).toBeGreaterThan(9 * 50); // the bucket lets two through at once
  });

  test("rests for ten minutes, all of it, when Bybit finds it too frequent, and says so first", async () => {
    const exchange = await loopback({ bars: dozen.map(({ symbol }) => walk(symbol, 20)) });
    exchange.fail("rate-403", 1);
    const told: { ms: number; message: string }[] = [];
    let [wake, slept] = [(): void => undefined, 0];
    const bybit = await hasty(exchange.restUrl, {
      rateLimitMs: 5,
      onPause: (pause) => told.push(pause),
      sleep: (ms) => new Promise((resolve) => ([wake, slept] = [resolve, ms])),
    });
    const first = fetchBars(bybit, dozen[0]!);
    while (slept === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const others = fetchMany(bybit, dozen.slice(1));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(exchange.requests().length).toBe(1);
    expect(slept).toBeGreaterThanOrEqual(600_000);
    expect(told).toMatchObject([{ kind: "rate limit", ms: slept }]);
    expect(told[0]!.message).toContain("ten minutes");
    wake();
    expect((await first).bars.openTime.length).toBe(10);
    expect((await others).every(({ fetched }) => fetched?.bars.openTime.length === 10)).toBe(true);
  });

  test("lets go of a body that stalls, so that the process can end", async () => {
    const server = await serve((_, count) => (count === 0 ? "stall" : envelope(SOUND)));
    const { bars } = await asked(server, {}, { deadlineMs: 100 });
    expect(bars.openTime.length).toBe(10);
    await open[0]!.close();
    const stalled = await serve(() => "stall");
    const bybit = await hasty(stalled.url, { deadlineMs: 60_000, retries: 0 });
    const fetching = fetchBars(bybit, TEN).catch((error) => error);
    while (stalled.at.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await bybit.close();
    await stalled.deserted();
    expect((await fetching).kind).not.toBe("payload");
    stalled.close();
  });

  test.each(["pause", "request"])("stops in the middle of a %s", async (where) => {
    const stop = new AbortController();
    const server = await serve(() => (where === "pause" ? undefined : "stall"));
    const pausing = { sleep: () => new Promise<void>(() => undefined), onPause: () => stop.abort() };
    const bybit = await hasty(server.url, { deadlineMs: 60_000, ...(where === "pause" ? pausing : {}) });
    open.push(bybit, server);
    const fetching = fetchBars(bybit, TEN, { signal: stop.signal }).catch((error) => error);
    while (server.at.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    if (where === "request") stop.abort();
    expect(await fetching).toMatchObject({ kind: "stopped", symbol: "BTCUSDT" });
  });

  test("asks for no page behind one that failed", async () => {
    const exchange = await loopback({ bars: [walk("BTCUSDT", 20_000)] });
    const full = fetchBars(
      await hasty(exchange.restUrl),
      { ...TEN, until: START + 20_000 * HOUR },
      { onPage: () => Promise.reject(new Error("disk full")) },
    );
    await expect(full).rejects.toThrow("disk full");
    expect(exchange.requests().length).toBeLessThan(10);
  });
});
