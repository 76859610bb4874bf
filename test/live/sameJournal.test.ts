/** The journal of a rehearsed session is the same in every run, however the machine spreads its work over time. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fold, key, stream } from "../../lib/core/random.js";
import { rehearse } from "../../lib/live/rehearsal.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import { temporaryFolder } from "./paperFixtures.js";
import { follower, rehearsedMarket } from "./toyMarket.js";

const root = key("same journal");
const [FROM, UNTIL] = [60, 82];
const { bars, symbols, at, account } = rehearsedMarket(UNTIL + 10);

/** Keeps the machine busy at random moments, for up to eight milliseconds each, until it is told to stop. */
function jitter(run: number): () => void {
  const draws = stream(fold(root, "jitter", run));
  const timer = setInterval(() => {
    const end = performance.now() + 8 * draws.uniform();
    while (performance.now() < end);
  }, 3);
  return () => clearInterval(timer);
}

/** Bytes of the journal's files, oldest first. */
function bytesOf(journal: string): string {
  const files = readdirSync(journal).filter((name) => name.endsWith(".jsonl"));
  return files
    .sort()
    .map((name) => readFileSync(join(journal, name), "utf8"))
    .join("");
}

async function rehearsed(
  run: number,
  parts: readonly { readonly start: number; readonly failsAt?: number; readonly outage?: [number, number] }[],
): Promise<string> {
  const journal = temporaryFolder();
  const calm = jitter(run);
  try {
    for (const { start, ...rest } of parts) {
      const exchange = await startLoopback({ bars, key: root, now: () => at(start) });
      await rehearse({
        ...{ exchange, journal, account, key: fold(root, "client"), ...rest },
        ...{ maker: { ...follower(symbols), warmUp: 40 }, from: at(FROM), until: at(UNTIL) },
      }).finally(exchange.close);
    }
  } finally {
    calm();
  }
  return bytesOf(journal);
}

async function allRuns(parts: Parameters<typeof rehearsed>[1]): Promise<string[]> {
  const texts: string[] = [];
  for (let run = 0; run < 3; run++) texts.push(await rehearsed(run, parts));
  return texts;
}

test("a session over many hours that had passed before it began leaves the same bytes in every run", async () => {
  const [first, ...others] = await allRuns([{ start: FROM }]);
  expect(first!.split("\n").length).toBeGreaterThan(40);
  for (const text of others) expect(text).toBe(first);
}, 300_000);

test("a session whose power went and that came back leaves the same bytes in every run", async () => {
  const [first, ...others] = await allRuns([
    { start: FROM, failsAt: at(FROM + 10) + 1 },
    { start: FROM + 13 },
  ]);
  expect(first).toContain("backfilled");
  for (const text of others) expect(text).toBe(first);
}, 300_000);
