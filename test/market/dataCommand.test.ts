/** `npm run data` through the real client of the exchange, and MARKET=bybit on what it left. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { key } from "../../lib/core/random.js";
import { openMarket } from "../../lib/market/open.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { type Project, temporaryProject } from "../scripts/project.js";
import { compileMarket } from "./storeCompiled.js";

const symbols = ["BTCUSDT", "ETHUSDT"];
const { bars } = simulate({ symbols, bars: 2000, key: key("data command") });
let project: Project;
let loopback: Loopback;

beforeAll(async () => {
  project = temporaryProject();
  const dist = join(project.folder, "lib/dist");
  mkdirSync(dist, { recursive: true });
  compileMarket(dist);
  const faults = { share: 0.3, kinds: ["malformed-json", "missing-rows", "reset"] as const };
  loopback = await startLoopback({ bars: bars.map(({ flow: _, ...b }) => b), key: key("faults"), faults });
});

afterAll(async () => {
  project.remove();
  await loopback.close();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const download = (until: string) =>
  project.node([
    ...["scripts/data.mjs", "--symbols", symbols.join(","), "--interval", "60", "--since", "2024-01-01"],
    ...["--until", until, "--rest-url", loopback.restUrl, "--json"],
  ]);

test("what the exchange has comes to disk exactly, more on the next run, and opens as a market", async () => {
  // VI-100, VI-106, BN-91
  const first = await download("2024-02-10");
  expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(first.out).reports.map((r: { rows: number }) => r.rows)).toEqual([960, 960]);
  const second = await download("2024-03-01");
  expect(JSON.parse(second.out).reports.map((r: { fetched: number }) => r.fetched)).toEqual([480, 480]);
  vi.stubEnv("MARKET", "bybit");
  vi.spyOn(process, "cwd").mockReturnValue(join(project.folder, "notebooks"));
  const market = await openMarket({ symbols });
  expect([market.source, market.simulated, market.stepMs]).toEqual(["Bybit", false, 3_600_000]);
  const preferred = await openMarket({ prefer: [...symbols, "XYZUSDT"], atLeast: 2 });
  expect(preferred.symbols).toEqual(symbols);
  market.bars.forEach((b, a) => {
    expect(b.openTime).toEqual(bars[a]!.openTime.slice(0, 1440));
    b.close.forEach((close, t) => {
      expect(Math.abs(close / bars[a]!.close[t]! - 1)).toBeLessThan(1e-6);
    });
  });
});
