/** `vitrade sweep` as a process: stopped, killed and run again; and what it refuses. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fold, integers, key } from "../../lib/core/random.js";
import { decodeTable, OF_MACHINE } from "../../lib/sweep/results/resultTable.js";
import { compileProgram, outcomeOf, type Program } from "./program.js";

let program: Program;

/** 24 networks of 25 ms in stacks of two. */
const STUDY = `
name: idle
data: { sha256: ${"ab".repeat(32)} }
model: none
settings: { milliseconds: 25 }
search: { grid: { beta: [0, 1, 2, 3, 4, 5] } }
seeds: 4
budget: { stackNetworks: 2 }
`;
const STACKS = 12;

beforeAll(() => {
  program = compileProgram();
  program.write("study.yaml", STUDY);
}, 300_000);
afterAll(() => program.remove());

const words = (out: string) => ["sweep", "--study", "study.yaml", "--out", out];
const parts = (out: string) =>
  existsSync(program.file(`${out}/parts`)) ? readdirSync(program.file(`${out}/parts`)) : [];

async function table(out: string): Promise<string> {
  const rows = await decodeTable(readFileSync(program.file(`${out}/networks.parquet`)));
  return JSON.stringify(
    rows.map((row) => Object.entries(row).filter(([name]) => !OF_MACHINE.includes(name))),
  );
}

/** Waits until so many stacks are done. */
async function until(out: string, stacks: number): Promise<void> {
  while (parts(out).filter((name) => name.endsWith(".json")).length < stacks)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

test("Ctrl-C ends after the stack in hand, and the same command goes on from there to the same table", async () => {
  expect(await program.run(...words("whole"), "--json")).toMatchObject({ code: 0 });
  const child = program.start(...words("stopped"));
  const ended = outcomeOf(child);
  await until("stopped", 2);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({
    code: 130,
    err: expect.stringContaining("the same command goes on from what stopped holds"),
  });
  expect(parts("stopped").length).toBeLessThan(STACKS);
  const again = await program.run(...words("stopped"), "--json");
  expect(JSON.parse(again.out)).toMatchObject({ networks: 24, rows: 24, setAside: [] });
  expect(await table("stopped")).toBe(await table("whole"));
}, 300_000);

test("kill -9 at moments drawn by a key loses at most the stack in hand", async () => {
  const moments = integers(fold(key("kills"), "here"), 3, 3);
  let before = 0;
  for (const more of moments) {
    const child = program.start(...words("killed"));
    const ended = outcomeOf(child);
    await until("killed", before + 1 + more);
    child.kill("SIGKILL");
    await ended;
    const now = parts("killed").filter((name) => name.endsWith(".json")).length;
    expect(now).toBeGreaterThan(before);
    before = now;
  }
  expect(await program.run(...words("killed"))).toMatchObject({ code: 0 });
  expect(await table("killed")).toBe(await table("whole"));
  rmSync(program.file("killed"), { recursive: true });
}, 300_000);

test("the report of a study shows what was searched, what matters and what it cost, in one file", async () => {
  const { code, err } = await program.run(...words("whole"), "--report", "whole.html", "--static");
  expect(code, err).toBe(0);
  const page = readFileSync(program.file("whole.html"), "utf8");
  const headings = [...page.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, heading]) => heading);
  expect(headings).toEqual([
    "What was searched",
    "The trade-off",
    "Settings side by side",
    "Which setting matters",
    "What the best is worth",
    "What the search cost",
  ]);
  expect(page.match(/<img src="data:image\/svg/g)).toHaveLength(2);
  expect(page).toContain("Too few settings were tried to say which matters"); // one setting, each value in one trial
}, 300_000);

test("a study that makes no sense ends with 2, names file and path, and makes no folder", async () => {
  program.write("wrong.yaml", STUDY.replace("milliseconds: 25", "miliseconds: 25"));
  const { code, err } = await program.run("sweep", "--study", "wrong.yaml", "--out", "none");
  expect([code, existsSync(program.file("none"))]).toEqual([2, false]);
  expect(err).toMatch(/^vitrade: wrong\.yaml: settings\.miliseconds: expected a setting of none, one of /);
}, 300_000);

test("networks that cannot be trained are named at the end, and the others are in the table", async () => {
  program.write("half.yaml", STUDY.replace("beta: [0, 1, 2, 3, 4, 5]", "fails: [true, false]"));
  const { code, err } = await program.run("sweep", "--study", "half.yaml", "--out", "half");
  expect(code).toBe(1);
  expect(err).toContain(
    "4 of 8 networks could not be trained and are not in the table; the first, network 0: fails:",
  );
  expect(JSON.parse(await table("half"))).toHaveLength(4);
}, 300_000);
