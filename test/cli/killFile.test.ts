/** `vitrade live` as a process that is told to be flat, or to end: by whatever has the name of the kill file, and by SIGTERM. */
import { type ChildProcess, execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { readJournal } from "../../lib/live/journal/journal.js";
import type { LiveRecord } from "../../lib/live/journal/records.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { compileProgram, outcomeOf, type Program } from "./program.js";

const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 1, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;
const HOUR = 3_600_000;
const now = () => Math.floor(performance.timeOrigin + performance.now());

let program: Program;
let loopback: Loopback;

beforeAll(async () => {
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  const prepare = "--symbols BTCUSDT --config settings.yaml --no-flow --out".split(" ");
  await program.run("prepare", ...prepare, "a.dataset", "--bars", "900");
  await program.run(..."train --data a.dataset --config settings.yaml --replicas 1 --out a.model".split(" "));
  const start = Math.floor(now() / HOUR) * HOUR - 1000 * HOUR;
  const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 1010, stepMs: HOUR, start, key: key("hours") });
  const [{ flow: _, ...past }] = bars as [(typeof bars)[number]];
  const rows = Array.from(past.openTime.slice(0, 900), (time, t) =>
    [time, past.open[t], past.high[t], past.low[t], past.close[t], past.volume[t]].join(),
  );
  program.write(
    "hours/BTCUSDT.csv.gz",
    gzipSync(["timestamp,open,high,low,close,volume", ...rows, ""].join("\n")),
  );
  await program.run("prepare", "--market", "hours", ...prepare, "h.dataset");
  await program.run(..."train --data h.dataset --config settings.yaml --replicas 1 --out h.model".split(" "));
  loopback = await startLoopback({ bars: [past], key: key("server"), now });
}, 300_000);

afterAll(async () => {
  program.remove();
  await loopback.close();
});

interface Line {
  kind: string;
  what?: string;
  why?: string;
  killed?: string | null;
  positions?: Record<string, number>;
}

const linesOf = (out: string): Line[] =>
  out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Resolves once the process has printed the text. */
function said(child: ChildProcess, text: string, where: "stdout" | "stderr" = "stdout"): Promise<void> {
  let out = "";
  return new Promise((done, fail) => {
    child[where]!.on("data", (chunk) => {
      out += chunk;
      if (out.includes(text)) done();
    });
    child.on("close", () => fail(new Error(`expected ${text}, got ${out}`)));
  });
}

async function recordsOf(journal: string): Promise<LiveRecord[]> {
  const records: LiveRecord[] = [];
  for await (const { record } of readJournal(program.file(journal))) records.push(record as LiveRecord);
  return records;
}

const ENTRIES: Readonly<Record<string, (path: string) => unknown>> = {
  folder: (path) => mkdirSync(path),
  "dangling link": (path) => symlinkSync("/nowhere", path),
  pipe: (path) => execFileSync("mkfifo", [path]),
};

test.each(Object.entries(ENTRIES))(
  "a %s of the kill file's name makes a run flat that holds something",
  async (name, put) => {
    const file = `STOP ${name}`;
    const child = program.start(
      ...["live", "--model", "a.model", "--journal", `flat ${name}`, "--kill-file", file],
      ..."--bars 30 --rule sign --pace 40 --json".split(" "),
    );
    const ended = outcomeOf(child);
    await said(child, '"kind":"fill"');
    put(program.file(file));
    const { code, out, err } = await ended;
    expect(code, err).toBe(0);
    expect(linesOf(out).at(-1)).toMatchObject({ kind: "end", closes: 30, positions: { BTCUSDT: 0 } });
    expect(linesOf(out).at(-1)!.killed).toContain(`kill switch ${file}`);
  },
  60_000,
);

/** A run on hours by the wall's clock, in which nothing happens meanwhile. */
async function quietRun(journal: string, ...more: string[]) {
  const child = program.start(
    ...["live", "--model", "h.model", "--journal", journal, "--json", ...more],
    ...["--url", loopback.restUrl, "--stream-url", loopback.wsUrl],
  );
  const ended = outcomeOf(child);
  await said(child, '"connected"');
  return { child, ended };
}

test("a pipe as the kill file is seen between two candles, written down, and SIGTERM ends the run in two seconds", async () => {
  const { child, ended } = await quietRun("quiet", "--kill-file", "STOP quiet");
  const killed = said(child, '"kind":"kill"');
  execFileSync("mkfifo", [program.file("STOP quiet")]);
  const put = performance.now();
  await killed;
  expect(performance.now() - put).toBeLessThan(1500);
  const from = performance.now();
  child.kill("SIGTERM");
  const { code, err } = await ended;
  expect(performance.now() - from).toBeLessThan(2000);
  expect(code, err).toBe(130);
}, 300_000);

test("a kill file that is put in the moment of SIGTERM is obeyed by the journal before the run ends", async () => {
  const { child, ended } = await quietRun("both", "--kill-file", "STOP both");
  symlinkSync("/nowhere", program.file("STOP both"));
  child.kill("SIGTERM");
  const { code, err } = await ended;
  expect(code, err).toBe(130);
  const records = await recordsOf("both");
  expect(records.filter(({ kind }) => kind === "kill")).toMatchObject([{ why: "kill switch STOP both" }]);
}, 300_000);

