/** A server that answers with too much: refused by what was asked for, before it is parsed, in little memory and no time. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchBars } from "../../lib/market/bybit/fetch.js";
import { envelope, hasty, serve } from "./bybitServer.js";
import { BODIES, FEEDS, suffer, victim } from "./hostile.js";
import { HOUR, START } from "./loopbackFixtures.js";

let client: ReturnType<typeof victim>;
beforeAll(() => {
  client = victim();
});
afterAll(() => client.remove());

const TEN = { symbol: "BTCUSDT", interval: "60", since: START, until: START + 10 * HOUR };

/** Of the process with ccxt loaded, of which 130 MiB are there before the first answer. */
const MOST_MIB = 300;
const LONGEST_STALL_MS = 500;

test.each(Object.entries(BODIES))(
  "%s where a thousand candles were asked for is refused",
  async (_, body) => {
    const { outcome, residentMib, stallMs } = await suffer(client.folder, { body });
    expect(outcome).toMatch(/^(payload|server): BTCUSDT: /);
    expect(outcome.length).toBeLessThan(500);
    expect(residentMib).toBeLessThan(MOST_MIB);
    expect(stallMs).toBeLessThan(LONGEST_STALL_MS);
  },
);

test.each(Object.entries(FEEDS))("a stream that brings %s brings no bar", async (_, feed) => {
  const { outcome, residentMib, stallMs } = await suffer(client.folder, { feed });
  expect(outcome).toMatch(/^0 bars, /);
  expect(residentMib).toBeLessThan(MOST_MIB);
  expect(stallMs).toBeLessThan(LONGEST_STALL_MS);
});

test.each([301, 307, 400, 404, 405, 410, 451])("HTTP %d is not asked for again", async (status) => {
  const server = await serve(() => ({}), status);
  const bybit = await hasty(server.url, { retries: 8, deadlineMs: 30_000 });
  const failed = await fetchBars(bybit, TEN).catch((error) => error);
  expect(failed).toMatchObject({ kind: "request", attempts: 1 });
  expect(failed.message).toContain(`HTTP ${status}`);
  expect(server.at).toHaveLength(1);
  await bybit.close();
  server.close();
});

test.each([
  [10404, "1. op type is not found", "request"],
  [110023, "Currently you can only reduce your position on this contract", "request"],
  [99999, "whatever", "request"],
  [170121, "Invalid symbol.", "symbol"],
])("a refusal with code %d is not asked for again", async (retCode, retMsg, kind) => {
  const server = await serve(() => envelope([], { retCode, retMsg, result: {} }));
  const bybit = await hasty(server.url, { retries: 8, deadlineMs: 30_000 });
  expect(await fetchBars(bybit, TEN).catch((error) => error)).toMatchObject({ kind, attempts: 1 });
  expect(server.at.length).toBeLessThanOrEqual(2); // for a symbol, the names near it
  await bybit.close();
  server.close();
});

test("a subscription that the exchange refuses for good ends the stream", async () => {
  const child = await suffer(client.folder, { refuse: "Invalid symbol :[kline.60.BTCUSDT]" });
  expect(child.outcome).toMatch(/^symbol: BTCUSDT: .*Invalid symbol :\[kline\.60\.BTCUSDT\]/);
  expect(child.seconds).toBeLessThan(3);
});
