/** A paper run that is killed at any moment: its journal opens, and it goes on to the same fills. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { fold, key, uniforms } from "../../lib/core/random.js";
import { openJournal } from "../../lib/live/journal/journal.js";
import { replay } from "../../lib/live/journal/replay.js";
import { openSession } from "../../lib/live/session.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { constantFunding } from "../../lib/trading/backtest/costs.js";
import { killedChild } from "../support/killedChild.js";
import { HOUR, START } from "../trading/support/candles.js";
import { compileFiles } from "./compiled.js";
import { deeds, fillsIn, recordsOf, temporaryFolder } from "./paperFixtures.js";
import { feedOf, followedWeights, follower, market, SYMBOLS } from "./toyMarket.js";

/** `KILLS=200 npx vitest run test/live/kill.test.ts` for the long form. */
const KILLS = Number(process.env.KILLS ?? 25);
const BARS = 120;
const bars = market("killed", BARS);
const funding = { BTC: constantFunding(1e-4, START, START + BARS * HOUR) };
const costs = { makerBps: 2, takerBps: 5.5, halfSpreadBps: 1, latencyBars: 0, funding };
const account = { costs, capital: 10_000, rebalance: { band: 0.02 } } as const;
const ledger = backtest(followedWeights(bars), bars, account);

/** The child lives on the same bars, with some time between the events, and says when it begins. */
const CHILD = `
const [folder] = process.argv.slice(2);
const { openJournal } = require("./lib/live/journal/journal.js");
const { openSession } = require("./lib/live/session.js");
const { constantFunding } = require("./lib/trading/backtest/costs.js");
const { HOUR, START } = require("./test/trading/support/candles.js");
const { feedOf, follower, market } = require("./test/live/toyMarket.js");
const bars = market("killed", ${BARS});
const funding = { BTC: constantFunding(1e-4, START, START + ${BARS} * HOUR) };
const costs = { makerBps: 2, takerBps: 5.5, halfSpreadBps: 1, latencyBars: 0, funding };
const account = { costs, capital: 10000, rebalance: { band: 0.02 } };
const clock = { time: START };
process.stdout.write("begun\\n");
openJournal({ folder, snapshotEvery: 40 }).then(async (journal) => {
  const session = await openSession({ account, from: START, now: () => clock.time, maker: follower(), journal });
  const before = () => new Promise((done) => setImmediate(done));
  await session.live(feedOf(bars, clock, { since: session.since.BTC, before }));
  await journal.close();
});
`;

let library: string;
let expected: unknown[];

/** Compiled for the child alone: the test depends on no build. */
beforeAll(async () => {
  library = temporaryFolder();
  compileFiles(library, ["lib/live/session.ts", "lib/live/journal/journal.ts", "test/live/toyMarket.ts"]);
  writeFileSync(join(library, "child.js"), CHILD);
  const folder = temporaryFolder();
  await completed(folder);
  expected = deeds(await recordsOf(folder));
});

/** Lives to the end of the bars. */
async function completed(folder: string): Promise<void> {
  const journal = await openJournal({ folder });
  const clock = { time: START };
  const session = await openSession({
    account,
    from: START,
    now: () => clock.time,
    maker: follower(),
    journal,
  });
  await session.live(feedOf(bars, clock, { since: session.since.BTC! }));
  await journal.close();
}

/** Kills a run in a child `delay` ms after it began; tells how long it was at work. */
const killed = (folder: string, delay: number): Promise<number> =>
  killedChild([join(library, "child.js"), folder], delay);

/** Opens the journal as a restart would: a replay agrees with it, and with the backtest up to there. Returns how much was done. */
async function checked(folder: string): Promise<number> {
  const journal = await openJournal({ folder });
  const run = replay(await journal.tail(), { broker: { ...account, symbols: SYMBOLS } });
  await journal.close();
  const done = deeds(await recordsOf(folder));
  expect(done).toEqual(expected.slice(0, done.length));
  if (!run) return 0;
  const { account: books, openedAt, closedAt } = run.broker.state();
  const opened = openedAt === null ? -1 : (openedAt - START) / HOUR;
  const closed = closedAt === null ? -1 : (closedAt - START) / HOUR - 1;
  const before = (a: number) => (opened < 0 ? 0 : ledger.positions[3 * opened + a]!);
  expect(books.positions.every((units, a) => units === before(a))).toBe(true);
  if (opened === closed && closed >= 0) {
    expect(books.cash).toBe(ledger.cash[closed]);
    expect(books.equity).toBe(ledger.equity[closed]);
  }
  return done.length;
}

test(
  `after a kill -9 at each of ${KILLS} moments a paper run goes on to the same fills, none twice and none lost`,
  async () => {
    const delays = uniforms(fold(key(2026), "kill"), 2 * KILLS);
    const wholeMs = await killed(temporaryFolder(), 60_000); // sets the scale of the moments on this machine
    let inTheMiddle = 0;
    const trial = async (number: number): Promise<void> => {
      const folder = temporaryFolder();
      await killed(folder, delays[number]! * wholeMs);
      const first = await checked(folder);
      if (number % 4 === 0) {
        await killed(folder, delays[KILLS + number]! * wholeMs);
        expect(await checked(folder)).toBeGreaterThanOrEqual(first);
      }
      if (first > 0 && first < expected.length) inTheMiddle++;
      await completed(folder);
      const records = await recordsOf(folder);
      expect(deeds(records)).toEqual(expected);
      const ids = fillsIn(records).map((fill) => fill.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(ledger.orders);
    };
    for (let i = 0; i < KILLS; i += 2)
      await Promise.all([trial(i), ...(i + 1 < KILLS ? [trial(i + 1)] : [])]);
    console.log(`of ${KILLS} kills ${inTheMiddle} left a part of the run`);
    expect(inTheMiddle).toBeGreaterThan(KILLS / 4);
  },
  60_000 + 3_000 * KILLS,
);
