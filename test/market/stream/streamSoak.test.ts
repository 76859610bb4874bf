import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import type { TakerTrade } from "../../../lib/market/bybit/public.js";
import type { StreamEvent } from "../../../lib/market/stream/types.js";
import { exchangeOf } from "../../../lib/testing/exchange.js";
import { bookRows } from "../../../lib/testing/messages/book.js";
import { ticksBetween } from "../../../lib/testing/messages/ticks.js";
import { soak } from "./soak.js";
import { MINUTE, minutes, OPENED } from "./streamFixtures.js";

const days = Number(process.env.SOAK_DAYS ?? 0);

// VI-92, BN-69: all faults together
test("with everything going wrong, candles, trades and books are the exchange's, each once", async () => {
  const [symbols, count] = [["BTCUSDT", "ETHUSDT"], 120];
  const trades = new Map<string, TakerTrade[]>(symbols.map((symbol) => [symbol, []]));
  const books = new Map<string, number>();
  const bars = symbols.map((symbol) => minutes(symbol, count + 30));
  const truth = exchangeOf({ bars, key: key(1) });
  const onEvent = (event: StreamEvent): void => {
    if (event.kind === "trade") trades.get(event.symbol)!.push(event.trade);
    if (event.kind !== "book") return;
    books.set(event.symbol, event.book.time);
    const listed = truth.find("linear", event.symbol)!;
    const { b, a } = bookRows(truth.book(listed, event.book.time, 50), 50, "linear");
    const { bids, asks } = event.book;
    expect([bids, asks]).toEqual([b, a].map((rows) => rows.map((row) => row.map(Number))));
  };
  const query = { trades: true, bookDepth: 50 } as const;
  const end = OPENED + count * MINUTE;
  const settled = () =>
    symbols.every((symbol) => trades.get(symbol)!.at(-1)!.time > end && books.get(symbol)! > end);
  const report = await soak({
    symbols,
    minutes: count,
    key: key("all"),
    share: 0.6,
    query,
    onEvent,
    settled,
  });
  expect(report).toMatchObject({ exact: 2 * count, wrong: 0, rejections: 0, openSockets: 0 });
  expect(report.counts.pending).toBe(0);
  expect(Object.keys(report.faults).length).toBeGreaterThan(15);
  for (const b of bars) {
    const told = trades.get(b.symbol)!;
    const known = ticksBetween(b, OPENED, told.at(-1)!.time);
    expect(told.map(({ id }) => id)).toEqual(known.map(({ id }) => id));
  }
});

test("six hours of four symbols with faults is exact", async () => {
  const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];
  const report = await soak({ symbols, minutes: 360, key: key("six hours"), share: 0.1 });
  expect(report).toMatchObject({ exact: 4 * 360, wrong: 0, rejections: 0, openSockets: 0 });
  expect(report.counts.reconnects).toBeGreaterThan(0);
});

test.runIf(days > 0)(
  `${days} days of four symbols with faults are exact`,
  async () => {
    const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];
    const report = await soak({ symbols, minutes: 1440 * days, key: key("soak"), share: 0.02 });
    console.log(report);
    expect(report).toMatchObject({ exact: 4 * 1440 * days, wrong: 0, rejections: 0, openSockets: 0 });
  },
  3_600_000,
);
