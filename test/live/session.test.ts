/** A paper run from a stream: the same as the backtest, and the same again after any interruption. */
import { expect, test } from "vitest";
import type { Bars } from "../../lib/core/types.js";
import { openJournal } from "../../lib/live/journal/journal.js";
import type { LiveRecord } from "../../lib/live/journal/records.js";
import { openSession } from "../../lib/live/session.js";
import type { SessionOptions } from "../../lib/live/sessionOptions.js";
import type { BarStep, DecisionMaker } from "../../lib/live/types.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { type Costs, constantFunding } from "../../lib/trading/backtest/costs.js";
import { HOUR, START } from "../trading/support/candles.js";
import { deeds, fillsIn, opensIn, recordsOf, stepsIn, temporaryFolder } from "./paperFixtures.js";
import { type FeedOptions, feedOf, followedWeights, follower, market, SYMBOLS } from "./toyMarket.js";

const funding = Object.fromEntries(
  SYMBOLS.map((symbol, i) => [symbol, constantFunding(1e-4 * (i - 0.5), START, START + 2100 * HOUR)]),
);
const costs: Costs = { makerBps: 2, takerBps: 5.5, halfSpreadBps: 1, latencyBars: 0, funding };
const account = { costs, capital: 10_000, rebalance: { band: 0.02 } } as const;

type Options = Partial<Omit<SessionOptions, "journal">> & { readonly feed?: FeedOptions };

/** Lives on the bars until the feed is over, or until it throws. */
async function lived(folder: string, bars: readonly Bars[], { feed = {}, ...options }: Options = {}) {
  const journal = await openJournal({ folder, snapshotEvery: 50 });
  try {
    const clock = { time: feed.startedAt ?? START };
    const maker = follower();
    const now = () => clock.time;
    const session = await openSession({ account, from: START, now, maker, journal, ...options });
    await session.live(feedOf(bars, clock, { since: session.since.BTC!, ...feed }));
    return session;
  } finally {
    await journal.close();
  }
}

test.each([true, false])(
  "a run on a stream is the backtest, bar by bar and to the bit; opens seen early: %s",
  async (revisions) => {
    const bars = market("whole", 400);
    const folder = temporaryFolder();
    const { run } = await lived(folder, bars, { feed: { revisions } });
    const weights = followedWeights(bars);
    const ledger = backtest(weights, bars, account);
    const records = await recordsOf(folder);
    const steps = stepsIn(records);
    expect(steps.map((step) => step.time)).toEqual(Array.from(weights.time));
    expect(steps.map((step) => step.equity)).toEqual(Array.from(ledger.equity));
    expect(steps.flatMap((step) => step.targets.map((w) => w ?? Number.NaN))).toEqual(
      Array.from(weights.values),
    );
    expect(opensIn(records).map((open) => open.time)).toEqual(Array.from(bars[0]!.openTime));
    expect(fillsIn(records).length).toBe(ledger.orders);
    expect(ledger.orders).toBeGreaterThan(300);
    const positions = run.broker.state().account.positions;
    expect(positions.every((units, a) => units === ledger.positions.at(a - 3))).toBe(true);
  },
);

test("an open is filled when it is first seen, long before its bar is over", async () => {
  const bars = market("early", 30, 0);
  const delays: number[] = [];
  const told = (record: LiveRecord) => {
    if (record.kind === "open") delays.push(record.at - record.time);
  };
  await lived(temporaryFolder(), bars, { told });
  expect(delays.length).toBe(30);
  expect(Math.max(...delays)).toBe(0.1 * HOUR);
});

test("a step is told with its decision and how long limits and journal took, by the session's clock (VI-98)", async () => {
  const bars = market("timed", 30, 0);
  let ticks = START;
  const orders: (number | undefined)[] = [];
  const told: SessionOptions["told"] = (record, decision) => {
    expect(decision !== undefined).toBe(record.kind === "step");
    if (decision) orders.push(decision.readings.order);
  };
  await lived(temporaryFolder(), bars, { told, now: () => ticks++ });
  expect(orders).toEqual(Array.from({ length: 30 }, () => 2)); // one reading for the record between the two
});

test("what closed before the run began is learned and not decided on; the stream is asked for it", async () => {
  const bars = market("warm", 60, 0);
  const maker = follower();
  const folder = temporaryFolder();
  const startedAt = START + 40 * HOUR;
  const session = await lived(folder, bars, { maker, from: startedAt, feed: { startedAt } });
  expect(session.since).toEqual(Object.fromEntries(SYMBOLS.map((s) => [s, startedAt - maker.warmUp * HOUR])));
  expect(maker.learned).toEqual([1, 2, 3, 4, 5, 6].map((t) => startedAt - (6 - t) * HOUR));
  expect(stepsIn(await recordsOf(folder)).map((step) => step.time)[0]).toBe(startedAt + HOUR);
});

