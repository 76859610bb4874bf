import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candle } from "../../../lib/market/bybit/page.js";
import type { Window } from "../../../lib/market/bybit/span.js";
import { CandleLine } from "../../../lib/market/stream/candleLine.js";

const candle = (time: number, close = 1): Candle => ({ time, open: 1, high: 2, low: 1, close, volume: 1 });

/** A line of candles of step 1 whose exchange has the candles `has`, and everything it said. */
function lineOf(has: (time: number) => boolean, since = 0) {
  const said: string[] = [];
  let clock = 0;
  let closed = 0;
  const line = new CandleLine({
    ...{ stepMs: 1, since, lateMs: 5, now: () => clock },
    fetch: async (window: Window, take) => {
      await Promise.resolve();
      for (let t = window.since; t < window.until; t++) if (has(t) && t < closed) take(candle(t));
      return Math.max(0, Math.min(closed, window.until) - window.since);
    },
    sink: {
      bar: ({ time, close }, origin) =>
        void said.push(`${time}${origin === "backfill" ? " rest" : ""}${close > 1 ? "*" : ""}`),
      revision: ({ time, close }) => void said.push(`${time}~${close}`),
      missing: ({ since: from, until }) => void said.push(`no ${from}-${until}`),
      mended: () => undefined,
      failed: (_, { message }) => void said.push(message),
      duplicate: () => void said.push("twice"),
      bad: () => void said.push("bad"),
    },
  });
  return {
    line,
    said,
    /** The exchange closes the candles before `time`, the clock stands there. */
    at(time: number): void {
      clock = time;
      closed = time;
    },
    close: (time: number, price = 1) =>
      line.heard({ candle: candle(time, price), confirmed: true, time: time + 1 }),
    revise: (time: number, price: number, at: number) =>
      line.heard({ candle: candle(time, price), confirmed: false, time: at }),
  };
}

describe("a line of candles", () => {
  test("tells the first that comes of a time", async () => {
    const { said, close, at } = lineOf(() => true);
    at(2);
    close(0);
    close(0, 1.5);
    close(1);
    expect(said).toEqual(["0", "twice", "1"]);
  });

  test("puts those that come in another order into theirs, and asks for what is between", async () => {
    const { line, said, close, at } = lineOf(() => true);
    at(5);
    close(4);
    close(0);
    close(2);
    await line.settled();
    expect(said).toEqual(["0", "1 rest", "2", "3 rest", "4"]);
  });

  test("tells a hole of the exchange's only when a later candle has closed", async () => {
    const { line, said, close, at } = lineOf((time) => time === 0 || time > 2);
    at(3);
    close(0);
    at(20);
    line.catchUp();
    expect(said).toEqual(["0"]);
    await line.settled();
    expect(said).toEqual([
      "0",
      "no 1-3",
      ...Array.from({ length: 11 }, (_, i) => `${i + 3} rest`),
      "14 rest",
    ]);
  });

  test("does not ask for what is not late, nor again at once for what was not there", async () => {
    let asked = 0;
    const { line, at } = lineOf(() => ++asked < 0);
    at(4);
    line.catchUp();
    await line.settled();
    expect(asked).toBe(0);
    at(7);
    for (let turn = 0; turn < 10; turn++) line.catchUp();
    await line.settled();
    expect(asked).toBe(2);
    at(11);
    line.catchUp();
    await line.settled();
    expect(asked).toBe(2);
    at(12);
    line.catchUp();
    await line.settled();
    expect(asked).toBeGreaterThan(2);
  });

  test("tells revisions of the candle that is due, never an older one after a newer", () => {
    const { said, close, revise, at } = lineOf(() => true);
    revise(0, 5, 10);
    revise(0, 6, 9);
    revise(1, 7, 12);
    at(1);
    close(0);
    revise(0, 8, 13);
    revise(1, 9, 14);
    expect(said).toEqual(["0~5", "twice", "0", "1~7", "twice", "1~9"]);
  });

  // VI-92: whatever the wire does, each once and in order
  test("is exact for any order, loss and repetition of what closes", async () => {
    const wire = fc.record({
      frames: fc.array(fc.nat({ max: 11 }), { maxLength: 40 }),
      holes: fc.uniqueArray(fc.integer({ min: 0, max: 10 })),
      looks: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(wire, async ({ frames, holes, looks }) => {
        const has = (time: number) => !holes.includes(time);
        const { line, said, close, at } = lineOf(has);
        at(12);
        for (const [i, time] of frames.filter(has).entries()) {
          close(time);
          if (looks[i]) await Promise.resolve();
        }
        close(11);
        await line.settled();
        const told = said.flatMap((words) => /^\d+/.exec(words)?.map(Number) ?? []);
        expect(told).toEqual(Array.from({ length: 12 }, (_, t) => t).filter(has));
        expect(said).not.toContain("bad");
      }),
    );
  });
});
