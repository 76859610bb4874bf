/** A million one-minute bars written to disk and read back: a file a month, flushed and verified; pandas with pyarrow beside it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import { quantile } from "../../lib/core/stats.js";
import { decodeBars, encodeBars } from "../../lib/market/store/parquet.js";
import { openSnapshot, readSnapshot } from "../../lib/market/store/snapshot.js";
import { openStore } from "../../lib/market/store/store.js";
import { makeBars } from "../../test/market/storeFixtures.js";
import { pythonContestant } from "../support/python.js";

const ROWS = 1_000_000;
const ROUNDS = 5;
const folder = mkdtempSync(join(tmpdir(), "vitrade-bench-"));
const series = { category: "linear", symbol: "BTCUSDT", interval: "1" } as const;
const bars = makeBars({ stepMs: 60_000, from: Date.UTC(2023, 0, 1), count: ROWS });
const range = { since: bars.openTime[0]!, until: bars.openTime.at(-1)! + bars.stepMs };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const peers = {
  ...pythonContestant(
    "pandas.to_parquet",
    pandas('frame.to_parquet(path, engine="pyarrow", compression="snappy")'),
  ),
  ...pythonContestant("pandas.read_parquet", pandas('pandas.read_parquet(path, engine="pyarrow")')),
};

function pandas(step: string) {
  const program = `
import os, tempfile
import numpy, pandas
n = ${ROWS}
draws = numpy.random.default_rng(1)
close = 100 * numpy.exp(numpy.cumsum(draws.standard_normal(n) / 100))
frame = pandas.DataFrame({"open_time": pandas.to_datetime(numpy.arange(n) * 60000, unit="ms", utc=True)})
for name in ["open", "high", "low", "close", "volume"]: frame[name] = close * draws.random(n)
path = os.path.join(tempfile.mkdtemp(), "bars.parquet")
frame.to_parquet(path, engine="pyarrow", compression="snappy")
def work():
    ${step}
    return n
`;
  return { needs: ["pandas", "pyarrow"], program };
}

/** Runs the work a few times and prints the median in seconds, and the memory then resident. */
function measured(title: string, work: () => unknown): void {
  const times: number[] = [];
  const turn = async () => {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  };
  const teardown = (_: unknown, mode?: string) => {
    if (mode !== "run") return;
    const seconds = (quantile(times, 0.5) / 1000).toFixed(2);
    const resident = (process.memoryUsage.rss() / 1e6).toFixed(0);
    console.log(`${title}: ${seconds} s (median of ${times.length}), ${resident} MB resident`);
  };
  bench(title, turn, {
    iterations: ROUNDS,
    time: 0,
    warmupIterations: 1,
    warmupTime: 0,
    throws: true,
    teardown,
  });
}

describe("snapshots of a million bars", () => {
  let turn = 0;
  let last = "";
  let bytes: Uint8Array;
  measured("store.put (bar: 3 s)", async () => {
    last = join(folder, String(turn++));
    const store = await openStore(last);
    await store.put(series, bars, [range]);
    await store.close();
  });
  measured("readSnapshot (bar: 1 s)", async () => readSnapshot(await openSnapshot(last), series));
  measured("encodeBars, one file", async () => {
    bytes = await encodeBars(bars, series);
  });
  measured("decodeBars, one file", () => decodeBars(bytes, series, "file"));
  for (const [name, work] of Object.entries(peers)) {
    bench(
      name,
      async () => {
        const done = await work();
        if (typeof done !== "number")
          console.log(`${name}, one file: ${(done.nanoseconds / 1e9).toFixed(2)} s by its own clock`);
      },
      { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true },
    );
  }
});
