/** A paper run under limits, kill switch and bad luck: all of it is in the journal, and none of it breaks the proof. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Bars } from "../../lib/core/types.js";
import { openJournal } from "../../lib/live/journal/journal.js";
import { readPaperRun } from "../../lib/live/journal/paperRun.js";
import type { LiveRecord, StepRecord } from "../../lib/live/journal/records.js";
import { replay } from "../../lib/live/journal/replay.js";
import { killSwitch } from "../../lib/live/risk/killSwitch.js";
import type { RiskLimitOptions } from "../../lib/live/risk/riskOptions.js";
import { openSession } from "../../lib/live/session.js";
import type { SessionOptions } from "../../lib/live/sessionOptions.js";
import type { StreamEvent } from "../../lib/market/stream/types.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { type Costs, constantFunding } from "../../lib/trading/backtest/costs.js";
import { HOUR, START } from "../trading/support/candles.js";
import { fillsIn, opensIn, recordsOf, stepsIn, temporaryFolder } from "./paperFixtures.js";
import { candle, type FeedOptions, feedOf, follower, market, SYMBOLS } from "./toyMarket.js";

const costs: Costs = { makerBps: 2, takerBps: 5.5, halfSpreadBps: 1, latencyBars: 0 };
const account = { costs, capital: 10_000 } as const;

type Options = Partial<Omit<SessionOptions, "journal">> & { readonly feed?: FeedOptions };

async function lived(
  folder: string,
  bars: readonly Bars[],
  { feed = {}, ...options }: Options = {},
): Promise<LiveRecord[]> {
  const journal = await openJournal({ folder, snapshotEvery: 50 });
  try {
    const clock = { time: feed.startedAt ?? START };
    const session = await openSession({
      account,
      from: START,
      now: () => clock.time,
      maker: follower(),
      journal,
      ...options,
    });
    await session.live(feedOf(bars, clock, { since: session.since.BTC!, ...feed }));
  } finally {
    await journal.close();
  }
  return recordsOf(folder);
}

/** A backtest on what the journal says was lived gives the equity that the journal says was had. */
async function proven(folder: string, funding: Costs["funding"] = {}): Promise<void> {
  const { weights, bars, options, equity, fills } = await readPaperRun(folder);
  const ledger = backtest(weights, bars, {
    ...options,
    costs: { ...options.costs, funding: { ...options.costs.funding, ...funding } },
  });
  expect(Array.from(ledger.equity)).toEqual(Array.from(equity));
  expect(ledger.orders).toBe(fills.length);
}

test("the journal alone holds the proof: a backtest on its bars and weights gives its equity to the bit", async () => {
  const bars = market("proof", 300);
  for (const latencyBars of [0, 2]) {
    const funding = { ETH: constantFunding(3e-4, START, START + 300 * HOUR) };
    const folder = temporaryFolder();
    const options = {
      ...account,
      costs: { ...costs, latencyBars, funding },
      rebalance: { band: 0.05 },
      leverageLimit: 0.7,
    };
    const records = await lived(folder, bars, {
      account: options,
      limits: { position: 0.25, netExposure: 0.4 },
    });
    expect(stepsIn(records).some((step) => step.reasons.length > 0)).toBe(true);
    await proven(folder, funding);
  }
});

test.each([
  [0, 20.1, 20], // before the open is complete
  [0, 20.6, 21], // within the bar
  [2, 20.1, 20],
  [2, 20.6, 21],
])(
  "latency %d, kill switch at %d: all is flat at open %d and stays so over a restart, and the journal says why",
  async (latencyBars, hour, flatAt) => {
    const bars = market("switch", 60, 0);
    const own = { ...account, costs: { ...costs, latencyBars } };
    const folder = temporaryFolder();
    const file = join(temporaryFolder(), "kill");
    const before = (event: StreamEvent) => {
      if (event.at === START + hour * HOUR) writeFileSync(file, "enough");
    };
    const first = bars.map((b) => cut(b, 30));
    await lived(folder, first, { account: own, killSwitch: killSwitch(file), feed: { before } });
    rmSync(file);
    const records = await lived(folder, bars, { account: own });
    const kills = records.filter((record) => record.kind === "kill");
    expect(kills).toMatchObject([{ kind: "kill", why: `kill switch ${file}: enough` }]);
    const flat = fillsIn(records).filter((fill) => fill.cause === "flat");
    expect(flat.map((fill) => fill.filledAt)).toEqual(Array(3).fill(START + flatAt * HOUR));
    const later = stepsIn(records).filter((step) => step.time > START + flatAt * HOUR);
    expect(later.length).toBe(60 - flatAt);
    for (const step of later) {
      expect(step.targets).toEqual([0, 0, 0]);
      expect(step.reasons).toEqual([`flat: kill switch ${file}: enough`]);
    }
    expect(fillsIn(records).filter((fill) => fill.filledAt > START + flatAt * HOUR)).toEqual([]);
    await proven(folder);
  },
);

