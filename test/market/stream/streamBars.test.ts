import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { exchangeOf } from "../../../lib/testing/exchange.js";
import { RECOVERABLE_FAULTS } from "../../../lib/testing/faults/faults.js";
import { candleAt } from "../../../lib/testing/messages/candles.js";
import { ticksBetween } from "../../../lib/testing/messages/ticks.js";
import type { Loopback } from "../../../lib/testing/types.js";
import { START } from "../loopbackFixtures.js";
import {
  exchange,
  expectExact,
  type Listening,
  listen,
  MINUTE,
  minutes,
  OPENED,
  openSockets,
  play,
  statuses,
  toldBars,
  until,
  without,
} from "./streamFixtures.js";

const BTC = minutes("BTCUSDT", 80);
const ETH = minutes("ETHUSDT", 80);
const END = OPENED + 20 * MINUTE;

let loopback: Loopback;
let listening: Listening;
const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);

beforeEach(async () => {
  rejections.length = 0;
  process.on("unhandledRejection", note);
  loopback = await exchange([BTC, ETH]);
});

afterEach(async () => {
  await listening?.stream.close();
  await until(() => openSockets(loopback) === 0);
  await loopback.close();
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

const klines = () => loopback.requests().filter(({ path }) => path === "/v5/market/kline").length;

// VI-92, BN-69
describe("closed candles", () => {
  test("come once, in order, as the exchange has them, of several symbols", async () => {
    listening = await listen(loopback, { symbols: ["BTCUSDT", "ETH/USDT:USDT"] });
    await play(loopback, listening, END);
    expectExact(listening.events, BTC, OPENED, END);
    expectExact(listening.events, ETH, OPENED, END);
    expect(listening.stream.counts()).toMatchObject({ bars: 40, backfilled: 0, duplicates: 0, badFrames: 0 });
    expect(statuses(listening.events)).toEqual(["connected"]);
    expect(klines()).toBe(0);
  });

  test("of inverse and spot markets have the volume that REST tells", async () => {
    const usd = { ...minutes("BTCUSD", 80), category: "inverse" as const };
    await loopback.close();
    loopback = await exchange([usd]);
    await loopback.advance(OPENED + 1);
    listening = await listen(loopback, { symbols: ["BTC/USD:BTC"], since: { BTCUSD: START } }, { lateMs: 1 });
    await until(() => listening.stream.counts().bars === 10);
    await play(loopback, listening, OPENED + 5 * MINUTE);
    expectExact(listening.events, usd, START, OPENED + 5 * MINUTE);
  });

  test.each([
    ["duplicate-candle", { duplicates: 1, gapsMended: 0 }, []],
    ["late-candle", { duplicates: 0, backfilled: 0 }, []],
    ["lost-candle", { duplicates: 0, backfilled: 1, gapsMended: 1 }, ["backfilled"]],
    ["corrected-candle", { duplicates: 1, gapsMended: 0 }, []],
    ["broken-candle", { badFrames: 1, backfilled: 1, gapsMended: 1 }, ["bad frame", "backfilled"]],
  ] as const)("are exact after a %s", async (fault, counts, told) => {
    listening = await listen(loopback);
    await play(loopback, listening, OPENED + 3.5 * MINUTE);
    loopback.disturb(fault);
    await play(loopback, listening, END);
    expectExact(listening.events, BTC, OPENED, END);
    expect(listening.stream.counts()).toMatchObject({ bars: 20, ...counts });
    expect(statuses(listening.events).slice(1)).toEqual(told);
  });

  test("that were lost are asked for when they are late, before the next one closes", async () => {
    listening = await listen(loopback, {}, { lateMs: MINUTE / 4 });
    await play(loopback, listening, OPENED + 3.5 * MINUTE);
    loopback.disturb("lost-candle");
    await play(loopback, listening, OPENED + 4.5 * MINUTE);
    await until(() => toldBars(listening.events).length === 4);
    expect(listening.events.filter(({ kind }) => kind === "bar").at(-1)).toMatchObject({
      origin: "backfill",
    });
  });

  test("that the exchange does not have are told as missing and then skipped", async () => {
    const gappy = without(BTC, 14, 15, 16);
    await loopback.close();
    loopback = await exchange([gappy]);
    listening = await listen(loopback);
    await play(loopback, listening, END);
    expectExact(listening.events, gappy, OPENED, END);
    expect(listening.stream.counts()).toMatchObject({ missing: 3, backfilled: 0, bars: 17 });
    const missing = listening.events.filter((event) => event.kind === "status" && event.what === "missing");
    expect(missing).toMatchObject([
      {
        detail:
          "BTCUSDT: 3 candles from 2024-01-01T00:14:00.000Z to before 2024-01-01T00:17:00.000Z: the exchange has none",
      },
    ]);
  });

  test("that have not begun by the clock of REST are bad frames", async () => {
    const slow = await exchange([BTC]); // its clock stays where it is
    listening = await listen(slow, {}, { wsUrl: loopback.wsUrl });
    loopback.disturb("lost-candle");
    await loopback.advance(OPENED + 3 * MINUTE);
    await until(() => listening.stream.counts().badFrames > 0);
    expect(toldBars(listening.events)).toEqual([]);
    expect(listening.stream.counts().missing).toBe(0);
    await listening.stream.close();
    await slow.close();
  });
});

describe("since", () => {
  test("is where the candles begin, and there is no seam to the stream", async () => {
    await loopback.advance(OPENED + 1);
    listening = await listen(loopback, { since: { BTCUSDT: START + 2 * MINUTE } }, { lateMs: 1 });
    await until(() => toldBars(listening.events).length === 8);
    expect(listening.stream.counts()).toMatchObject({ backfilled: 8, gapsMended: 1 });
    await play(loopback, listening, END);
    expectExact(listening.events, BTC, START + 2 * MINUTE, END);
  });

  test("before the first candle of the exchange tells what is missing", async () => {
    await loopback.advance(OPENED + 1);
    listening = await listen(loopback, { since: { BTCUSDT: START - 5 * MINUTE } }, { lateMs: 1 });
    await until(() => toldBars(listening.events).length === 10);
    expect(listening.stream.counts().missing).toBe(5);
  });

  test("long ago is fetched in many pages, with faults of REST", async () => {
    const long = minutes("BTCUSDT", 2600);
    const now = START + 2500 * MINUTE;
    await loopback.close();
    const faults = { share: 0.3, kinds: RECOVERABLE_FAULTS };
    loopback = await exchange([long], { now: () => now + 1, faults });
    listening = await listen(
      loopback,
      { since: { BTCUSDT: START } },
      { lateMs: 1, deadlineMs: 300, retries: 30 },
    );
    await until(() => toldBars(listening.events).length === 2500);
    expectExact(listening.events, long, START, now);
  });
});

describe("a connection that", () => {
  test("drops is dialled again, and what it missed is filled before what came later", async () => {
    listening = await listen(loopback);
    await play(loopback, listening, OPENED + 3.5 * MINUTE);
    loopback.refuse(1e6);
    expect(loopback.drop()).toBe(1);
    await until(() => statuses(listening.events).includes("refused"));
    await loopback.advance(OPENED + 9.5 * MINUTE);
    loopback.refuse(0);
    await until(() => listening.stream.counts().reconnects === 1);
    await play(loopback, listening, END);
    expectExact(listening.events, BTC, OPENED, END);
    expect(listening.stream.counts()).toMatchObject({ bars: 20, reconnects: 1, badFrames: 0 });
    const told = statuses(listening.events).filter((what) => what !== "refused");
    expect(told.slice(0, 2)).toEqual(["connected", "dropped"]);
    expect(new Set(told.slice(2))).toEqual(new Set(["connected", "backfilled"])); // REST is asked while nobody answers, too
  });

  test("is refused is dialled until it is not, with growing pauses by random shares", async () => {
    const pauses: number[] = [];
    const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
      if (ms !== 1000 && ms !== 45_000) pauses.push(ms); // those of the watch
      return new Promise((resolve) => setTimeout(resolve, signal?.aborted ? 0 : 1));
    };
    listening = await listen(loopback, {}, { sleep, pauseMs: 400 });
    loopback.refuse(6);
    loopback.drop();
    await loopback.advance(OPENED + 4.5 * MINUTE);
    await until(() => listening.stream.counts().reconnects === 1);
    await play(loopback, listening, END);
    expectExact(listening.events, BTC, OPENED, END);
    expect(statuses(listening.events).filter((what) => what === "refused")).toHaveLength(6);
    expect(pauses).toHaveLength(7);
    for (const [i, ms] of pauses.entries()) {
      const whole = 400 * 2 ** (i + 1); // the first connection had not brought any data
      expect(ms).toBeGreaterThanOrEqual(whole / 2);
      expect(ms).toBeLessThanOrEqual(whole);
    }
  });

  test("is silent is given up, and what it kept back is filled", async () => {
    listening = await listen(loopback);
    await play(loopback, listening, OPENED + 2.5 * MINUTE);
    loopback.silence(true);
    await play(loopback, listening, OPENED + 8.5 * MINUTE);
    await until(() => statuses(listening.events).includes("silent"));
    loopback.silence(false);
    loopback.drop(); // the one that was dialled into the silence
    await until(() => listening.stream.counts().reconnects >= 1);
    await play(loopback, listening, END);
    expectExact(listening.events, BTC, OPENED, END);
  });

  test("brings broken JSON stays, and the candle is filled", async () => {
    listening = await listen(loopback);
    await play(loopback, listening, OPENED + 2.5 * MINUTE);
    loopback.disturb("bad-json", 10);
    await play(loopback, listening, END);
    expectExact(listening.events, BTC, OPENED, END);
    expect(listening.stream.counts()).toMatchObject({ badFrames: 10, reconnects: 0 });
    expect(statuses(listening.events).filter((what) => what === "bad frame")).toHaveLength(10);
  });

  test("is open is pinged, and the answer is heard", async () => {
    listening = await listen(loopback, {}, { pingMs: 150 });
    const pings = () =>
      loopback.sockets().filter(({ text }) => text !== "" && JSON.parse(text).op === "ping").length;
    await until(() => pings() >= 5); // without an answer ccxt gives up after two
    expect(openSockets(loopback)).toBe(1);
    expect(statuses(listening.events)).toEqual(["connected"]);
  });

  test("answers no ping is given up", async () => {
    listening = await listen(loopback, {}, { pingMs: 10 });
    loopback.silence(true);
    await until(() => statuses(listening.events).includes("dropped"));
    loopback.silence(false);
    await until(() => listening.stream.counts().reconnects >= 1);
  });
});

describe("revisions", () => {
  test("are of the candle that is due next, the newest the last", async () => {
    listening = await listen(loopback);
    await play(loopback, listening, END);
    let due = OPENED;
    for (const event of listening.events) {
      if (event.kind === "revision") expect(event.bar.time).toBe(due);
      if (event.kind === "bar") due = event.bar.time + MINUTE;
    }
    const last = listening.events.filter(({ kind }) => kind === "revision").at(-1);
    expect(last).toMatchObject({ bar: { time: END, open: BTC.open[30] } });
  });

  test("poke the future: candles not yet begun change none", async () => {
    const truth = exchangeOf({ bars: [BTC], key: key(1) });
    const grid = truth.grid(truth.find("linear", "BTCUSDT")!, "1")!;
    const known = new Set<string>();
    for (const trade of ticksBetween(BTC, OPENED - 1, OPENED + 5 * MINUTE)) {
      const { opening, ...prices } = candleAt(grid, Math.floor((trade.time - START) / MINUTE), trade.time)!;
      const { open, high, low, close, volume } = prices;
      known.add(JSON.stringify({ time: opening, open, high, low, close, volume }));
    }
    const moved = (column: Float64Array) => column.map((value, t) => (t > 14 ? value * 1.5 : value));
    const [open, high, low] = [moved(BTC.open), moved(BTC.high), moved(BTC.low)];
    await loopback.close();
    loopback = await exchange([
      { ...BTC, open, high, low, close: moved(BTC.close), volume: moved(BTC.volume) },
    ]);
    listening = await listen(loopback);
    await play(loopback, listening, OPENED + 4.9 * MINUTE);
    const told = listening.events.flatMap((event) => (event.kind === "revision" ? [event.bar] : []));
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((bar) => !known.has(JSON.stringify(bar)))).toEqual([]);
    expectExact(listening.events, BTC, OPENED, OPENED + 4.9 * MINUTE);
  });
});

