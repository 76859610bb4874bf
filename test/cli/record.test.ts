/** `vitrade record` on a loopback exchange, by its own work in this process: what it writes is the exchange's flow. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Shell } from "../../lib/cli/shell.js";
import { type RecordReport, record } from "../../lib/cli/tasks/sources/record.js";
import { key } from "../../lib/core/random.js";
import { readRecorded } from "../../lib/market/flow/recorder.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { silentShell } from "./small.js";

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1, 23, 50);
const symbols = ["BTCUSDT", "ETHUSDT"];
const { bars: market } = simulate({ symbols, bars: 60, key: key("record"), stepMs: MINUTE, start: START });
const FROM = START + 5 * MINUTE - 1;

let loopback: Loopback;

afterEach(() => loopback.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A shell by the exchange's clock, which a signal stops. */
function shellOf(signal: AbortSignal): Shell {
  return { ...silentShell, clock: { now: loopback.now, elapsed: () => performance.now() }, signal };
}

/** Records until it is over or time has been played to `until`, and is stopped then. */
async function recordTo(folder: string, until: number, bars?: number): Promise<RecordReport | Error> {
  const stop = new AbortController();
  const command = { symbols, interval: "1", folder, bars, url: loopback.restUrl, streamUrl: loopback.wsUrl };
  let isOver = false;
  const outcome = record(command, shellOf(stop.signal))
    .catch((error: Error) => error)
    .finally(() => {
      isOver = true;
    });
  await Promise.all(symbols.map((symbol) => loopback.subscribed(`orderbook.50.${symbol}`)));
  for (let time = loopback.now(); time < until && !isOver; ) {
    time = Math.min(until, time + MINUTE / 6);
    await loopback.advance(time);
    await pause(3);
  }
  await pause(100);
  stop.abort();
  return outcome;
}

test("it records the exchange's flow, ends after its candles, and goes on after a stop with the hole as NaN", async () => {
  loopback = await startLoopback({ bars: market, key: key(1), now: () => FROM });
  const folder = mkdtempSync(join(tmpdir(), "vitrade-record-"));
  const stopped = await recordTo(folder, START + 12 * MINUTE);
  expect(String(stopped)).toContain("stopped; what was heard is in");
  await loopback.advance(START + 15 * MINUTE); // nobody listens
  const report = (await recordTo(folder, START + 50 * MINUTE, 20)) as RecordReport;
  expect(report.rows).toMatchObject([{ symbol: "BTCUSDT", files: 2 }, { symbol: "ETHUSDT" }]);
  const all = await readRecorded(folder, symbols, "1");
  for (const [a, bars] of all.entries()) {
    const rows = bars.openTime.length;
    const at = (time: number) => (time - START) / MINUTE;
    expect(Array.from(bars.openTime, at)).toEqual(
      Array.from({ length: rows }, (_, i) => i + at(bars.openTime[0]!)),
    );
    bars.openTime.forEach((time, i) => {
      const t = at(time);
      expect(bars.close[i]).toBe(market[a]!.close[t]);
      const { buyVolume, bid, bidDepth } = bars.flow!;
      const isHeard = t >= 5 && t !== 12 && t !== 13 && t !== 14 && t !== 15; // the stop, and what began within a candle
      if (isHeard) {
        expect(buyVolume[i]! / market[a]!.flow!.buyVolume[t]!).toBeCloseTo(1, 12);
        expect(bid[i]).toBe(market[a]!.flow!.bid[t]);
        expect(bidDepth![i]).toBeGreaterThan(0);
      } else if (t >= 12 && t <= 14) {
        expect([buyVolume[i], bid[i]]).toEqual([Number.NaN, Number.NaN]);
      }
    });
    expect(rows).toBeGreaterThan(25);
  }
}, 300_000);
