/** Recordings of a stream: which events they hold, and what faults leave of them. */
import { expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { candlesOnly } from "../../lib/market/candlesOnly.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { candleMessages, compareRecording, recordStream, WIRE_FAULTS } from "../../lib/testing/recording.js";

const MINUTE = 60_000;
const bars = candlesOnly(
  simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 60, stepMs: MINUTE, key: key("recording") }).bars,
);
const played = { bars, from: 10, count: 8 };

test("a calm recording has every bar, and the same revisions of it in each run", async () => {
  const options = { ...played, count: 2, pieces: 12, key: key("calm") };
  const [one, other] = [await recordStream(options), await recordStream(options)];
  expect(compareRecording(one, { ...played, count: 2 })).toEqual({ exact: 4, wrong: 0 });
  const told = one.events.filter(({ kind }) => kind === "revision" || kind === "bar");
  expect(told.filter(({ kind }) => kind === "revision").length).toBeGreaterThan(8);
  expect(other.events.filter(({ kind }) => kind === "revision" || kind === "bar")).toEqual(told);
});

test("the messages of a candle end with the closed one, and its volume only grows", async () => {
  const recording = await recordStream({ ...played, count: 2, pieces: 12, key: key("calm") });
  const first = candleMessages(recording, "BTCUSDT").filter(({ time }) => time === bars[0]!.openTime[10]);
  expect(first.map(({ closed }) => closed).indexOf(true)).toBe(first.length - 1);
  expect(first.map(({ volume }) => volume)).toEqual(first.map(({ volume }) => volume).sort((a, b) => a - b));
  expect(candleMessages(recording, "DOGEUSDT")).toEqual([]);
});

test("the book at the end is the one that REST answers", async () => {
  const { events, book } = await recordStream({ ...played, count: 2, key: key("book") });
  const last = events.filter((event) => event.kind === "book" && event.symbol === "BTCUSDT").at(-1);
  expect(last).toMatchObject({ book: { bids: book.bids, asks: book.asks } });
});

test.each(WIRE_FAULTS)("every bar comes once and to the bit after %s", async (fault) => {
  const recording = await recordStream({
    ...played,
    key: key("fault"),
    faults: [undefined, undefined, fault],
  });
  expect(compareRecording(recording, played)).toEqual({ exact: 16, wrong: 0 });
});

test("a bar with another close counts as wrong", async () => {
  const recording = await recordStream({ ...played, count: 2, key: key("calm") });
  const other = bars.map((b) => ({ ...b, close: b.close.map((price) => price + 0.5) }));
  expect(compareRecording(recording, { ...played, bars: other, count: 2 })).toEqual({ exact: 0, wrong: 4 });
});

test("more bars than there are room for are refused", async () => {
  await expect(recordStream({ ...played, count: 50, key: key("calm") })).rejects.toThrow(/at most 38/);
});
