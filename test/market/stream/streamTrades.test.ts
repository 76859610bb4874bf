import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TakerTrade } from "../../../lib/market/bybit/public.js";
import { TradeLine } from "../../../lib/market/stream/tradeLine.js";
import type { StreamEvent } from "../../../lib/market/stream/types.js";
import { ticksBetween } from "../../../lib/testing/messages/ticks.js";
import type { Loopback } from "../../../lib/testing/types.js";
import {
  exchange,
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

const BTC = minutes("BTCUSDT", 300);
const END = OPENED + 10 * MINUTE;

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

const told = (events: readonly StreamEvent[]): TakerTrade[] =>
  events.flatMap((event) => (event.kind === "trade" ? [event.trade] : []));

const trueTrades = (from: number, to: number): TakerTrade[] =>
  ticksBetween(BTC, from, to).map(({ time, price, size, side, id }) => ({
    ...{ id: id!, time, price, size },
    side: side === "Buy" ? "buy" : "sell",
  }));

// BN-69
describe("trades", () => {
  test("come once each, in order, as the exchange has them", async () => {
    listening = await listen(loopback, { trades: true });
    await play(loopback, listening, END);
    expect(told(listening.events)).toEqual(trueTrades(OPENED, END));
    expect(listening.stream.counts().duplicates).toBe(0);
  });

  test("that are sent twice are told once", async () => {
    listening = await listen(loopback, { trades: true });
    loopback.disturb("duplicate-trades", 5);
    await play(loopback, listening, END);
    expect(told(listening.events)).toEqual(trueTrades(OPENED, END));
    expect(listening.stream.counts().duplicates).toBe(5);
  });

  test("that a drop lost are fetched before later ones are told", async () => {
    listening = await listen(loopback, { trades: true });
    await play(loopback, listening, OPENED + 2 * MINUTE);
    loopback.refuse(1e6);
    loopback.drop();
    await until(() => statuses(listening.events).includes("refused"));
    await loopback.advance(OPENED + 6 * MINUTE);
    loopback.refuse(0);
    await until(() => listening.stream.counts().reconnects === 1);
    await play(loopback, listening, END);
    expect(told(listening.events)).toEqual(trueTrades(OPENED, END));
    expect(statuses(listening.events)).not.toContain("missing");
  });

  test("beyond the latest thousand are lost, and the status says so", async () => {
    listening = await listen(loopback, { trades: true });
    await play(loopback, listening, OPENED + 2 * MINUTE);
    loopback.refuse(1e6);
    loopback.drop();
    await until(() => statuses(listening.events).includes("refused"));
    await loopback.advance(OPENED + 200 * MINUTE);
    loopback.refuse(0);
    await until(() => statuses(listening.events).includes("missing"));
    const later = told(listening.events);
    expect(later.slice(0, 14)).toEqual(trueTrades(OPENED, OPENED + 2 * MINUTE));
    expect(later.slice(14)).toEqual(trueTrades(OPENED, OPENED + 200 * MINUTE).slice(-1000));
  });
});

describe("a line of trades", () => {
  const trade = (time: number): TakerTrade => ({ id: `t${time}`, time, price: 1, size: 1, side: "buy" });

  test("joins what REST has to what came meanwhile, in order of time", async () => {
    const out: string[] = [];
    const line = new TradeLine({
      fetch: async () => {
        line.heard([trade(6)]);
        return [1, 2, 3, 4, 5].map(trade);
      },
      sink: {
        trade: ({ id }) => void out.push(id),
        duplicate: () => void out.push("duplicate"),
        mended: (count, whole) => void out.push(`mended ${count} ${whole}`),
        failed: ({ message }) => void out.push(message),
      },
    });
    line.heard([trade(1), trade(2)]);
    line.catchUp();
    line.heard([trade(4)]);
    line.catchUp(); // another connection, while REST is asked
    await line.settled();
    line.heard([trade(7), trade(2)]);
    const order = ["t1", "t2", "t3", "t4", "t5", "t6", "mended 2 true", "t7", "duplicate"];
    expect(out).toEqual(order);
  });

  test("goes on with what it has when REST has no answer", async () => {
    const out: string[] = [];
    const line = new TradeLine({
      fetch: () => Promise.reject(new Error("no answer")),
      sink: {
        trade: ({ id }) => void out.push(id),
        duplicate: () => undefined,
        mended: () => undefined,
        failed: ({ message }) => void out.push(message),
      },
    });
    line.heard([trade(1)]);
    line.catchUp();
    line.heard([trade(3)]);
    await line.settled();
    expect(out).toEqual(["t1", "no answer", "t3"]);
  });

  test("remembers ten thousand", () => {
    let [count, twice] = [0, 0];
    const line = new TradeLine({
      fetch: async () => [],
      sink: {
        trade: () => void count++,
        duplicate: () => void twice++,
        mended: () => undefined,
        failed: () => undefined,
      },
    });
    for (let time = 1; time <= 30_000; time++) line.heard([trade(time)]);
    line.heard([trade(20_001), trade(20_000)]);
    expect([count, twice]).toEqual([30_001, 1]);
  });
});
