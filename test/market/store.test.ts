/** Snapshots on disk: incremental, locked, mended after damage, never half-read. */
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Bars } from "../../lib/core/types.js";
import { type DownloadHooks, type DownloadQuery, download } from "../../lib/market/store/download.js";
import { openSnapshot, readSnapshot, readSnapshotBars } from "../../lib/market/store/snapshot.js";
import { openStore } from "../../lib/market/store/store.js";
import {
  at,
  between,
  DAY,
  type FakeSource,
  HOUR,
  makeBars,
  sourceOf,
  temporaryFolder,
} from "./storeFixtures.js";

const NOW = at("2025-01-01T00:00");
const year = makeBars({ from: at("2024-01-01T00:00"), count: 366 * 24 });
const query = (since: string, until: string): DownloadQuery => ({
  symbol: "BTCUSDT",
  interval: "60",
  since: at(`${since}T00:00`),
  until: at(`${until}T00:00`),
});
const BTC = { symbol: "BTCUSDT", interval: "60" } as const;
const fileOf = (folder: string, month: string) => join(folder, "bybit/linear/BTCUSDT/60", `${month}.parquet`);

/** One run of the program: opens the store, downloads, closes. */
async function run(
  folder: string,
  source: FakeSource,
  asked: DownloadQuery,
  hooks: Partial<DownloadHooks> = {},
) {
  const store = await openStore(folder);
  try {
    return {
      ...(await download(source, store, asked, { now: () => NOW, ...hooks })),
      damaged: store.damaged,
    };
  } finally {
    await store.close();
  }
}

async function read(folder: string, part: { since?: number; until?: number } = {}): Promise<Bars> {
  return readSnapshot(await openSnapshot(folder), { ...BTC, ...part });
}

const asked = (source: FakeSource) => source.queries.map((q) => [iso(q.since), iso(q.until)]);
const iso = (time: number) => new Date(time).toISOString().slice(0, 16);

test("what was downloaded is read back exactly, and only closed bars are asked for", async () => {
  const folder = temporaryFolder();
  const source = sourceOf([year]);
  const hooks = { now: () => at("2024-03-10T07:30") };
  expect(await run(folder, source, query("2024-01-01", "2024-12-01"), hooks)).toMatchObject({
    rows: 1663,
    missing: 0,
    files: 3,
  });
  expect(asked(source)).toEqual([["2024-01-01T00:00", "2024-03-10T07:00"]]);
  expect(await read(folder)).toEqual(between(year, 0, at("2024-03-10T07:00")));
});

test("a second run asks only for what is missing: before, after, and no complete month again", async () => {
  const folder = temporaryFolder();
  await run(folder, sourceOf([year]), query("2024-03-10", "2024-05-05"));
  const again = sourceOf([year]);
  await run(folder, again, query("2024-03-10", "2024-05-05"));
  expect(again.queries).toEqual([]);
  const wider = sourceOf([year]);
  await run(folder, wider, query("2024-02-15", "2024-05-20"));
  expect(asked(wider)).toEqual([
    ["2024-02-15T00:00", "2024-03-10T00:00"],
    ["2024-05-05T00:00", "2024-05-20T00:00"],
  ]);
  expect(await read(folder)).toEqual(between(year, at("2024-02-15T00:00"), at("2024-05-20T00:00")));
  const { manifest } = await openSnapshot(folder);
  expect(manifest.series[0]!.files.map((file) => [file.month, file.complete])).toEqual([
    ["2024-02", false],
    ["2024-03", true],
    ["2024-04", true],
    ["2024-05", false],
  ]);
});

test("months are those of UTC: the last hour of a month and the first of the next lie in different files", async () => {
  const folder = temporaryFolder();
  await run(folder, sourceOf([year]), {
    ...BTC,
    since: at("2024-02-29T23:00"),
    until: at("2024-03-01T01:00"),
  });
  const { manifest } = await openSnapshot(folder);
  const files = manifest.series[0]!.files.map(({ month, rows, first, last }) => [
    month,
    rows,
    iso(first),
    iso(last),
  ]);
  expect(files).toEqual([
    ["2024-02", 1, "2024-02-29T23:00", "2024-02-29T23:00"],
    ["2024-03", 1, "2024-03-01T00:00", "2024-03-01T00:00"],
  ]);
});

