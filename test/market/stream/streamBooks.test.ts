import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import type { OrderBook } from "../../../lib/market/bybit/public.js";
import { BookLine } from "../../../lib/market/stream/bookLine.js";
import type { BookFrame } from "../../../lib/market/stream/frames.js";
import type { StreamEvent } from "../../../lib/market/stream/types.js";
import { exchangeOf } from "../../../lib/testing/exchange.js";
import { bookRows } from "../../../lib/testing/messages/book.js";
import type { Loopback } from "../../../lib/testing/types.js";
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
  until,
} from "./streamFixtures.js";

const BTC = minutes("BTCUSDT", 40);
const END = OPENED + 10 * MINUTE;
const TRUTH = exchangeOf({ bars: [BTC], key: key(1) });

let loopback: Loopback;
let listening: Listening;

beforeEach(async () => {
  loopback = await exchange([BTC]);
});

afterEach(async () => {
  await listening?.stream.close();
  await until(() => openSockets(loopback) === 0);
  await loopback.close();
});

const books = (events: readonly StreamEvent[]): OrderBook[] =>
  events.flatMap((event) => (event.kind === "book" ? [event.book] : []));

/** Every book that was told is the exchange's of its time. */
function expectTrue(events: readonly StreamEvent[], depth: number): void {
  const listed = TRUTH.find("linear", "BTCUSDT")!;
  for (const { symbol, time, bids, asks } of books(events)) {
    const { b, a } = bookRows(TRUTH.book(listed, time, depth), depth, "linear");
    const numbers = (rows: [string, string][]) => rows.map((row) => row.map(Number));
    expect({ symbol, bids, asks }).toEqual({ symbol: "BTCUSDT", bids: numbers(b), asks: numbers(a) });
    expect(bids[0]![0]).toBeLessThan(asks[0]![0]);
  }
}

// VI-92, BN-69
describe("the order book", () => {
  test.each([1, 50, 200] as const)("of %d levels is the exchange's after every change", async (bookDepth) => {
    listening = await listen(loopback, { bookDepth });
    await play(loopback, listening, END);
    expectTrue(listening.events, bookDepth);
    expectExact(listening.events, BTC, OPENED, END);
    expect(listening.stream.counts()).toMatchObject({ books: 71, resynchronised: 0, badFrames: 0 }); // seven ticks a candle
  });

  test.each([
    ["skip-sequence", /change \d+ came after \d+/],
    ["stale-delta", /change \d+ came after \d+/],
    ["crossed-book", /crossed by change \d+: a bid of 99999999/],
  ] as const)("after a %s is asked for afresh and true again", async (fault, why) => {
    listening = await listen(loopback, { bookDepth: 50 });
    await play(loopback, listening, OPENED + 2 * MINUTE);
    loopback.disturb(fault);
    await play(loopback, listening, END);
    expectTrue(listening.events, 50);
    expect(statuses(listening.events)).toEqual(["connected", "book lost", "book resynchronised"]);
    const [told] = listening.events.filter(
      (event) => event.kind === "status" && event.what === "book resynchronised",
    );
    expect(told).toMatchObject({ detail: expect.stringMatching(why) });
    const last = books(listening.events).at(-1)!;
    expect(last.time).toBe(END);
    expect(listening.stream.counts().books).toBeGreaterThan(60);
    expectExact(listening.events, BTC, OPENED, END);
  });

  test("is told again from a snapshot after a drop", async () => {
    listening = await listen(loopback, { bookDepth: 50 });
    await play(loopback, listening, OPENED + 2 * MINUTE);
    loopback.drop();
    await until(() => listening.stream.counts().reconnects === 1);
    await play(loopback, listening, END);
    expectTrue(listening.events, 50);
    expect(books(listening.events).at(-1)!.time).toBe(END);
    expect(listening.stream.counts().resynchronised).toBe(0);
  });
});

describe("a line of a book", () => {
  const frame = (sequence: number, whole: boolean, bid: number, ask: number): BookFrame => ({
    ...{ whole, sequence, time: sequence },
    ...{ bids: [[bid, 1]], asks: [[ask, 1]] },
  });

  function lineOf() {
    const told: string[] = [];
    let clock = 0;
    const wait = (ms: number): void => {
      clock += ms;
    };
    const line = new BookLine({
      ...{ symbol: "BTCUSDT", lateMs: 100, now: () => clock, renew: () => void told.push("renew") },
      sink: {
        book: ({ time }) => void told.push(`book ${time}`),
        thrownAway: (why) => void told.push(`lost: ${why}`),
        resynchronised: (why) => void told.push(why),
      },
    });
    return { line, told, wait };
  }

  test("says nothing between a fault and the next snapshot, and asks again when that is late", () => {
    const { line, told, wait } = lineOf();
    line.heard(frame(1, true, 99, 101));
    line.heard(frame(3, false, 98, 101));
    line.heard(frame(4, false, 98, 101));
    line.catchUp();
    wait(101);
    line.catchUp();
    line.catchUp();
    line.heard(frame(7, true, 99, 100));
    expect(told).toEqual([
      "book 1",
      "lost: change 3 came after 1",
      "renew",
      "renew",
      "change 3 came after 1",
      "book 7",
    ]);
  });

  test("does not take a crossed snapshot, nor a locked one", () => {
    const { line, told } = lineOf();
    line.heard(frame(1, true, 101, 101));
    line.heard(frame(2, false, 99, 101));
    expect(told).toEqual(["renew"]);
  });
});