describe("what makes no sense", () => {
  test("is refused before anything is dialled", async () => {
    const failing = async (query: object, options: object = {}) =>
      listen(loopback, query, options).then(
        () => "opened",
        (error: Error) => error.message,
      );
    expect(await failing({ symbols: [] })).toContain("at least one");
    expect(await failing({ symbols: ["BTCUSDT", "BTC/USDT:USDT"] })).toContain(
      "each once, got BTCUSDT twice",
    );
    expect(await failing({ symbols: ["BTCUSDT", "BTCUSD"] })).toContain("one category");
    expect(await failing({ interval: "7" })).toContain("interval");
    expect(await failing({ since: { BTCUSDT: Number.NaN } })).toContain("whole milliseconds");
    expect(await failing({ since: { XRPUSDT: START } })).toContain("got XRPUSDT");
    expect(await failing({ bookDepth: 7 })).toContain("bookDepth: expected 1, 50 or 200, got 7");
    expect(await failing({}, { wsUrl: "http://x" })).toContain("wsUrl: expected ws:// or wss://");
    expect(await failing({}, { staleMs: 0 })).toContain("staleMs: expected a positive number");
    expect(await failing({ symbols: ["BTCUSDC"] })).toContain("near it are BTCUSDT");
    expect(loopback.sockets()).toEqual([]);
  });
});