test("a hole of the exchange is remembered, not asked for again, unless told to", async () => {
  const folder = temporaryFolder();
  const [from, to] = [at("2024-01-31T20:00"), at("2024-02-01T04:00")];
  const holed = makeBars({
    from: year.openTime[0]!,
    count: year.openTime.length,
    without: (t) => t >= from && t < to,
  });
  const period = query("2024-01-01", "2024-03-01");
  expect(await run(folder, sourceOf([holed]), period)).toMatchObject({ rows: 1432, missing: 8 });
  const [entry] = (await openSnapshot(folder)).manifest.series;
  expect(entry!.gaps).toEqual([{ after: from - HOUR, before: to, missing: 8 }]);
  const again = sourceOf([year]);
  await run(folder, again, period);
  expect(again.queries).toEqual([]);
  await run(folder, again, { ...period, refetch: true });
  expect(asked(again)).toEqual([["2024-01-31T20:00", "2024-02-01T04:00"]]);
  expect(await read(folder)).toEqual(between(year, 0, period.until));
});

test("bars missing at the end are asked for again while they may still come, before a listing never", async () => {
  const folder = temporaryFolder();
  const now = at("2024-03-10T12:00");
  const late = between(year, at("2024-02-10T00:00"), now - HOUR);
  const asking = { ...query("2024-01-01", "2024-06-01") };
  await run(folder, sourceOf([late]), asking, { now: () => now });
  const again = sourceOf([year]);
  await run(folder, again, asking, { now: () => now + HOUR });
  expect(asked(again)).toEqual([["2024-03-10T11:00", "2024-03-10T13:00"]]);
});

test("a failure in the middle loses nothing that came, and the next run goes on from there", async () => {
  const folder = temporaryFolder();
  const period = query("2024-01-01", "2024-05-01");
  await expect(run(folder, sourceOf([year], { failAfter: 12 }), period)).rejects.toThrow(
    "the network is gone",
  );
  const there = 12 * 100 * HOUR + period.since;
  expect(await read(folder)).toEqual(between(year, 0, there));
  const rest = sourceOf([year]);
  await run(folder, rest, period);
  expect(asked(rest)).toEqual([[iso(there), "2024-05-01T00:00"]]);
  expect(await read(folder)).toEqual(between(year, 0, period.until));
});

test("a stopped download writes what came and says so", async () => {
  const folder = temporaryFolder();
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }) => done >= 500 && stop.abort();
  const stopped = run(folder, sourceOf([year]), query("2024-01-01", "2024-05-01"), {
    signal: stop.signal,
    onProgress,
  });
  await expect(stopped).rejects.toThrow("BTCUSDT 60 (linear): stopped; what was fetched is on disk");
  expect((await read(folder)).openTime.length).toBe(500);
});

test("pages are written after so much time or so many pages, not only at the end", async () => {
  const folder = temporaryFolder();
  const rows = async () =>
    openSnapshot(folder).then(
      ({ rows: [row] }) => row!.rows,
      () => 0,
    );
  const seen: number[] = [];
  const source = sourceOf([year], { pageBars: 24 });
  const fetchBars: typeof source.fetchBars = (q, hooks) =>
    source.fetchBars(q, {
      onPage: async (page) => {
        await hooks?.onPage?.(page);
        seen.push(await rows());
      },
    });
  await run(folder, { ...source, fetchBars }, query("2024-01-02", "2024-01-12"), { flushPages: 4 });
  expect(seen).toEqual([0, 0, 0, 96, 96, 96, 96, 192, 192, 192]);
  seen.length = 0;
  let clock = NOW;
  await run(folder, { ...source, fetchBars }, query("2024-02-02", "2024-02-08"), {
    flushMs: 30,
    now: () => (clock += 10),
  });
  expect(seen.filter((count, i) => count > (seen[i - 1] ?? 240)).length).toBeGreaterThan(1);
});

test("two series are downloaded at once into one store", async () => {
  const folder = temporaryFolder();
  const eth = makeBars({ symbol: "ETHUSDT", from: year.openTime[0]!, count: year.openTime.length });
  const store = await openStore(folder);
  const period = query("2024-01-01", "2024-04-01");
  const hooks = { now: () => NOW };
  const source = sourceOf([year, eth]);
  await Promise.all(
    ["BTCUSDT", "ETHUSDT"].map((symbol) => download(source, store, { ...period, symbol }, hooks)),
  );
  await store.close();
  const bars = await readSnapshotBars(folder, ["ETHUSDT", "BTCUSDT"]);
  expect(bars).toEqual([between(eth, 0, period.until), between(year, 0, period.until)]);
});

