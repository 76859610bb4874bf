/** Clocks that disagree: nothing from beyond this machine's is told, whoever says so, and trading stops until they agree. */
import { expect, test } from "vitest";
import { connectBybit } from "../../../lib/market/bybit/connect.js";
import { fetchBars } from "../../../lib/market/bybit/fetch.js";
import { openStream } from "../../../lib/market/stream/stream.js";
import { envelope, rows, serve } from "../bybitServer.js";
import { HOUR, START } from "../loopbackFixtures.js";
import {
  blink,
  exchange,
  expectExact,
  listen,
  MINUTE,
  minutes,
  OPENED,
  play,
  statuses,
  toldBars,
  until,
} from "./streamFixtures.js";

const DAY = 24 * HOUR;

test("28 days of candles that an exchange closes in a moment are no bars; its hour that has come is", async () => {
  const bars = minutes("BTCUSDT", 2000);
  const loopback = await exchange([bars]);
  let now = OPENED;
  const heard = await listen(loopback, {}, { now: () => now, elapsed: () => performance.now() });
  now += MINUTE;
  await loopback.advance(OPENED + MINUTE);
  await until(() => toldBars(heard.events).length === 1);
  await loopback.advance(OPENED + 28 * DAY);
  await until(() => statuses(heard.events).includes("clocks disagree"));
  await until(() => heard.stream.counts().reconnects > 0);
  expect(toldBars(heard.events)).toHaveLength(1);
  expectExact(heard.events, bars, OPENED, OPENED + MINUTE);
  expect(statuses(heard.events).filter((what) => what === "clocks disagree")).toHaveLength(1);
  expect(heard.stream.counts().badFrames).toBeGreaterThanOrEqual(20);
  await heard.stream.close();
  await loopback.close();
}, 300_000);

test.each([
  [HOUR, "60.0 min behind"],
  [-HOUR, "60.0 min ahead of"],
])(
  "where this machine's clock is %d ms ahead, no stream is opened and it is said why",
  async (ahead, words) => {
    const loopback = await exchange([minutes("BTCUSDT", 60)]);
    const opening = openStream({
      query: { symbols: ["BTCUSDT"], interval: "1" },
      ...{ restUrl: loopback.restUrl, wsUrl: loopback.wsUrl, now: () => OPENED + ahead, sleep: blink },
    });
    await expect(opening).rejects.toThrow(
      `BTCUSDT: the exchange's clock is ${words} this machine's, more than 5 s`,
    );
    expect(loopback.requests()).toHaveLength(1); // asking again mends no clock
    await loopback.close();
  },
);

test("clocks that part while a stream lasts are told, and told again when they agree; nothing is lost", async () => {
  const bars = minutes("BTCUSDT", 60);
  const loopback = await exchange([bars]);
  let slow = 0;
  const passed = { ms: 0 };
  const heard = await listen(
    loopback,
    {},
    { now: () => loopback.now() - slow, elapsed: () => passed.ms, staleMs: 1000, lateMs: MINUTE },
  );
  await play(loopback, heard, OPENED + 2 * MINUTE);
  slow = 10 * MINUTE;
  await play(loopback, heard, OPENED + 4 * MINUTE);
  expect(statuses(heard.events)).toContain("clocks disagree");
  expect(toldBars(heard.events)).toHaveLength(2);
  slow = 0;
  passed.ms += 30_000;
  await until(() => statuses(heard.events).includes("clocks agree"));
  await play(loopback, heard, OPENED + 8 * MINUTE);
  await until(() => toldBars(heard.events).length === 8);
  expectExact(heard.events, bars, OPENED, OPENED + 8 * MINUTE);
  await heard.stream.close();
  await loopback.close();
});

test("candles that an answer calls closed are no bars before they have closed by this machine's clock", async () => {
  const now = START + 10 * HOUR + 1;
  const server = await serve(() => envelope(rows(START, START + 100 * HOUR), { time: now + 4000 }));
  const query = { symbol: "BTCUSDT", interval: "60", since: START, until: START + 100 * HOUR };
  const bybit = await connectBybit({ restUrl: server.url, now: () => now });
  const { bars } = await fetchBars(bybit, query);
  expect(bars.openTime.length).toBe(10);
  await bybit.close();
  const early = await connectBybit({ restUrl: server.url, now: () => now - DAY });
  await expect(fetchBars(early, query)).rejects.toThrow("24.0 h ahead of this machine's");
  await early.close();
  server.close();
});

test("a connection that was given no clock goes by this machine's, and not by the exchange's alone", async () => {
  const hour = Math.floor(Date.now() / HOUR) * HOUR;
  let ahead = 0;
  const server = await serve(({ start, end }) =>
    envelope(rows(Number(start), Number(end) + 1), { time: Date.now() + ahead }),
  );
  const bybit = await connectBybit({ restUrl: server.url, sleep: blink });
  const query = { symbol: "BTCUSDT", interval: "60", since: hour - 10 * HOUR, until: hour + 10 * HOUR };
  expect((await fetchBars(bybit, query)).bars.openTime.at(-1)).toBeLessThanOrEqual(Date.now() - HOUR);
  ahead = 9 * HOUR;
  await expect(fetchBars(bybit, query)).rejects.toThrow(
    "the exchange's clock is 9.0 h ahead of this machine's",
  );
  await bybit.close();
  server.close();
});