test("the text of a kill file acts on no terminal", async () => {
  const child = program.start(
    ...["live", "--model", "h.model", "--journal", "shown", "--kill-file", "STOP shown"],
    ...["--url", loopback.restUrl, "--stream-url", loopback.wsUrl],
  );
  const ended = outcomeOf(child);
  await said(child, "connected", "stderr");
  const killed = said(child, "kill: ");
  program.write("STOP shown", "\x1b[2J\x1b[Hbuy 100 BTCUSDT\n\u202e filled");
  await killed;
  child.kill("SIGTERM");
  const { out, err } = await ended;
  expect(out).toContain("kill: kill switch STOP shown: \\x1b[2J\\x1b[Hbuy 100 BTCUSDT\\x0a\\u202e filled");
  for (const acting of ["\x1b", "\u202e"]) expect(`${out}${err}`).not.toContain(acting);
}, 300_000);

test("a lock or a journal that became a pipe holds up neither the end of a run nor the next", async () => {
  const { child, ended } = await quietRun("piped");
  const lock = program.file(join("piped", "lock"));
  execFileSync("sh", ["-c", `rm "${lock}" && mkfifo "${lock}"`]);
  const from = performance.now();
  child.kill("SIGTERM");
  const { code, err } = await ended;
  expect(performance.now() - from).toBeLessThan(2000);
  expect(code, err).toBe(130);
  const next = await program.run("live", "--model", "h.model", "--journal", "piped", "--bybit");
  expect(next).toMatchObject({ code: 1, out: "" });
  expect(next.err).toContain("lock");
}, 300_000);

/** The wall's clock of a process that jumps once a file is there, as after a sleep; what counts the time that has passed does not. */
const SLEEP = `
const { existsSync } = require("node:fs");
const now = Date.now;
let slept = 0;
setInterval(() => { if (existsSync("SLEPT")) slept = 8 * 3600000; }, 20).unref();
Date.now = () => now() + slept;
`;

test("a machine that slept is noticed and written down, and a clock that disagrees with the exchange's", async () => {
  process.env.NODE_OPTIONS = `--require ${program.write("sleep.cjs", SLEEP)}`;
  const { child, ended } = await quietRun("slept");
  delete process.env.NODE_OPTIONS;
  const noticed = said(child, '"what":"clock"');
  const disagreed = said(child, '"clocks disagree"');
  program.write("SLEPT", "");
  await Promise.all([noticed, disagreed]);
  child.kill("SIGTERM");
  const { code, out, err } = await ended;
  expect(code, err).toBe(130);
  expect(out).toContain("28800 s ahead of the time that has passed: the machine slept, or its clock was set");
  expect(out).toContain("the exchange's clock is 8.0 h behind this machine's");
  const statuses = (await recordsOf("slept")).flatMap((r) => (r.kind === "status" ? [r.what] : []));
  expect(statuses).toEqual(expect.arrayContaining(["clock", "clocks disagree", "ended"]));
}, 300_000);

/** A disk that does not answer once a file is there: what is flushed to it never is. */
const STUCK = `
const { existsSync } = require("node:fs");
const files = require("node:fs/promises");
const open = files.open;
files.open = async (...words) => {
  const file = await open(...words);
  const flush = file.datasync.bind(file);
  file.datasync = () => (existsSync("STUCK") ? new Promise(() => {}) : flush());
  return file;
};
`;

test("a disk that does not answer holds up the end for a second and a half, and the journal goes on from there", async () => {
  process.env.NODE_OPTIONS = `--require ${program.write("stuck.cjs", STUCK)}`;
  const { child, ended } = await quietRun("stuck");
  delete process.env.NODE_OPTIONS;
  const before = await recordsOf("stuck");
  program.write("STUCK", "");
  const from = performance.now();
  child.kill("SIGTERM");
  const { code, err } = await ended;
  const passed = performance.now() - from;
  expect({ code, signal: child.signalCode }, err).toEqual({ code: null, signal: "SIGKILL" });
  expect(err).toContain("live: what is under way does not end: the process is ended\n");
  expect(passed).toBeGreaterThan(1400);
  expect(passed).toBeLessThan(2500); // a second and a half, and one for a crowded machine
  expect((await recordsOf("stuck")).slice(0, before.length)).toEqual(before);
  const next = await quietRun("stuck");
  next.child.kill("SIGTERM");
  expect((await next.ended).code).toBe(130);
}, 300_000);

test("a journal that ends after now is refused where the clock is the wall's, by name and with what to do", async () => {
  const simulated = "live --model h.model --journal ahead --bars 300 --json".split(" ");
  const { code, out, err } = await program.run(...simulated);
  expect(code, err).toBe(0);
  const { to } = JSON.parse(out.trim().split("\n").at(-1)!);
  expect(Date.parse(to)).toBeGreaterThan(now() + HOUR);
  const written = await recordsOf("ahead");
  const servers = ["--url", loopback.restUrl, "--stream-url", loopback.wsUrl];
  const refused = await program.run("live", "--model", "h.model", "--journal", "ahead", ...servers);
  expect({ code: refused.code, out: refused.out }, refused.err).toEqual({ code: 1, out: "" });
  expect(refused.err).toMatch(
    /^vitrade: ahead: expected a last close before \S+Z, the time of this machine's clock, got \S+Z; set the clock right, or name another journal\n$/,
  );
  expect(refused.err).toContain(to);
  expect(await recordsOf("ahead")).toEqual(written);
}, 300_000);

test("a kill file in a folder that is not there is refused before anything happens", async () => {
  const words = "live --model a.model --journal never --kill-file nowhere/STOP".split(" ");
  const { code, err } = await program.run(...words);
  expect({ code, err: err.includes("--kill-file: expected a file in a folder that is there") }).toEqual({
    code: 2,
    err: true,
  });
});