/** The first `count` bars. */
function cut(b: Bars, count: number): Bars {
  const columns = ["openTime", "open", "high", "low", "close", "volume"] as const;
  return { ...b, ...Object.fromEntries(columns.map((name) => [name, b[name].slice(0, count)])) };
}

test("bars that were missed while the run was down are decided on when they are old, and take no new risk", async () => {
  const bars = market("down", 60, 0);
  const folder = temporaryFolder();
  const limits = { stale: { barMs: HOUR / 2 } };
  await lived(
    folder,
    bars.map((b) => cut(b, 20)),
    { limits },
  );
  const records = await lived(folder, bars, { limits, feed: { startedAt: START + 40 * HOUR } });
  const steps = stepsIn(records);
  expect(steps.map((step) => step.time)).toEqual(
    Array.from({ length: 60 }, (_, t) => START + (t + 1) * HOUR),
  );
  const old = steps.filter((step) => step.at - step.time > HOUR / 2);
  expect(old.map((step) => step.time)).toEqual(Array.from({ length: 19 }, (_, t) => START + (21 + t) * HOUR));
  expect(old.flatMap((step) => step.reasons).length).toBeGreaterThan(20);
  const opened = new Set(old.map((step) => step.time));
  let units = [0, 0, 0];
  for (const { time, fills } of opensIn(records)) {
    const next = units.map((held, a) =>
      fills
        .filter((fill) => fill.symbol === SYMBOLS[a])
        .reduce((sum, f) => sum + (f.side === "buy" ? f.units : -f.units), held),
    );
    if (opened.has(time))
      next.forEach((held, a) => {
        expect(Math.abs(held)).toBeLessThanOrEqual(Math.abs(units[a]!) + 1e-9);
      });
    units = next;
  }
  await proven(folder);
});

test("after the loss of a day the run is flat; a reset is journaled and lets it go on", async () => {
  const bars = market("loss", 60, 0);
  const folder = temporaryFolder();
  const limits = { dailyLoss: { share: 0.01, until: "reset" } } as const;
  const journal = await openJournal({ folder });
  const clock = { time: START };
  const session = await openSession({
    ...{ account, limits, from: START, now: () => clock.time, maker: follower(SYMBOLS, 1.5), journal },
    told(record) {
      if (record.kind === "step" && record.time === START + 40 * HOUR) session.reset("looked at");
    },
  });
  await session.live(feedOf(bars, clock));
  await journal.close();
  const records = await recordsOf(folder);
  const isHalted = (t: number) => stepsIn(records)[t]!.reasons[0]?.startsWith("flat: lost ") ?? false;
  expect(isHalted(39)).toBe(true);
  expect(isHalted(40)).toBe(false);
  expect(records.find((record) => record.kind === "reset")).toMatchObject({ why: "looked at" });
  await proven(folder);
  const again = await openJournal({ folder });
  const resumed = await openSession({
    account,
    limits,
    now: () => clock.time,
    maker: follower(SYMBOLS, 1.5),
    journal: again,
  });
  expect(resumed.run.limits.state()).toEqual(session.run.limits.state());
  await again.close();
});

test("funding that is told while the run lasts is paid once, whoever tells it again, and is part of the proof", async () => {
  const bars = market("funding", 80, 0);
  const folder = temporaryFolder();
  const rates = constantFunding(1e-3, START, START + 80 * HOUR);
  const of = async (from: number, to: number) => {
    const journal = await openJournal({ folder, snapshotEvery: 11 });
    const clock = { time: START + from * HOUR };
    const session = await openSession({
      account,
      from: START,
      now: () => clock.time,
      maker: follower(),
      journal,
    });
    const before = () =>
      rates.time.forEach((time, i) => {
        const early = i % 2 ? -2 * HOUR : 1.5 * HOUR; // some are told ahead, some late
        if (clock.time >= time + early) session.fund("ETH", { time, rate: rates.rate[i]! });
      });
    await session.live(
      feedOf(
        bars.map((b) => cut(b, to)),
        clock,
        { since: session.since.BTC!, before },
      ),
    );
    await journal.close();
    return session;
  };
  await of(0, 30);
  await of(30, 55);
  const { run } = await of(55, 80);
  const records = await recordsOf(folder);
  expect(records.filter((record) => record.kind === "status" && record.funding).length).toBe(
    rates.time.length,
  );
  await proven(folder);
  const { options, weights, bars: past } = await readPaperRun(folder);
  const ledger = backtest(weights, past, options);
  expect(ledger.funding.filter((paid) => paid !== 0).length).toBeGreaterThan(6);
  expect(run.broker.state().unpaid).toEqual([[], [], []]);
  expect(() => run.broker.fund("XRP", { time: 0, rate: 0 })).toThrow(
    "funding: expected one of BTC, ETH, SOL, got XRP",
  );
});

