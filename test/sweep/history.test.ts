/** Long histories: read by symbol and range, checked part by part, and the same study whichever way its bars are read. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { type Bytes, encodeHistory, fileBytes, openHistory } from "../../lib/sweep/history/index.js";
import * as sweep from "../../lib/sweep/index.js";
import { folder, idleStudy, machine, tableOf } from "./support.js";

const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];
const simulated = simulate({ symbols, bars: 30_000, key: key("history") });
const bars = simulated.bars.map(({ flow: _, ...own }) => own);
const settings = {
  ...{ length: 12, horizon: 1, stride: 4, threshold: 1 },
  split: { train: 0.6, validation: 0.2, test: 0.2 },
};
const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const each of folders.splice(0)) each.remove();
});

/** Bytes in memory, and how many were read. */
function counted(bytes: Uint8Array): Bytes & { readonly read: number } {
  let read = 0;
  return {
    byteLength: bytes.length,
    get read() {
      return read;
    },
    async slice(from, to = bytes.length) {
      read += to - from;
      return new Uint8Array(bytes.subarray(from, to)).buffer;
    },
  };
}

describe("a history", () => {
  test("gives back every bar to the bit, in any order of symbols and any range", async () => {
    const { bytes, sha256 } = await encodeHistory({ ...settings, bars });
    const history = await openHistory(counted(bytes), "own");
    expect([history.sha256, history.rows, history.symbols]).toEqual([sha256, 30_000, symbols]);
    const all = await history.read({ from: 0, to: 30_000 });
    expect(all.map(({ symbol, stepMs }) => [symbol, stepMs])).toEqual(symbols.map((own) => [own, 3_600_000]));
    for (const [a, own] of all.entries())
      for (const name of ["openTime", "open", "high", "low", "close", "volume"] as const)
        expect(Buffer.from(own[name].buffer).equals(Buffer.from(bars[a]![name].slice().buffer))).toBe(true);
    const [eth, btc] = await history.read({ from: 9_990, to: 20_010, symbols: ["ETHUSDT", "BTCUSDT"] });
    expect(eth!.close).toEqual(bars[1]!.close.slice(9_990, 20_010));
    expect(btc!.volume).toEqual(bars[0]!.volume.slice(9_990, 20_010));
    expect(btc!.openTime).toEqual(bars[0]!.openTime.slice(9_990, 20_010));
  });

  test("of two symbols of four over a third of its rows reads their columns of one group, and no byte more", async () => {
    const { bytes } = await encodeHistory({ ...settings, bars });
    const file = counted(bytes);
    const history = await openHistory(file, "own");
    const opened = file.read;
    expect(opened).toBeLessThan(20_000); // the metadata
    await history.read({ from: 10_000, to: 20_000, symbols: symbols.slice(0, 2) });
    const wanted = 11 * 10_000 * 8; // the times and five columns of two symbols
    expect(file.read - opened).toBeGreaterThanOrEqual(wanted);
    expect(file.read - opened).toBeLessThan(1.02 * wanted);
  });

  test("with a bit of a part changed is refused when that part is read, and its other parts are read", async () => {
    const { bytes } = await encodeHistory({ ...settings, bars });
    const damaged = Buffer.from(bytes);
    damaged[Math.floor(damaged.length / 2)]! ^= 1; // of the second group
    const history = await openHistory(counted(damaged), "own");
    expect((await history.read({ from: 0, to: 10_000 }))[3]!.close).toEqual(bars[3]!.close.slice(0, 10_000));
    await expect(history.read({ from: 10_000, to: 20_000 })).rejects.toThrow(
      /^own: .*: expected content of the SHA-256 that it names, got another/,
    );
  });

  test("with a bit of its metadata changed has another name", async () => {
    const { bytes, sha256 } = await encodeHistory({ ...settings, bars });
    const damaged = Buffer.from(bytes);
    const at = damaged.lastIndexOf("SOLUSDT");
    damaged[at]! ^= 1;
    const found = await openHistory(counted(damaged), "own").then((history) => history.sha256, String);
    expect(found).not.toBe(sha256);
  });

  test.each([
    ["an empty file", Buffer.alloc(0), "a file that is too short"],
    ["another file", Buffer.from("no Parquet at all, and long enough"), "no Parquet, or a damaged one"],
  ])("%s is refused", async (_, bytes, reason) => {
    await expect(openHistory(counted(bytes), "own")).rejects.toThrow(
      `own: expected a history of vitrade prepare, got ${reason}`,
    );
  });
});

describe("a study over folds of so many bars", () => {
  const data = { sha256: "ab".repeat(32), folds: 3, bars: 900, symbols: ["SOLUSDT", "BTCUSDT"] };
  const study = idleStudy({
    ...{ data, model: "bnn", search: { grid: { beta: [1, 4] } }, seeds: 1, draws: 5 },
    ...{ settings: { hidden: [4], epochs: 1 }, scores: ["nll", "sharpe"], trading: { rule: "sign" } },
  });

  async function ran(folds: sweep.StudyFolds): Promise<string> {
    const own = folder();
    folders.push(own);
    const results = await sweep.openResults(own.path, study);
    const first = (await folds.open?.(0)) ?? folds;
    await sweep.runStudy({
      ...{ study, results, execute: sweep.here(study, { folds, machine }) },
      sizeOf: (settings) => sweep.sizeOf("bnn", settings, first.at(0)),
    });
    expect(results.aside).toEqual([]);
    return tableOf(own.path);
  }

  test("is the same to the bit from a history read by range and from all bars in memory", async () => {
    const own = folder();
    folders.push(own);
    const { bytes } = await encodeHistory({ ...settings, bars });
    writeFileSync(join(own.path, "own.parquet"), bytes);
    const file = await fileBytes(join(own.path, "own.parquet"));
    const history = await openHistory(file, "own");
    const table = await ran(sweep.historyFolds(history, study.data));
    expect(JSON.parse(table)).toHaveLength(6);
    expect(table).toBe(await ran(sweep.foldsOf({ ...settings, sha256: data.sha256, bars }, study.data)));
  }, 300_000);

  test("has test parts that follow one another up to the last bar, and needs a history that is long enough", async () => {
    const folds = sweep.foldsOf({ ...settings, sha256: data.sha256, bars }, study.data);
    const ends = [0, 1, 2].map((fold) => folds.at(fold).test.resolvedAt.reduce((a, b) => Math.max(a, b)));
    const hours = ends.map((time) => (time - bars[0]!.openTime[0]!) / bars[0]!.stepMs);
    expect(hours.map((at) => Math.ceil((at - 30_000) / 180) + 0)).toEqual([-2, -1, 0]);
    const short = bars.map((own) => ({ ...own, openTime: own.openTime.slice(0, 1259) }));
    expect(() => sweep.foldsOf({ ...settings, sha256: data.sha256, bars: short }, study.data).at(0)).toThrow(
      "data.bars: expected a history of 1260 bars for 3 folds, got 1259",
    );
  });
});
