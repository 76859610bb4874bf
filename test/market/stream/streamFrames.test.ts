import { describe, expect, test } from "vitest";
import { AheadOfClock, CLOCK_MARGIN_MS } from "../../../lib/market/bybit/agreement.js";
import { bookFrame, candleFrames, tradesOf } from "../../../lib/market/stream/frames.js";
import { subjectsOf } from "../../../lib/market/stream/subjects.js";
import { MINUTE, OPENED } from "./streamFixtures.js";

const [LINEAR] = subjectsOf({ symbols: ["BTCUSDT"], interval: "1" }, OPENED);
const [INVERSE] = subjectsOf({ symbols: ["BTCUSD"], interval: "1" }, OPENED);

const NOW = OPENED + MINUTE;

const CANDLE = {
  ...{ start: OPENED, end: OPENED + MINUTE - 1, interval: "1", confirm: true, timestamp: OPENED + MINUTE },
  ...{ open: "100", high: "102.5", low: "99", close: "101", volume: "7", turnover: "705.25" },
};

const kline = (fields: object = {}, ts = OPENED + MINUTE) => ({ ts, data: [{ ...CANDLE, ...fields }] });

describe("a frame of a candle", () => {
  test("is read to the last digit, the volume in base units", () => {
    const candle = { time: OPENED, open: 100, high: 102.5, low: 99, close: 101 };
    const frame = { confirmed: true, time: OPENED + MINUTE };
    expect(candleFrames(kline(), LINEAR!, NOW)).toEqual([{ ...frame, candle: { ...candle, volume: 7 } }]);
    expect(candleFrames(kline(), INVERSE!, NOW)).toEqual([
      { ...frame, candle: { ...candle, volume: 705.25 } },
    ]);
  });

  test.each([
    [{ high: "100.5" }, "expected a high of at least 101"],
    [{ low: "100.5" }, "expected a low of at most 100"],
    [{ close: "NaN" }, "data.0.close: expected a number"],
    [{ close: "" }, "data.0.close: expected a number"],
    [{ close: "1e999" }, "data.0.close: expected a finite number"],
    [{ open: "-1" }, "expected a positive open"],
    [{ volume: "-1" }, "expected a volume of at least 0"],
    [{ turnover: "-1" }, "expected a turnover of at least 0"],
    [{ interval: "5" }, "expected the interval 1, got 5"],
    [{ start: OPENED + 1 }, "expected a candle of interval 1"],
    [{ end: OPENED + 2 * MINUTE - 1 }, "expected a candle of interval 1"],
    [{ confirm: "true" }, "data.0.confirm"],
  ])("with %o is none", (fields, fault) => {
    expect(() => candleFrames(kline(fields), LINEAR!, NOW)).toThrow(fault);
  });

  test("cannot be closed before its end", () => {
    expect(() => candleFrames(kline({}, OPENED + MINUTE / 2), LINEAR!, NOW)).toThrow(
      "expected a closed candle",
    );
  });

  test.each([[null], [{}], [{ ts: 1, data: [] }], [{ ts: 1, data: "x" }]])("%o is none", (message) => {
    expect(() => candleFrames(message, LINEAR!, NOW)).toThrow(RangeError);
  });
});

test("a frame of trades has the taker's side, and no other symbol's trades", () => {
  const data = [{ T: OPENED, s: "BTCUSDT", S: "Sell", v: "0.5", p: "100", i: "a", L: "PlusTick", BT: false }];
  const trade = { id: "a", time: OPENED, price: 100, size: 0.5, side: "sell" };
  expect(tradesOf({ data }, "BTCUSDT", NOW)).toEqual([trade]);
  expect(() => tradesOf({ data }, "ETHUSDT", NOW)).toThrow(
    "expected trades of ETHUSDT, got those of BTCUSDT",
  );
  expect(() => tradesOf({ data: [{ ...data[0], p: "0" }] }, "BTCUSDT", NOW)).toThrow(
    "expected a positive number",
  );
});

test("a frame of a book may end levels, and is of the symbol asked for", () => {
  const data = { s: "BTCUSDT", b: [["99", "0"]], a: [["101", "2"]], u: "123456789012345", seq: 7 };
  const frame = { whole: false, sequence: 123456789012345, time: OPENED, bids: [[99, 0]], asks: [[101, 2]] };
  expect(bookFrame({ type: "delta", ts: OPENED, data }, "BTCUSDT", NOW)).toEqual(frame);
  expect(() => bookFrame({ type: "delta", ts: OPENED, data }, "ETHUSDT", NOW)).toThrow("got that of BTCUSDT");
  const broken = { ...data, b: [["99", "-1"]] };
  expect(() => bookFrame({ type: "delta", ts: OPENED, data: broken }, "BTCUSDT", NOW)).toThrow("at least 0");
});

test("what is told from further ahead than the margin of the clocks is none, whatever the frame says of its own time", () => {
  const late = { start: NOW, end: NOW + MINUTE - 1, timestamp: NOW + MINUTE };
  expect(candleFrames(kline(late, NOW + MINUTE), LINEAR!, NOW + MINUTE - CLOCK_MARGIN_MS)).toHaveLength(1);
  const ahead = () => candleFrames(kline(late, NOW + MINUTE), LINEAR!, NOW + MINUTE - CLOCK_MARGIN_MS - 1);
  expect(ahead).toThrow(AheadOfClock);
  expect(ahead).toThrow(
    "a frame of candles of 2024-01-01T00:12:00.000Z is 5.0 s ahead of this machine's clock",
  );
  expect(() => candleFrames(kline({ ...late, confirm: false }, NOW), LINEAR!, NOW)).toThrow(
    "expected a candle that has begun",
  );
  const far = NOW + 3_600_000;
  const trade = { T: far, s: "BTCUSDT", S: "Sell", v: "0.5", p: "100", i: "a" };
  expect(() => tradesOf({ data: [trade] }, "BTCUSDT", NOW)).toThrow("a trade of");
  const book = { type: "snapshot", ts: far, data: { s: "BTCUSDT", b: [], a: [], u: 1 } };
  expect(() => bookFrame(book, "BTCUSDT", NOW)).toThrow("60.0 min ahead of this machine's clock");
});