test("a symbol that comes too late is missing from its step, in the journal, and in what a restart learns", async () => {
  const bars = market("late", 12, 0);
  const folder = temporaryFolder();
  const lateAt = START + 5.2 * HOUR;
  async function* delayed(
    events: AsyncIterable<StreamEvent>,
    clock: { time: number },
  ): AsyncGenerator<StreamEvent> {
    let held: StreamEvent | undefined;
    for await (const event of events) {
      if (event.kind === "bar" && event.symbol === "SOL" && event.bar.time === START + 4 * HOUR) held = event;
      else yield event;
      if (held && clock.time >= lateAt) {
        yield held;
        held = undefined;
      }
    }
  }
  const journal = await openJournal({ folder });
  const clock = { time: START };
  const session = await openSession({
    account,
    from: START,
    now: () => clock.time,
    maker: follower(),
    journal,
  });
  await session.live(delayed(feedOf(bars, clock), clock));
  await journal.close();
  const records = await recordsOf(folder);
  expect(stepsIn(records)[4]!.bars[2]).toBeNull();
  expect(stepsIn(records)[4]!.targets[2]).toBeNull();
  const notes = records.flatMap((record) =>
    record.kind === "status" && record.what === "late" ? [record.detail] : [],
  );
  expect(notes).toEqual(["SOL: the candle of 2025-01-01T04:00:00.000Z came after its step"]);
  await proven(folder);
  const learned: unknown[] = [];
  const maker = {
    ...follower(),
    ...{ warmUp: 9, memory: 9 },
    learn: (step: { bars: readonly unknown[] }) => void learned.push(step.bars[2]),
  };
  await lived(folder, market("late", 14, 0), { maker });
  expect(learned[1]).toBeUndefined(); // the fifth of twelve closes, of which nine are learned
  expect(learned.slice(2).concat(learned[0])).toEqual(
    [5, 6, 7, 8, 9, 10, 11, 3].map((t) => candle(bars[2]!, t)),
  );
});

test("a journal that calls the model uncertainty epistemic, as earlier versions did, is replayed to the same state", async () => {
  const folder = temporaryFolder();
  const limits: RiskLimitOptions = { modelUncertainty: { quantile: 0.9, window: 5 } };
  await lived(folder, market("named", 15, 0), { limits });
  const journal = await openJournal({ folder });
  const entries = await journal.tail();
  await journal.close();
  const earlier = entries.map(({ number, record }) => {
    const { modelUncertainty, ...rest } = record as StepRecord;
    return { number, record: rest.kind === "step" ? { ...rest, epistemic: modelUncertainty } : rest };
  });
  expect(JSON.stringify(earlier)).not.toContain("modelUncertainty");
  const settings = { broker: { ...account, symbols: SYMBOLS }, limits };
  const [now, then] = [entries, earlier].map((own) => replay(own, settings)!.limits.state());
  expect(then).toEqual(now);
  expect(now!.seen.map((values) => values.length)).toEqual([5, 5, 5]);
});

test("a journal of another run, or one that the replay contradicts, is refused", async () => {
  const bars = market("other", 40, 0);
  const folder = temporaryFolder();
  const funding = { BTC: constantFunding(1e-3, START, START + 40 * HOUR) };
  await lived(folder, bars, { account: { ...account, costs: { ...costs, funding } } });
  await expect(lived(folder, bars, { maker: follower(["BTC", "ETH"]) })).rejects.toThrow(
    'journal: expected the symbols with which the run began, ["BTC","ETH","SOL"], got ["BTC","ETH"]',
  );
  await expect(lived(folder, bars, { account: { ...account, capital: 5 } })).rejects.toThrow(
    /journal: expected the options with which the run began, .*"capital":10000.*, got .*"capital":5/,
  );
  await expect(lived(folder, bars)).rejects.toThrow(/journal, entry \d+: expected the equity that w/);
});

test("an event of a symbol that is none of the maker's is refused, and a decision of another time", async () => {
  const bars = market("odd", 5, 0);
  await expect(lived(temporaryFolder(), bars, { maker: follower(["BTC", "ETH"]) })).rejects.toThrow(
    "expected an event of BTC, ETH, got one of SOL",
  );
  const maker = follower();
  const late = {
    ...maker,
    decide: (step: Parameters<typeof maker.decide>[0]) => ({ ...maker.decide(step), time: 5 }),
  };
  await expect(lived(temporaryFolder(), bars, { maker: late })).rejects.toThrow(
    "expected a decision of the step",
  );
});
