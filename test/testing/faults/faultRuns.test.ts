/** Recordings with one fault each. */
import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { candlesOnly } from "../../../lib/market/candlesOnly.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import {
  arrivals,
  drawFaults,
  earlyMessages,
  faultRuns,
  faultTable,
} from "../../../lib/testing/faults/faultRuns.js";

const MINUTE = 60_000;
const bars = candlesOnly(
  simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 60, stepMs: MINUTE, key: key("faults") }).bars,
);
const played = { bars, from: 10, count: 6 };

test("a lost candle is asked for by REST, and comes in its place by another way than the others", async () => {
  const runs = await faultRuns(played, ["lost-candle", "drop"], key("runs"));
  const rows = faultTable(runs, played);
  expect(rows[0]).toMatchObject({ fault: "lost-candle", exact: 12, wrong: 0, "asked by REST": "yes" });
  expect(rows[1]).toMatchObject({ fault: "drop", exact: 12, wrong: 0, "dialled anew": "yes" });
  const all = ["BTCUSDT", "ETHUSDT"].flatMap((symbol) => arrivals(runs[0]!.recording, symbol, played));
  expect(all.map(({ place }) => place)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
  expect(all.filter(({ origin }) => origin === "backfill").length).toBeGreaterThan(0);
  expect(all[0]!.bar.close).toBe(bars[0]!.close[10]);
});

test("faults are drawn as often as they are to come, each kind as often as the next", () => {
  const kinds = ["drop", "silence"] as const;
  const faults = drawFaults({ count: 6000, probability: 1 / 6, kinds, key: key("storm") });
  const count = (kind: string) => faults.filter((fault) => fault === kind).length;
  const error = Math.sqrt(6000 * (1 / 12) * (11 / 12));
  expect(Math.abs(count("drop") - 500)).toBeLessThan(4 * error);
  expect(Math.abs(count("silence") - 500)).toBeLessThan(4 * error);
  expect(drawFaults({ count: 6000, probability: 1 / 6, kinds, key: key("storm") })).toEqual(faults);
  expect(drawFaults({ count: 9, probability: 0, kinds, key: key("calm") })).toEqual(Array(9).fill(undefined));
  expect(() => drawFaults({ count: 9, probability: 2, kinds, key: key("calm") })).toThrow(/fraction, got 2/);
});

test("the early message of a candle is the latest before its time, and a candle without one is left out", () => {
  const prices = { open: 1, high: 1, low: 1, close: 1, volume: 1, turnover: 1 };
  const message = (time: number, at: number, closed: boolean) => ({ ...prices, time, at, closed });
  const messages = [
    message(0, 10, false),
    message(0, 70, false),
    message(0, 80, false),
    message(0, 100, true),
  ];
  const late = [message(100, 190, false), message(100, 200, true)];
  const found = earlyMessages([...messages, ...late], { stepMs: 100, part: 0.75 });
  expect(found).toEqual([{ early: messages[1], closed: messages[3] }]);
});
