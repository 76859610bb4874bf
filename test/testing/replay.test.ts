/** An exchange that is set up for a session. */
import { expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { candlesOnly } from "../../lib/market/candlesOnly.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { candleRows } from "../../lib/testing/messages/candleRows.js";
import { startReplay } from "../../lib/testing/replay.js";

const bars = candlesOnly(simulate({ symbols: ["BTCUSDT"], bars: 60, key: key("replay") }).bars);
const hour = 3_600_000;

test("its clock begins at the opening of the first bar, or after the bars that are over, and goes where it is told", async () => {
  const options = { bars, first: 20, count: 30, key: key("exchange") };
  const exchange = await startReplay(options);
  const opened = bars[0]!.openTime[20]!;
  expect([exchange.now(), exchange.at(0), exchange.at(3)]).toEqual([opened, opened, opened + 3 * hour]);
  await exchange.advance(exchange.at(2));
  expect(exchange.now()).toBe(exchange.at(2));
  await exchange.close();
  const later = await startReplay({ ...options, over: 7 });
  expect(later.now()).toBe(opened + 7 * hour);
  await later.close();
});

test("a session that is longer than the bars is refused", async () => {
  await expect(startReplay({ bars, first: 20, count: 41, key: key("exchange") })).rejects.toThrow(
    /at most 40/,
  );
});

test("messages are counted by candle, and by seconds since the first one opened", () => {
  const prices = { open: 1, high: 2, low: 1, close: 2, volume: 3, turnover: 6 };
  const message = (time: number, at: number, closed: boolean) => ({ ...prices, time, at, closed });
  const rows = candleRows([
    ...[message(60_000, 70_000, false), message(60_000, 120_000, true)],
    message(120_000, 121_500, false),
  ]);
  expect(rows.map(({ candle, second, what }) => [candle, second, what])).toEqual([
    [1, 10, "revision"],
    [1, 60, "closed bar"],
    [2, 61.5, "revision"],
  ]);
  expect(Object.keys(rows[0]!)).toEqual([
    "candle",
    "second",
    "what",
    "open",
    "high",
    "low",
    "close",
    "volume",
  ]);
  expect(candleRows([])).toEqual([]);
});
