/** A rehearsed session is its backtest, also when the line is cut or the process is killed. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { fold, key } from "../../lib/core/random.js";
import { compareRun } from "../../lib/live/compareRun.js";
import { barSteps } from "../../lib/live/pipeline/history.js";
import { rehearse } from "../../lib/live/rehearsal.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { temporaryFolder } from "./paperFixtures.js";
import { followedWeights, follower, rehearsedMarket } from "./toyMarket.js";

const root = key("rehearsal");
const BARS = 90;
const FROM = 30;
const UNTIL = 80;
const { bars, symbols, at, account } = rehearsedMarket(BARS);

/** The backtest of the hours that were lived through. */
const weights = followedWeights(bars);
const rows = { from: FROM * symbols.length, to: UNTIL * symbols.length };
const ledger = backtest(
  { ...weights, time: weights.time.slice(FROM, UNTIL), values: weights.values.slice(rows.from, rows.to) },
  bars.map((b) => ({
    ...b,
    ...{ openTime: b.openTime.slice(FROM, UNTIL), open: b.open.slice(FROM, UNTIL) },
    ...{ high: b.high.slice(FROM, UNTIL), low: b.low.slice(FROM, UNTIL) },
    ...{ close: b.close.slice(FROM, UNTIL), volume: b.volume.slice(FROM, UNTIL) },
  })),
  account,
);

let exchange: Loopback;
let journal: string;

async function restart(t: number): Promise<void> {
  await exchange?.close();
  exchange = await startLoopback({ bars, key: root, now: () => at(t) });
}

beforeEach(async () => {
  journal = temporaryFolder();
  await restart(FROM);
});

afterEach(async () => {
  await exchange.close();
});

const options = () => ({
  ...{ exchange, journal, account, key: fold(root, "client") },
  ...{ maker: follower(symbols), from: at(FROM), until: at(UNTIL) },
});

test("equity of every hour is that of the backtest, to the bit", async () => {
  const { steps, failure, fills } = await rehearse(options());
  expect(failure).toBeUndefined();
  expect(steps.map(({ equity }) => equity)).toEqual([...ledger.equity]);
  expect(fills.length).toBeGreaterThan(50);
});

test("the comparison counts what differs and what is missing", async () => {
  const run = await rehearse(options());
  const maker = follower(symbols);
  const steps = barSteps(bars);
  for (const step of steps.slice(0, FROM)) maker.learn(step);
  const studied = steps.slice(FROM, UNTIL).map((step) => maker.decide(step));
  expect(compareRun(run, studied, ledger).map(({ different }) => different)).toEqual([0, 0, 0]);
  const other = { ...run, steps: run.steps.slice(1), fills: run.fills.slice(0, -9) };
  expect(compareRun(other, studied, ledger).every(({ different }) => different > 0)).toBe(true);
});

test("an outage changes nothing of what was decided", async () => {
  const { steps, counts } = await rehearse({ ...options(), outage: [at(50), at(54)] });
  expect(counts.reconnects).toBeGreaterThan(0);
  expect(steps.map(({ equity }) => equity)).toEqual([...ledger.equity]);
});

test("a session that was killed goes on to the same fills", async () => {
  const whole = await rehearse({ ...options(), journal: temporaryFolder() });
  await restart(FROM);
  const killed = await rehearse({ ...options(), failsAt: at(55) + 1 });
  expect(killed.failure).toBe("the power is gone");
  expect(killed.steps.length).toBeLessThan(30);
  await restart(58);
  const resumed = await rehearse(options());
  expect(resumed.fills).toEqual(whole.fills);
  expect(resumed.steps.at(-1)?.equity).toBe(ledger.equity.at(-1));
});

test("who is called after a close can throw the switch", async () => {
  const { steps } = await rehearse({
    ...options(),
    onClose: (session, time) => {
      if (time === at(60)) session.kill("by hand");
    },
  });
  expect(steps.find(({ time }) => time === at(62))?.targets).toEqual([0, 0, 0]);
});
