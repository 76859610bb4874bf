import { expect, test } from "vitest";
import { watchFunding } from "../../../../lib/cli/tasks/sources/funding.js";
import { key } from "../../../../lib/core/random.js";
import { simulate } from "../../../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../../../lib/testing/loopback.js";
import type { LoopbackOptions } from "../../../../lib/testing/types.js";

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);

/** A watch of two symbols on an exchange whose clock and faults the test sets, and what it told. */
async function watched(since: number, fundings: LoopbackOptions["fundings"] = {}) {
  const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 48, key: key("funding"), start: START });
  const clock = { time: START };
  const loopback = await startLoopback({ bars, key: key("server"), now: () => clock.time, fundings });
  const told: [string, number, number][] = [];
  const failures: string[] = [];
  const watch = await watchFunding({
    ...{ url: loopback.restUrl, symbols: ["BTCUSDT", "ETHUSDT"], since },
    session: { fund: (symbol, { time, rate }) => void told.push([symbol, (time - START) / HOUR, rate]) },
    failed: (why) => void failures.push(why),
    now: loopback.now,
  });
  const until = async (time: number, answers: number) => {
    clock.time = time;
    watch.see(time);
    await expect.poll(() => told.length + failures.length, { timeout: 10_000 }).toBe(answers);
  };
  const close = async () => {
    await watch.close();
    await loopback.close();
  };
  return { told, failures, loopback, until, close, watch };
}

test("each funding of each symbol is told once, when the hour is over in which it fell due", async () => {
  const { told, loopback, until, close, watch } = await watched(START + 1);
  await until(START + 8 * HOUR, 2);
  expect(told).toEqual([
    ["BTCUSDT", 8, 0.0001],
    ["ETHUSDT", 8, 0.0001],
  ]);
  const asked = loopback.requests().length;
  watch.see(START + 8 * HOUR + 60_000); // the same hour
  await until(START + 17 * HOUR, 4);
  expect(told.slice(2)).toEqual([
    ["BTCUSDT", 16, 0.0001],
    ["ETHUSDT", 16, 0.0001],
  ]);
  expect(loopback.requests().length).toBe(2 * asked);
  await close();
});

test("what could not be had is said, and had an hour later", async () => {
  const { told, failures, loopback, until, close } = await watched(START + 1);
  loopback.fail("geo-block", 1);
  await until(START + 8 * HOUR, 2);
  expect(failures).toHaveLength(1);
  expect(failures[0]).toContain("BTCUSDT");
  await until(START + 9 * HOUR, 3);
  expect(told.at(-1)).toEqual(["BTCUSDT", 8, 0.0001]);
  await close();
});

test("a rate that falls due less than an hour after one that was told before is not told, and said", async () => {
  const time = Float64Array.of(START + 8 * HOUR, START + 8.5 * HOUR);
  const { told, failures, until, close } = await watched(START + 1, {
    BTCUSDT: { time, rate: Float64Array.of(0.0001, 0.01) },
  });
  await until(START + 8 * HOUR, 2);
  await until(START + 9 * HOUR, 3);
  expect(told).toHaveLength(2);
  expect(failures).toEqual([
    expect.stringMatching(
      /^funding of BTCUSDT: expected funding at most once an hour, got one at .*, 30\.0 min/,
    ),
  ]);
  await close();
});
