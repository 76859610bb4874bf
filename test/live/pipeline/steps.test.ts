/** Events of many symbols in one order, whatever comes first, late or never. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Moment, openSteps, type Sighting, type Steps } from "../../../lib/live/pipeline/steps.js";
import type { Candle } from "../../../lib/market/bybit/page.js";

const STEP = 60_000;
const symbols = ["A", "B"];

const candle = (bar: number, open = 100 + bar): Candle => ({
  ...{ time: bar * STEP, open, high: open + 1, low: open - 1, close: open + 0.5, volume: 1 },
});

function stepsFrom(options: { after?: number; opened?: number } = {}): Steps {
  return openSteps({ symbols, stepMs: STEP, waitMs: 1000, backfillWaitMs: 30_000, after: 0, ...options });
}

const saw = (asset: number, bar: number, closed = true, backfilled = false): Sighting => ({
  ...{ asset, candle: candle(bar), closed, backfilled },
});

/** A moment in short: "close 2 AB", "open 2 A-". */
function short(moment: Moment): string {
  if (moment.kind === "open") {
    const there = Array.from(moment.prices, (price, a) => (Number.isNaN(price) ? "-" : symbols[a]));
    return `open ${moment.time / STEP} ${there.join("")}`;
  }
  const there = moment.step.bars.map((bar, a) => (bar ? symbols[a] : "-"));
  return `close ${moment.step.time / STEP} ${there.join("")}`;
}

/** Feeds sightings at readings of the clock and tells what is complete after each. */
function fed(steps: Steps, ...events: readonly (readonly [sighting: Sighting, now: number])[]): string[][] {
  return events.map(([sighting, now]) => {
    steps.see(sighting, now);
    return steps.ready(now).map(short);
  });
}

test("a step is complete when every symbol has its candle, and its bar's open comes before it", () => {
  expect(
    fed(stepsFrom(), [saw(0, 0), STEP], [saw(1, 0), STEP + 5], [saw(1, 1), 2 * STEP], [saw(0, 1), 2 * STEP]),
  ).toEqual([[], ["open 0 AB", "close 1 AB"], [], ["open 1 AB", "close 2 AB"]]);
});

test("an open is complete as soon as it was seen of every symbol and the close at its time is over", () => {
  const steps = stepsFrom();
  expect(
    fed(
      steps,
      [saw(0, 0, false), 10],
      [saw(1, 0, false), 20],
      [saw(0, 1, false), STEP + 1], // the next bar of A, before either candle has closed
      [saw(1, 1, false), STEP + 2],
      [saw(0, 0), STEP + 3],
      [saw(1, 0), STEP + 4],
    ),
  ).toEqual([[], ["open 0 AB"], [], [], [], ["close 1 AB", "open 1 AB"]]);
});

test("the first sight of an open counts, whatever is said later", () => {
  const steps = stepsFrom();
  steps.see({ ...saw(0, 0, false), candle: candle(0, 7) }, 1);
  steps.see({ ...saw(0, 0, false), candle: candle(0, 8) }, 2);
  steps.see(saw(1, 0, false), 3);
  const [open] = steps.ready(3);
  expect(open).toMatchObject({ kind: "open", prices: Float64Array.of(7, 100) });
});

test("who is missing is waited for, from the first event of the step on, or until a later candle", () => {
  const steps = stepsFrom();
  fed(steps, [saw(0, 0), STEP]);
  expect(steps.ready(STEP + 999).map(short)).toEqual([]);
  expect(steps.ready(STEP + 1000).map(short)).toEqual(["open 0 A-", "close 1 A-"]);
  expect(steps.see(saw(1, 0), STEP + 2000)).toBe(false); // too late, and said so
  expect(steps.ready(STEP + 2000)).toEqual([]);
  expect(fed(steps, [saw(1, 2), 3 * STEP], [saw(0, 1), 3 * STEP + 1], [saw(0, 2), 3 * STEP + 2])).toEqual([
    [],
    ["open 1 A-", "close 2 A-"], // B has a later one
    ["open 2 AB", "close 3 AB"],
  ]);
});

test("backfilled candles wait longer, since symbols come one after the other", () => {
  const steps = stepsFrom();
  fed(steps, [saw(0, 0, true, true), 9 * STEP], [saw(0, 1, true, true), 9 * STEP]);
  expect(steps.ready(9 * STEP + 29_999)).toEqual([]);
  expect(
    fed(steps, [saw(1, 0, true, true), 9 * STEP + 29_999], [saw(1, 1, true, true), 9 * STEP + 29_999]),
  ).toEqual([
    ["open 0 AB", "close 1 AB"],
    ["open 1 AB", "close 2 AB"],
  ]);
});

test("where no symbol has a candle there is no step, and the next open is the next one there is", () => {
  const steps = stepsFrom();
  const [, last] = fed(
    steps,
    [saw(0, 0), STEP],
    [saw(1, 0), STEP],
    [saw(0, 5), 6 * STEP],
    [saw(1, 5), 6 * STEP],
  ).slice(2);
  expect(last).toEqual(["open 5 AB", "close 6 AB"]);
});

test("what was dealt with before a restart is not opened again, and warm-up has no opens", () => {
  const warm = stepsFrom({ after: 2 * STEP });
  expect(
    fed(warm, [saw(0, 0), 0], [saw(1, 0), 0], [saw(0, 1), 0], [saw(1, 1), 0], [saw(0, 2), 0], [saw(1, 2), 0]),
  ).toEqual([[], ["close 1 AB"], [], ["close 2 AB"], [], ["open 2 AB", "close 3 AB"]]);
  const opened = stepsFrom({ after: 2 * STEP, opened: 2 * STEP });
  expect(fed(opened, [saw(0, 2), 0], [saw(1, 2), 0])).toEqual([[], ["close 3 AB"]]);
});

test("however the events of the symbols are interleaved, closes and opens come out the same", () => {
  const BARS = 6;
  const queue = (asset: number) =>
    Array.from({ length: BARS }, (_, bar) => [saw(asset, bar, false), saw(asset, bar)]).flat();
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 4 * BARS, maxLength: 4 * BARS }), (coins) => {
      const [steps, queues, out] = [stepsFrom(), [queue(0), queue(1)], [] as string[]];
      for (const coin of coins) {
        const next = queues[coin ? 1 : 0]!.shift() ?? queues[coin ? 0 : 1]!.shift()!;
        steps.see(next, 0);
        out.push(...steps.ready(0).map(short));
      }
      expect(out).toEqual(
        Array.from({ length: BARS }, (_, t) => [`open ${t} AB`, `close ${t + 1} AB`]).flat(),
      );
    }),
    { numRuns: 200, seed: 1 },
  );
});
