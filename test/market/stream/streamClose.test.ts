import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStream } from "../../../lib/market/stream/stream.js";
import type { MarketStream, StreamEvent } from "../../../lib/market/stream/types.js";
import type { Loopback } from "../../../lib/testing/types.js";
import { START } from "../loopbackFixtures.js";
import {
  blink,
  exchange,
  expectExact,
  listen,
  MINUTE,
  minutes,
  OPENED,
  openSockets,
  play,
  quiet,
  statuses,
  toldBars,
  until,
} from "./streamFixtures.js";

const BTC = minutes("BTCUSDT", 5000);

let loopback: Loopback;
const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);

beforeEach(async () => {
  rejections.length = 0;
  process.on("unhandledRejection", note);
  loopback = await exchange([BTC]);
});

afterEach(async () => {
  await until(() => openSockets(loopback) === 0);
  await loopback.close();
  await blink();
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

/** Timers and sockets of this process, but for those of the exchange. */
const handles = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

// VI-92: a clean end
describe("closing", () => {
  test("ends the loop, the sockets and the timers, and once more does no harm", async () => {
    const before = handles();
    const { stream, done } = await listen(loopback, { trades: true, bookDepth: 50 }, { sleep: patient });
    expect(openSockets(loopback)).toBe(1);
    await stream.close();
    await done;
    await stream.close();
    await until(() => openSockets(loopback) === 0);
    expect(handles()).toBeLessThanOrEqual(before);
  });

  test("comes with leaving the loop", async () => {
    const { stream, done } = await listen(loopback);
    await stream.close();
    await done;
    const other = await open();
    for await (const event of other) if (event.kind === "status") break;
    await until(() => openSockets(loopback) === 0);
    expect(loopback.sockets().filter(({ event }) => event === "open")).toHaveLength(2);
  });

  test("leaves what was told and not yet taken to be taken", async () => {
    const stream = await open({ since: { BTCUSDT: START } }, { lateMs: 1 });
    await loopback.advance(OPENED + 1);
    await until(() => stream.counts().bars === 10);
    await stream.close();
    const events: StreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expectExact(events, BTC, START, OPENED);
    expect(stream.counts().pending).toBe(0);
  });

  test("does not wait for the pauses of the machine's own clock", async () => {
    const stream = await open({}, { sleep: undefined, pauseMs: 60_000 });
    await until(() => stream.counts().pending === 1);
    loopback.drop();
    await until(() => stream.counts().pending >= 2); // "connected" and "dropped"
    await stream.close();
    const events: StreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(statuses(events)).toEqual(["connected", "dropped"]);
    expect(loopback.sockets().filter(({ event }) => event === "open")).toHaveLength(1);
  });

  test("works while it is dialled again", async () => {
    const { stream, events, done } = await listen(loopback);
    loopback.refuse(1e6);
    loopback.drop();
    await until(() => statuses(events).includes("refused"));
    await stream.close();
    await done;
  });

  test("works in a long pause before it is dialled again", async () => {
    let paused = false;
    const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
      paused ||= ms >= 30_000;
      await patient(ms >= 30_000 ? ms : 1, signal);
    };
    const { stream, done } = await listen(loopback, {}, { sleep, pauseMs: 1e7 });
    loopback.drop();
    await until(() => paused);
    await stream.close();
    await done;
  });

  test("works while the dialled server says nothing", async () => {
    loopback.silence(true);
    const stream = await open();
    await until(() => openSockets(loopback) === 1);
    await stream.close();
  });

  test("works during a backfill whose answer stalls", async () => {
    loopback.silence(true); // the WebSocket must not bring the candle first
    const stream = await open({ since: { BTCUSDT: START } }, { lateMs: 1 });
    loopback.fail("stalled-body", 5);
    await loopback.advance(OPENED + 1);
    await until(() => loopback.requests().some(({ fault }) => fault === "stalled-body"));
    await stream.close();
    expect(stream.counts().bars).toBe(0);
  });

  test("is what a fatal error of REST does, and the loop throws it", async () => {
    const { stream, done, events } = await listen(loopback);
    loopback.fail("geo-block", 9);
    loopback.disturb("lost-candle");
    await loopback.advance(OPENED + 3 * MINUTE);
    await expect(done).rejects.toThrow("refuses this location");
    expect(statuses(events)).toContain("backfill failed");
    await stream.close();
  });
});

describe("a backfill that fails", () => {
  test("is tried again, and nothing later is told before it succeeds", async () => {
    const listening = await listen(loopback, {}, { retries: 0 });
    loopback.fail("http-500", 4);
    loopback.disturb("lost-candle");
    await play(loopback, listening, OPENED + 20 * MINUTE);
    await until(() => toldBars(listening.events).length === 20);
    expectExact(listening.events, BTC, OPENED, OPENED + 20 * MINUTE);
    const told = statuses(listening.events);
    expect(told.filter((what) => what === "backfill failed").length).toBeGreaterThanOrEqual(2);
    expect(told.at(-1)).toBe("backfilled");
    await listening.stream.close();
  });
});

describe("a slow consumer", () => {
  test("gets every bar, of revisions the newest and of books that of each bar: what waits does not grow with the ticks", async () => {
    const stream = await open({ bookDepth: 50 });
    await until(() => openSockets(loopback) === 1);
    await quiet(stream);
    await loopback.subscribed("orderbook.50.BTCUSDT");
    for (let minute = 1; minute <= 60; minute++) {
      await loopback.advance(OPENED + minute * MINUTE);
      await quiet(stream);
    }
    await until(() => stream.counts().books === 421);
    expect(stream.counts()).toMatchObject({ bars: 60, revisions: 420 });
    expect(stream.counts().pending).toBe(60 + 61 + 1 + 1); // bars, their books and that of the next, a revision, "connected"
    await stream.close();
    const events: StreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expectExact(events, BTC, OPENED, OPENED + 60 * MINUTE);
    const bar = events.map(({ kind }) => kind).lastIndexOf("bar");
    const revision = events.findIndex(({ kind }) => kind === "revision");
    expect(revision).toBeGreaterThan(bar); // in the place of the newest
    expect(events[revision]).toMatchObject({ bar: { time: OPENED + 60 * MINUTE } });
  });

  test("with too much before it makes the stream wait, also that of a backfill", async () => {
    const stream = await open({ since: { BTCUSDT: START } }, { lateMs: 1, mostPending: 100 });
    await until(() => openSockets(loopback) === 1);
    await loopback.advance(START + 4000 * MINUTE + 1);
    await until(() => stream.counts().bars >= 1000);
    for (let turn = 0; turn < 50; turn++) await blink();
    expect(stream.counts().pending).toBeLessThanOrEqual(1100); // a page, and what there was before
    const events: StreamEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      if (toldBars(events.slice(-1)).some(([time]) => time === START + 3999 * MINUTE)) break;
    }
    expectExact(events, BTC, START, START + 4000 * MINUTE);
  });

  test("of trades loses the connection until it has taken half, and is told", async () => {
    const stream = await open({ trades: true }, { mostPending: 100, lateMs: 1 });
    await until(() => openSockets(loopback) === 1);
    await loopback.subscribed("publicTrade.BTCUSDT");
    for (let minute = 1; minute <= 30; minute++) {
      await loopback.advance(OPENED + minute * MINUTE);
      await quiet(stream);
    }
    await until(() => openSockets(loopback) === 0);
    expect(stream.counts().pending).toBeLessThan(150); // trades of a few minutes by REST at most, and bars
    await loopback.advance(OPENED + 30 * MINUTE + 1);
    const events: StreamEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      if (toldBars(events).length === 30) break;
    }
    expect(statuses(events)).toContain("full");
    expectExact(events, BTC, OPENED, OPENED + 30 * MINUTE);
  });
});

function open(query: object = {}, options: object = {}): Promise<MarketStream> {
  return openStream({
    query: { symbols: ["BTCUSDT"], interval: "1", ...query },
    ...{
      restUrl: loopback.restUrl,
      wsUrl: loopback.wsUrl,
      now: loopback.now,
      sleep: blink,
      rateLimitMs: 0.01,
    },
    ...{ lateMs: 2.5 * MINUTE, staleMs: 3 * MINUTE, ...options },
  });
}

function patient(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, 2 ** 30));
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
