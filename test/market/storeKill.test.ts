/** A download that is killed at any moment leaves whole files, and the next run completes it. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { fold, key, uniforms } from "../../lib/core/random.js";
import { download } from "../../lib/market/store/download.js";
import { openSnapshot, readSnapshot } from "../../lib/market/store/snapshot.js";
import { openStore } from "../../lib/market/store/store.js";
import { killedChild } from "../support/killedChild.js";
import { compileMarket } from "./storeCompiled.js";
import { at, between, makeBars, sourceOf, temporaryFolder } from "./storeFixtures.js";

const KILLS = 50;
const query = {
  symbol: "BTCUSDT",
  interval: "60",
  since: at("2024-01-01T00:00"),
  until: at("2024-06-01T00:00"),
};
const truth = makeBars({ from: query.since, count: (query.until - query.since) / 3_600_000 });

let library: string;

/** The child downloads the bars of bars.json, and says so when it begins and when it is done. */
const CHILD = `
const [folder] = process.argv.slice(2);
const { openStore } = require("./market/store/store.js");
const { download } = require("./market/store/download.js");
const { columns, query } = JSON.parse(require("node:fs").readFileSync(__dirname + "/bars.json", "utf8"));
const all = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)]));
const rows = (from, to) => Object.fromEntries(Object.entries(all).map(([name, column]) => [name, column.slice(from, to)]));
const source = {
  async fetchBars({ since, until }, { onPage }) {
    const STEP = 3_600_000, PAGE = 150;
    const [from, to] = [since, until].map((time) => (time - query.since) / STEP);
    for (let at = from; at < to; at += PAGE) {
      const end = Math.min(at + PAGE, to);
      await new Promise((done) => setTimeout(done, 1));
      const times = { since: query.since + at * STEP, until: query.since + end * STEP };
      await onPage({ bars: { symbol: query.symbol, stepMs: STEP, ...rows(at, end) }, ...times, done: 1, total: 1 });
    }
    return { bars: { symbol: query.symbol, stepMs: STEP, ...rows(from, to) }, gaps: [] };
  },
};
process.stdout.write("begun\\n");
openStore(folder)
  .then(async (store) => {
    await download(source, store, query, { now: () => Date.UTC(2025, 0, 1), flushPages: 2 });
    await store.close();
  })
  .then(() => process.stdout.write("done\\n"));
`;

/** Compiled for the child alone: the test depends on no build. */
beforeAll(() => {
  library = temporaryFolder();
  compileMarket(library);
  const { openTime, open, high, low, close, volume } = truth;
  const columns = Object.entries({ openTime, open, high, low, close, volume }).map(([name, c]) => [
    name,
    Array.from(c),
  ]);
  writeFileSync(join(library, "bars.json"), JSON.stringify({ columns: Object.fromEntries(columns), query }));
  writeFileSync(join(library, "child.js"), CHILD);
});

/** Kills a download in a child `delay` ms after it began; tells how long it was at work. */
const killed = (folder: string, delay: number): Promise<number> =>
  killedChild([join(library, "child.js"), folder], delay);

/** Opens the snapshot as a reader would: exactly the first bars of the market, or a clear word that nothing is there. */
async function barsOnDisk(folder: string): Promise<number> {
  try {
    const bars = await readSnapshot(await openSnapshot(folder), { symbol: "BTCUSDT", interval: "60" });
    expect(bars).toEqual(between(truth, 0, bars.openTime.at(-1)! + 1));
    return bars.openTime.length;
  } catch (error) {
    expect((error as Error).message).toMatch(/no Bybit snapshot is there; run: npm run data/);
    return 0;
  }
}

async function completed(folder: string): Promise<number> {
  const store = await openStore(folder);
  expect(store.damaged).toEqual([]);
  const { fetched } = await download(sourceOf([truth]), store, query, { now: () => at("2025-01-01T00:00") });
  await store.close();
  expect(await readSnapshot(await openSnapshot(folder), query)).toEqual(truth);
  expect(
    readdirSync(join(folder, "bybit/linear/BTCUSDT/60")).filter(
      (name) => !/^\d{4}-\d\d\.parquet$/.test(name),
    ),
  ).toEqual([]);
  return fetched;
}

test(`after a kill -9 at any of ${KILLS} moments the store opens, holds whole bars only, and is completed`, async () => {
  const delays = uniforms(fold(key(2026), "kill"), KILLS);
  const wholeMs = await killed(temporaryFolder(), 60_000); // sets the scale of the moments on this machine
  const found: number[] = [];
  const trial = async (number: number): Promise<void> => {
    const folder = temporaryFolder();
    await killed(folder, delays[number]! * wholeMs);
    const rows = await barsOnDisk(folder);
    found.push(rows);
    expect(await completed(folder)).toBeLessThanOrEqual(truth.openTime.length - rows);
  };
  for (let i = 0; i < KILLS; i += 2) await Promise.all([trial(i), trial(i + 1)]);
  expect(found.length).toBe(KILLS);
  const inTheMiddle = found.filter((rows) => rows > 0 && rows < truth.openTime.length).length;
  console.log(`of ${KILLS} kills ${inTheMiddle} left a part of the bars`);
  expect(inTheMiddle).toBeGreaterThan(0);
});

test("a store that was killed again and again gets on, and ends exact", async () => {
  const folder = temporaryFolder();
  const delays = uniforms(fold(key(2026), "again"), 10);
  let before = 0;
  for (const delay of delays) {
    await killed(folder, delay * 80);
    const rows = await barsOnDisk(folder);
    expect(rows).toBeGreaterThanOrEqual(before);
    before = rows;
  }
  await completed(folder);
});

test("an old copy of the manifest beside newer files is mended, file by file", async () => {
  const whole = temporaryFolder();
  await completed(whole);
  const files = readdirSync(join(whole, "bybit/linear/BTCUSDT/60"));
  for (const [i] of files.entries()) {
    const folder = temporaryFolder();
    for (const file of files.slice(0, i + 1)) {
      const to = join(folder, "bybit/linear/BTCUSDT/60", file);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(whole, "bybit/linear/BTCUSDT/60", file), to);
    }
    expect(await barsOnDisk(folder)).toBe(0);
    const later = truth.openTime.filter(
      (time) => new Date(time).toISOString().slice(0, 7) > files[i]!.slice(0, 7),
    );
    expect(await completed(folder)).toBe(later.length);
  }
});