test("flow goes to disk with the bars and comes back", async () => {
  const folder = temporaryFolder();
  const part = between(year, 0, at("2024-01-10T00:00"));
  const { volume, close } = part;
  const flow = {
    buyVolume: volume,
    sellVolume: volume,
    bid: close,
    ask: close,
    bidSize: volume,
    askSize: volume,
  };
  const store = await openStore(folder);
  const series = { ...BTC, category: "linear" as const };
  await store.put(series, { ...part, flow }, [
    { since: at("2024-01-01T00:00"), until: at("2024-01-10T00:00") },
  ]);
  const more = between(year, at("2024-01-10T00:00"), at("2024-01-11T00:00"));
  const mixed = store.put(series, more, [{ since: at("2024-01-10T00:00"), until: at("2024-01-11T00:00") }]);
  await expect(mixed).rejects.toThrow("BTCUSDT: expected flow in all bars or in none, got it in some");
  await store.close();
  expect(await read(folder)).toEqual({ ...part, flow });
});

test("bars of another symbol, step, grid or time are refused before they reach the disk", async () => {
  const folder = temporaryFolder();
  const answer = (bars: Bars) => ({ ...sourceOf([]), fetchBars: async () => ({ bars, gaps: [] }) });
  const asking = query("2024-01-01", "2024-02-01");
  const wrong = [
    [{ ...year, symbol: "ETHUSDT" }, "expected bars of BTCUSDT of 3600000 ms, got ETHUSDT of 3600000 ms"],
    [makeBars({ stepMs: DAY, from: asking.since, count: 3 }), "got BTCUSDT of 86400000 ms"],
    [makeBars({ from: asking.since + 1, count: 3 }), "on its grid"],
    [between(year, 0, asking.until + 1), "got 2024-01-01T00:00:00.000Z to 2024-02-01T00:00:00.000Z"],
  ] as const;
  for (const [bars, message] of wrong)
    await expect(run(folder, answer(bars), asking)).rejects.toThrow(message);
  await expect(openSnapshot(folder)).rejects.toThrow("no Bybit snapshot");
});

test("a truncated, a damaged and a missing file are named, never half-read, and fetched again", async () => {
  for (const [harm, reason] of [
    [(file: string) => truncateSync(file, 1000), "truncated"],
    [flipBit, "damaged"],
    [(file: string) => rmSync(file), "the file is not there"],
  ] as const) {
    const folder = temporaryFolder();
    const period = query("2024-01-01", "2024-04-01");
    await run(folder, sourceOf([year]), period);
    harm(fileOf(folder, "2024-02"));
    await expect(read(folder)).rejects.toThrow(reason);
    await expect(read(folder)).rejects.toThrow("2024-02.parquet");
    expect((await read(folder, { since: at("2024-03-01T00:00") })).openTime.length).toBe(31 * 24);
    const source = sourceOf([year]);
    const { damaged } = await run(folder, source, query("2024-03-10", "2024-04-01")); // another range: the lost month comes all the same
    expect(damaged.join()).toContain("2024-02.parquet");
    expect(asked(source)).toEqual([["2024-02-01T00:00", "2024-03-01T00:00"]]);
    expect(await read(folder)).toEqual(between(year, 0, period.until));
  }
});

test("a damaged file is lost until it was fetched again, also over several runs", async () => {
  const folder = temporaryFolder();
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-04-01"));
  flipBit(fileOf(folder, "2024-02"));
  await (await openStore(folder)).close();
  await expect(read(folder)).rejects.toThrow(
    "BTCUSDT 60 (linear): nothing is there from 2024-02-01T00:00Z to 2024-03-01T00:00Z, its file was damaged; " +
      "run: npm run data -- --symbols BTCUSDT --interval 60 --since 2024-02-01 --until 2024-03-01",
  );
  await expect(
    run(folder, sourceOf([year], { failAfter: 3 }), query("2024-01-01", "2024-04-01")),
  ).rejects.toThrow();
  const source = sourceOf([year]);
  await run(folder, source, query("2024-01-01", "2024-01-02"));
  expect(asked(source)).toEqual([["2024-02-13T12:00", "2024-03-01T00:00"]]);
  expect(await read(folder)).toEqual(between(year, 0, at("2024-04-01T00:00")));
});

