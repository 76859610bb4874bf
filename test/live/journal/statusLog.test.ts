/** What repeats is written together: a hostile feed fills no disk, and the counts stay right. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openJournal } from "../../../lib/live/journal/journal.js";
import { statusLog } from "../../../lib/live/journal/statusLog.js";
import { openSession } from "../../../lib/live/session.js";
import type { StreamEvent } from "../../../lib/market/stream/types.js";
import { START } from "../../trading/support/candles.js";
import { recordsOf, temporaryFolder } from "../paperFixtures.js";
import { follower } from "../toyMarket.js";

test("whatever comes when, the times of what is written sum to what came, and no kind is written more than eleven times a minute", () => {
  const statuses = fc.array(fc.record({ what: fc.constantFrom("a", "b"), after: fc.nat(20_000) }), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(statuses, (all) => {
      const log = statusLog();
      let ms = 0;
      const written = all.flatMap(({ what, after }) => {
        ms += after;
        return log.see(what, "x", ms).map((status) => ({ ...status, ms }));
      });
      const rest = log.rest().map((status) => ({ ...status, ms }));
      for (const what of ["a", "b"]) {
        const own = [...written, ...rest].filter((status) => status.what === what);
        const sum = own.reduce((total, { times = 1 }) => total + times, 0);
        expect(sum).toBe(all.filter((status) => status.what === what).length);
        for (const { ms: from } of own) {
          const within = own.filter((status) => status.ms >= from && status.ms < from + 60_000);
          expect(within.length).toBeLessThanOrEqual(22); // a minute may touch two of the log's
        }
      }
    }),
  );
});

test("20,000 bad frames in 25 seconds are a dozen entries of the journal, with their number", async () => {
  const folder = temporaryFolder();
  const journal = await openJournal({ folder });
  const clock = { time: START };
  async function* feed(): AsyncGenerator<StreamEvent> {
    for (let i = 0; i < 20_000; i++) {
      clock.time = START + i;
      yield { kind: "status", what: "bad frame", detail: `${i} ${"x".repeat(100_000)}`, at: clock.time };
    }
  }
  const account = { costs: { makerBps: 0, takerBps: 0, halfSpreadBps: 0, latencyBars: 0 }, capital: 1 };
  const session = await openSession({
    ...{ account, from: START, now: () => clock.time, maker: follower(), journal },
  });
  await session.live(feed());
  await journal.close();
  const bad = (await recordsOf(folder)).filter((r) => r.kind === "status" && r.what === "bad frame");
  expect(bad.length).toBe(11);
  expect(bad.at(-1)).toMatchObject({ times: 19_990 });
  expect(JSON.stringify(bad).length).toBeLessThan(6000);
});