test("interrupted before and after each of its writes, a run does the same as one that was not", async () => {
  const bars = market("short", 16, 0.1);
  const whole = temporaryFolder();
  await lived(whole, bars);
  const expected = await recordsOf(whole);
  expect(fillsIn(expected).length).toBeGreaterThan(15);
  for (let at = 1; at < expected.length; at++) {
    for (const when of ["before", "after"]) {
      const folder = temporaryFolder();
      const journal = await openJournal({ folder, snapshotEvery: 7 });
      let writes = 0;
      const failing = {
        ...{ folder, cut: undefined, length: 0, tail: journal.tail },
        snapshot: journal.snapshot,
        get snapshotDue() {
          return journal.snapshotDue;
        },
        async append(record: unknown) {
          const isLast = ++writes > at;
          if (isLast && when === "before") throw new Error("power is gone");
          const number = await journal.append(record);
          if (isLast) throw new Error("power is gone");
          return number;
        },
        close: journal.close,
      };
      const clock = { time: START };
      const session = await openSession({
        account,
        from: START,
        now: () => clock.time,
        maker: follower(),
        journal: failing,
      });
      await expect(session.live(feedOf(bars, clock))).rejects.toThrow("power is gone");
      await journal.close();
      const startedAt = START + (4 + (at % 9)) * HOUR; // what was missed meanwhile comes by backfill
      await lived(folder, bars, { feed: { startedAt } });
      expect(deeds(await recordsOf(folder)), `${when} write ${at}`).toEqual(deeds(expected));
    }
  }
});

test("a run that is stopped ends after the step at hand, and goes on as if it had not", async () => {
  const bars = market("stop", 120);
  const [whole, folder] = [temporaryFolder(), temporaryFolder()];
  await lived(whole, bars);
  for (const steps of [20, 50, 90]) {
    const journal = await openJournal({ folder });
    const clock = { time: START };
    let count = 0;
    const session = await openSession({
      ...{ account, from: START, now: () => clock.time, maker: follower(), journal },
      told(record) {
        if (record.kind === "step" && record.time >= START + steps * HOUR && count++ === 0) session.stop();
      },
    });
    await session.live(feedOf(bars, clock, { since: session.since.BTC! }));
    expect(session.run.lastClose).toBe(START + steps * HOUR);
    await journal.close();
  }
  await lived(folder, bars);
  expect(deeds(await recordsOf(folder))).toEqual(deeds(await recordsOf(whole)));
  const ends = (await recordsOf(folder)).flatMap((r) =>
    r.kind === "status" && r.what === "ended" ? [r.detail] : [],
  );
  expect(ends).toEqual(["stopped", "stopped", "stopped", "the stream is over"]);
});

/** Follows each symbol's exponential mean, which never quite forgets: what it wants depends on all bars so far, to the last digit. */
function averager(memory?: number): DecisionMaker & { readonly learned: number[] } {
  const base = follower();
  const means: (number | undefined)[] = SYMBOLS.map(() => undefined);
  const move = (step: BarStep) =>
    step.bars.forEach((bar, a) => {
      if (bar) means[a] = (13 * (means[a] ?? bar.close) + bar.close) / 14;
    });
  return {
    ...base,
    ...(memory === undefined ? {} : { memory }),
    learn(step) {
      base.learned.push(step.time);
      move(step);
    },
    decide(step) {
      move(step);
      const targets = Float64Array.from(step.bars, (bar, a) =>
        bar ? means[a]! / bar.close - 1 : Number.NaN,
      );
      return { ...base.decide(step), targets };
    },
  };
}

/** Lives until the close `hours` after the start. */
async function livedUntil(folder: string, bars: readonly Bars[], maker: DecisionMaker, hours: number) {
  const journal = await openJournal({ folder, snapshotEvery: 50 });
  const clock = { time: START };
  const told = (record: LiveRecord) => {
    if (record.kind === "step" && record.time === START + hours * HOUR) session.stop();
  };
  const session = await openSession({ account, from: START, now: () => clock.time, maker, journal, told });
  await session.live(feedOf(bars, clock, { since: session.since.BTC! }));
  await journal.close();
}

test("a maker whose memory never ends takes up all that the run has lived through, and wants the same to the bit", async () => {
  const bars = market("recursive", 120);
  const [whole, folder] = [temporaryFolder(), temporaryFolder()];
  await lived(whole, bars, { maker: averager() });
  for (const hours of [30, 70]) await livedUntil(folder, bars, averager(), hours);
  await lived(folder, bars, { maker: averager() });
  expect(deeds(await recordsOf(folder))).toEqual(deeds(await recordsOf(whole)));
});

test("a maker that says how far its memory goes takes up no more", async () => {
  const bars = market("finite", 120, 0);
  const folder = temporaryFolder();
  await livedUntil(folder, bars, averager(20), 70);
  const maker = averager(20);
  await lived(folder, bars, { maker });
  expect(maker.learned).toEqual(Array.from({ length: 20 }, (_, i) => START + (51 + i) * HOUR));
});

test("stop wakes a session that waits for an event which never comes", async () => {
  const journal = await openJournal({ folder: temporaryFolder() });
  const session = await openSession({ account, from: START, now: () => START, maker: follower(), journal });
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
  const ended = session.live(silent);
  session.stop();
  await ended;
  await journal.close();
});