test("a file written just before a kill is adopted, its rows and no more", async () => {
  const folder = temporaryFolder();
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-02-10"));
  const manifest = join(folder, "manifest.json");
  copyFileSync(manifest, join(folder, "old"));
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-03-20"));
  renameSync(join(folder, "old"), manifest);
  expect(await read(folder)).toEqual(between(year, 0, at("2024-02-10T00:00"))); // what the manifest lists, from a longer file
  const source = sourceOf([year]);
  await run(folder, source, query("2024-01-01", "2024-03-25"));
  expect(asked(source)).toEqual([["2024-03-20T00:00", "2024-03-25T00:00"]]);
  expect(await read(folder)).toEqual(between(year, 0, at("2024-03-25T00:00")));
});

test("a whole file that is older than the manifest is refused, and what it lacks fetched again", async () => {
  const folder = temporaryFolder();
  const file = fileOf(folder, "2024-01");
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-01-10"));
  copyFileSync(file, join(folder, "old"));
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-01-20"));
  renameSync(join(folder, "old"), file);
  await expect(read(folder)).rejects.toThrow(
    "2024-01.parquet: expected the 456 bars of the manifest, got a file of 216",
  );
  const source = sourceOf([year]);
  await run(folder, source, query("2024-01-01", "2024-01-05"));
  expect(asked(source)).toEqual([["2024-01-10T00:00", "2024-01-20T00:00"]]);
});

test("a manifest that is damaged or gone is built anew from the files", async () => {
  for (const harm of [(path: string) => truncateSync(path, 300), (path: string) => rmSync(path)]) {
    const folder = temporaryFolder();
    await run(folder, sourceOf([year]), query("2024-01-01", "2024-04-01"));
    harm(join(folder, "manifest.json"));
    await expect(read(folder)).rejects.toThrow(/manifest is damaged|no Bybit snapshot/);
    const source = sourceOf([year]);
    await run(folder, source, query("2024-01-01", "2024-04-01"));
    expect(source.queries).toEqual([]);
    expect(await read(folder)).toEqual(between(year, 0, at("2024-04-01T00:00")));
  }
});

test("a month under the name of another, or of another symbol, is never taken for it", async () => {
  const folder = temporaryFolder();
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-04-01"));
  copyFileSync(fileOf(folder, "2024-03"), fileOf(folder, "2024-01"));
  await expect(read(folder)).rejects.toThrow(
    "2024-01.parquet: expected bars of 2024-01, got 2024-03 to 2024-03",
  );
});

test("temporary files of a killed writer are gone after the next opening", async () => {
  const folder = temporaryFolder();
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-02-01"));
  const strays = [`${fileOf(folder, "2024-01")}.99999.part`, join(folder, "manifest.json.99999.part")];
  const kept = join(folder, "notes.part");
  for (const stray of [...strays, kept]) writeFileSync(stray, "half");
  await (await openStore(folder)).close();
  expect([...strays, kept].map(existsSync)).toEqual([false, false, true]);
});

test("a second writer is refused while the first lives, and let in after", async () => {
  const folder = temporaryFolder();
  const first = await openStore(folder);
  await expect(openStore(folder)).rejects.toThrow(`process ${process.pid} is writing there`);
  await first.close();
  await (await openStore(folder)).close();
});

test("of ten writers at once exactly one gets in", async () => {
  const folder = temporaryFolder();
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => openStore(folder)));
  const opened = tries.filter((result) => result.status === "fulfilled");
  expect(opened.length).toBe(1);
  await opened[0]!.value.close();
});

test("the lock of a dead process is taken over, that of another machine is not", async () => {
  const folder = temporaryFolder();
  await (await openStore(folder)).close();
  const lock = join(folder, "bybit/lock");
  const own = { pid: process.pid, started: "another start: the number was used again", host: hostname() };
  for (const dead of [own, { ...own, pid: 2 ** 22 + 1 }]) {
    writeFileSync(lock, JSON.stringify(dead));
    await (await openStore(folder)).close();
    expect(existsSync(lock)).toBe(false);
  }
  writeFileSync(lock, JSON.stringify({ ...own, host: "elsewhere" }));
  await expect(openStore(folder)).rejects.toThrow("of the machine elsewhere is writing");
  writeFileSync(lock, "{");
  await expect(openStore(folder)).rejects.toThrow("the lock file is damaged; remove it");
});

