/** What `vitrade prepare` says of bars that are not there. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrepareReport, prepare } from "../../lib/cli/tasks/sources/prepare.js";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

let folder = "";
let report: PrepareReport;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prepare-"));
  const { bars } = simulate({ symbols: ["AAAUSDT", "BBBUSDT"], bars: 900, key: key(8) });
  const isThere = [
    (t: number) => t < 880 && !(t >= 100 && t < 110) && !(t >= 400 && t < 405), // a hole where the other begins, and one inside
    (t: number) => t >= 100,
  ];
  for (const [a, own] of bars.entries()) {
    const rows = Array.from(own.openTime.keys()).filter(isThere[a]!);
    const line = (t: number) =>
      [own.openTime, own.open, own.high, own.low, own.close, own.volume].map((column) => column[t]).join(",");
    const text = ["timestamp,open,high,low,close,volume", ...rows.map(line)].join("\n");
    await writeFile(join(folder, `${own.symbol}.csv.gz`), gzipSync(`${text}\n`));
  }
  const symbols = ["AAAUSDT", "BBBUSDT"];
  report = await prepare({
    source: {
      market: folder,
      symbols,
      interval: "60",
      category: "linear",
      seed: 1,
      now: Date.UTC(2026, 0, 1),
    },
    settings: {
      ...{ sequenceLength: 24, predictionHorizon: 4, stride: 4, threshold: 0.7 },
      fractions: { train: 0.6, validation: 0.2, test: 0.2 },
    },
    withoutFlow: true,
    out: join(folder, "own.dataset"),
  });
});

afterAll(() => rm(folder, { recursive: true }));

test("a hole at the edge of the common range is a gap like one inside it", () => {
  expect(report.bars.map(({ symbol, rows, missing, gaps }) => ({ symbol, rows, missing, gaps }))).toEqual([
    { symbol: "AAAUSDT", rows: 765, missing: 15, gaps: 2 },
    { symbol: "BBBUSDT", rows: 780, missing: 0, gaps: 0 },
  ]);
});

test("bars that one symbol has before or after the others are counted as left out", () => {
  expect(report.bars.map(({ early, late }) => [early, late])).toEqual([
    [100, 0],
    [0, 20],
  ]);
});
