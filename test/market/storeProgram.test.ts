/** `npm run data` as a process: exit codes, what it prints, and what Ctrl-C leaves behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSnapshot, readSnapshot } from "../../lib/market/store/snapshot.js";
import { openStore } from "../../lib/market/store/store.js";
import { type Project, temporaryProject } from "../scripts/project.js";
import { compileMarket } from "./storeCompiled.js";
import { at, temporaryFolder } from "./storeFixtures.js";

let project: Project;

/** In place of the exchange: bars of price 100 in pages of 200, each 5 ms under way; DOWNUSDT fails, SLOWUSDT takes its time. */
const EXCHANGE = `
exports.connectBybit = async (options) => options;
exports.fetchBars = async (bybit, { symbol, since, until }, { onPage, signal }) => {
  if (symbol === "DOWNUSDT") throw new Error("DOWNUSDT: Bybit does not answer");
  const STEP = 3_600_000, PAGE = 200 * STEP;
  const bars = (from, to) => {
    const openTime = Float64Array.from({ length: (to - from) / STEP }, (_, i) => from + i * STEP);
    const column = () => new Float64Array(openTime.length).fill(100);
    return { symbol, stepMs: STEP, openTime, open: column(), high: column(), low: column(), close: column(), volume: column() };
  };
  const total = Math.ceil((until - since) / PAGE);
  for (let i = 0; i < total; i++) {
    await new Promise((done) => setTimeout(done, symbol === "SLOWUSDT" ? 50 : 5));
    signal?.throwIfAborted();
    const [from, to] = [since + i * PAGE, Math.min(since + (i + 1) * PAGE, until)];
    await onPage({ bars: bars(from, to), since: from, until: to, done: i + 1, total });
  }
  return { bars: bars(since, until), gaps: [] };
};
`;

beforeAll(() => {
  project = temporaryProject();
  const dist = join(project.folder, "lib/dist");
  mkdirSync(dist, { recursive: true });
  compileMarket(dist);
  project.write("lib/dist/market/bybit/connect.js", EXCHANGE);
  project.write("lib/dist/market/bybit/fetch.js", EXCHANGE);
});

afterAll(() => project.remove());

const period = "--interval 60 --since 2024-01-01 --until 2024-03-01";
const data = (line: string, out: string) =>
  project.node(["scripts/data.mjs", ...line.split(" "), "--out", out]);

test("it downloads, reports, and the next run fetches nothing", async () => {
  const out = temporaryFolder();
  const { code, out: text, err } = await data(`--symbols BTCUSDT,ETHUSDT ${period}`, out);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(text.trim().split("\n")).toEqual([
    "symbol   interval  category  fetched  rows  missing  files",
    "BTCUSDT  60        linear       1440  1440        0      2",
    "ETHUSDT  60        linear       1440  1440        0      2",
  ]);
  const again = await data(`--symbols BTCUSDT ${period} --json`, out);
  expect(JSON.parse(again.out).reports).toMatchObject([{ symbol: "BTCUSDT", fetched: 0, rows: 1440 }]);
  expect(
    (await readSnapshot(await openSnapshot(out), { symbol: "ETHUSDT", interval: "60" })).openTime.length,
  ).toBe(1440);
});

test("wrong arguments end with 2 and touch nothing", async () => {
  const out = temporaryFolder();
  for (const line of [
    `--symbols BTCUSDT ${period} --category option`,
    `--symbols btc ${period}`,
    "--symbols BTCUSDT",
  ]) {
    const { code, err } = await data(line, out);
    expect(code).toBe(2);
    expect(err).toMatch(/^data: .*expected .*, got .*\n$/);
  }
  await expect(openSnapshot(out)).rejects.toThrow("no Bybit snapshot");
  expect(await project.node(["scripts/data.mjs", "--help"])).toMatchObject({ code: 0, err: "" });
});

test("a symbol that fails is named, ends with 1, and the others are kept", async () => {
  const out = temporaryFolder();
  const { code, out: text, err } = await data(`--symbols DOWNUSDT,BTCUSDT ${period}`, out);
  expect(code).toBe(1);
  expect(err).toBe("data: DOWNUSDT: Bybit does not answer\n");
  expect(text).toContain("BTCUSDT  60        linear       1440");
});

test("a second program on the same folder ends with 1 and names the first", async () => {
  const out = temporaryFolder();
  const store = await openStore(out);
  const { code, err } = await data(`--symbols BTCUSDT ${period}`, out);
  await store.close();
  expect(code).toBe(1);
  expect(err).toContain(`process ${process.pid} is writing there`);
});

test("Ctrl-C writes what was fetched, ends with 130, and the next run goes on from there", async () => {
  const out = temporaryFolder();
  const line = `--symbols SLOWUSDT ${period.replace("2024-03", "2024-09")}`;
  const args = ["scripts/data.mjs", ...line.split(" "), "--out", out];
  const child = spawn(process.execPath, args, { cwd: project.folder, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  while ((await openSnapshot(out).catch(() => undefined)) === undefined)
    await new Promise((r) => setTimeout(r, 10));
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(said).toContain("stopping: writing what was fetched");
  expect(said).toContain(
    "SLOWUSDT 60 (linear): stopped; what was fetched is on disk, the same command goes on from there",
  );
  const part = await readSnapshot(await openSnapshot(out), { symbol: "SLOWUSDT", interval: "60" });
  const all = (at("2024-09-01T00:00") - at("2024-01-01T00:00")) / 3_600_000;
  expect(part.openTime.length).toBeLessThan(all);
  const rest = JSON.parse((await data(`${line} --json`, out)).out);
  expect(rest.reports[0]).toMatchObject({ fetched: all - part.openTime.length, rows: all });
});

test("a damaged file is said to be fetched again", async () => {
  const out = temporaryFolder();
  await data(`--symbols BTCUSDT ${period}`, out);
  writeFileSync(join(out, "bybit/linear/BTCUSDT/60/2024-02.parquet"), "PAR1");
  const { code, out: text, err } = await data(`--symbols BTCUSDT ${period}`, out);
  expect(code).toBe(0);
  expect(err).toMatch(/^data: damaged, fetched again: .*2024-02\.parquet: the file is damaged/);
  expect(text).toContain("BTCUSDT  60        linear        696  1440        0      2");
});