test("a writer that lost its lock writes nothing more", async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  rmSync(join(folder, "bybit/lock"));
  const lost = download(sourceOf([year]), store, query("2024-01-01", "2024-02-01"), { now: () => NOW });
  await expect(lost).rejects.toThrow("the lock is no longer this process's");
  expect(existsSync(fileOf(folder, "2024-01"))).toBe(false);
  await store.close();
});

test("reading more than was downloaded is an error that says what to run, not a shorter series", async () => {
  const folder = temporaryFolder();
  await expect(readSnapshotBars(folder, ["BTCUSDT", "SOLUSDT"])).rejects.toThrow(
    "no Bybit snapshot is there; run: npm run data -- --symbols BTCUSDT,SOLUSDT --interval 60 --since 2024-01-01",
  );
  await run(folder, sourceOf([year]), query("2024-01-05", "2024-02-01"));
  await run(folder, sourceOf([year]), query("2024-03-01", "2024-04-01"));
  await expect(readSnapshotBars(folder, ["BTCUSDT", "SOLUSDT"])).rejects.toThrow(
    /SOLUSDT 60 \(linear\): not in the snapshot .*, which holds BTCUSDT 60 \(linear\); run: npm run data -- --symbols SOLUSDT/,
  );
  await expect(read(folder)).rejects.toThrow(
    "nothing is there from 2024-02-01T00:00Z to 2024-03-01T00:00Z, it was never downloaded",
  );
  await expect(read(folder, { since: 0, until: at("2024-02-01T00:00") })).rejects.toThrow("never downloaded");
  const part = await read(folder, { since: at("2024-01-10T00:30"), until: at("2024-01-10T02:00") });
  expect(Array.from(part.openTime, iso)).toEqual(["2024-01-10T01:00"]);
});

test("what lies after `until` changes nothing of what is read before it", async () => {
  const [short, long] = [temporaryFolder(), temporaryFolder()];
  await run(short, sourceOf([year]), query("2024-01-01", "2024-02-10"));
  const other = makeBars({ from: year.openTime[0]!, count: year.openTime.length });
  const cut = 40 * 24;
  for (const column of [other.open, other.high, other.low, other.close])
    for (let t = cut; t < column.length; t++) column[t]! *= 2;
  await run(long, sourceOf([other]), query("2024-01-01", "2024-06-01"));
  const until = at("2024-02-10T00:00");
  expect(await read(long, { until })).toEqual(await read(short, { until }));
});

test("names that could leave the folder and months, which have no one length, are refused", async () => {
  const folder = temporaryFolder();
  const ask = (change: object) =>
    run(folder, sourceOf([year]), { ...query("2024-01-01", "2024-02-01"), ...change });
  await expect(ask({ symbol: "../BTC" })).rejects.toThrow(
    'symbol: expected Bybit\'s own name such as BTCUSDT, got "../BTC"',
  );
  await expect(ask({ interval: "M" })).rejects.toThrow(
    "interval: expected one of 1 3 5 15 30 60 120 240 360 720 D W",
  );
  await expect(ask({ category: "option" })).rejects.toThrow("expected the category spot, linear, inverse");
  await expect(ask({ until: at("2024-01-01T00:00") })).rejects.toThrow("expected a closed bar from");
  await expect(ask({ since: Number.NaN })).rejects.toThrow("expected a closed bar from NaN");
});

test("weeks begin on Monday, and a download of them is complete", async () => {
  const folder = temporaryFolder();
  const weeks = makeBars({ stepMs: 7 * DAY, from: at("2024-01-01T00:00"), count: 30 });
  const asking = {
    symbol: "BTCUSDT",
    interval: "W",
    since: at("2024-01-01T00:00"),
    until: at("2024-05-01T00:00"),
  };
  expect(await run(folder, sourceOf([weeks]), asking)).toMatchObject({ rows: 18, missing: 0 });
  const again = sourceOf([weeks]);
  await run(folder, again, asking);
  expect(again.queries).toEqual([]);
});

test("the manifest tells the hash of every file", async () => {
  const folder = temporaryFolder();
  await run(folder, sourceOf([year]), query("2024-01-01", "2024-03-01"));
  const { createHash } = await import("node:crypto");
  for (const file of (await openSnapshot(folder)).manifest.series[0]!.files) {
    const bytes = readFileSync(fileOf(folder, file.month));
    expect(file.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

function flipBit(file: string): void {
  const bytes = readFileSync(file);
  bytes[1234]! ^= 4;
  writeFileSync(file, bytes);
}
