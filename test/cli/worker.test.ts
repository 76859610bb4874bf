/** `vitrade worker` as processes: killed, stopped, with a clock of their own, and the planner killed too; one table comes of it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fold, integers, key } from "../../lib/core/random.js";
import { decodeTable, OF_MACHINE } from "../../lib/sweep/results/resultTable.js";
import { hasRedis, NEEDS, type Redis, startRedis } from "../sweep/redis.js";
import { compiledLibrary, compileProgram, outcomeOf, type Program } from "./program.js";

let program: Program;
let redis: Redis;
const children = new Set<ChildProcess>();

/** `stacks` stacks of two networks of `milliseconds` each. */
const idle = (name: string, stacks: number, milliseconds: number) => `
name: ${name}
data: { sha256: ${"ab".repeat(32)} }
model: none
settings: { milliseconds: ${milliseconds} }
search: { grid: { beta: [${Array.from({ length: stacks }, (_, i) => i).join(", ")}] } }
seeds: 2
budget: { stackNetworks: 2 }
`;

beforeAll(async () => {
  if (!hasRedis) return;
  program = compileProgram();
  redis = await startRedis();
}, 300_000);
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  await redis?.restart("empty");
});
afterAll(async () => {
  await redis?.stop();
  program?.remove();
});

async function table(out: string): Promise<string> {
  const rows = await decodeTable(readFileSync(program.file(`${out}/networks.parquet`)));
  return JSON.stringify(
    rows.map((row) => Object.entries(row).filter(([name]) => !OF_MACHINE.includes(name))),
  );
}

function started(...words: string[]): ChildProcess {
  const child = program.start(...words);
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

const worker = (...more: string[]) => started("worker", "--queue", redis.address, "--lease", "1", ...more);
const planner = (study: string, out: string) =>
  started("sweep", "--study", study, "--out", out, "--queue", redis.address, "--json");
const partsOf = (out: string) =>
  readdirSync(program.file(`${out}/parts`)).filter((name) => name.endsWith(".json")).length;

/** What `vitrade worker` does, without the other commands; it ends itself as by kill -9 so long after its first stack. */
const DOOMED = `
const { queuePlace, serve } = require(process.argv[1]);
serve({
  place: queuePlace(process.argv[2]),
  machine: { clock: { now: Date.now, elapsed: () => performance.now() }, host: "doomed", memory: () => 0 },
  foldsOf: () => Promise.reject(new Error("none")),
  lease: 1,
  onStack: () => setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(process.argv[3])),
});`;

/** Resolves when the worker is killed, in the middle of its second stack. */
function doomed(moment: number): Promise<void> {
  const door = join(compiledLibrary(), "lib/dist/sweep/queue/index.js");
  const child = spawn(process.execPath, ["-e", DOOMED, door, redis.address, String(moment)]);
  children.add(child);
  return new Promise((resolve) => {
    child.once("exit", (_, signal) => {
      children.delete(child);
      expect(signal).toBe("SIGKILL");
      resolve();
    });
  });
}

/** Resolves when a worker has trained a stack. */
function trained(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stderr!.on("data", (text) => {
      if (String(text).includes("networks ·")) resolve();
    });
  });
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The table of the study trained by one process. */
async function local(study: string, out: string): Promise<string> {
  expect(await program.run("sweep", "--study", study, "--out", out)).toMatchObject({ code: 0 });
  return table(out);
}

describe.skipIf(!hasRedis)(`workers of a queue${NEEDS}`, () => {
  test("fifty workers killed at moments drawn by a key: no row is missing or double, and the table is the local one", async () => {
    const KILLS = 50;
    program.write("kills.yaml", idle("kills", 75, 40));
    const expected = await local("kills.yaml", "kills-local");
    const done = outcomeOf(planner("kills.yaml", "kills"));
    const moments = Array.from(integers(fold(key("kills"), "workers"), KILLS, 50));
    let killed = 0;
    const row = async () => {
      for (let moment = moments.pop(); moment !== undefined; moment = moments.pop()) {
        await doomed(moment);
        killed++;
      }
    };
    await Promise.all([row(), row(), row(), row()]);
    worker();
    expect((await done).code).toBe(0);
    expect(killed).toBe(KILLS);
    expect(await table("kills")).toBe(expected);
  }, 300_000);

  test("a worker that stands still loses its stack to another, and what it delivers later changes nothing", async () => {
    program.write("still.yaml", idle("still", 8, 100));
    const expected = await local("still.yaml", "still-local");
    const done = outcomeOf(planner("still.yaml", "still"));
    const first = worker();
    await trained(first);
    await wait(50);
    first.kill("SIGSTOP");
    const second = worker();
    await trained(second);
    while (partsOf("still") < 7) await wait(20);
    first.kill("SIGCONT");
    expect((await done).code).toBe(0);
    expect(await table("still")).toBe(expected);
  }, 300_000);

  test("a planner that is killed finds what workers did meanwhile when it is run again", async () => {
    program.write("planner.yaml", idle("planner", 12, 40));
    const expected = await local("planner.yaml", "planner-local");
    const first = planner("planner.yaml", "planner");
    const own = worker();
    await trained(own);
    while (partsOf("planner") < 2) await wait(10);
    first.kill("SIGKILL");
    await wait(300);
    const again = await outcomeOf(planner("planner.yaml", "planner"));
    expect(JSON.parse(again.out)).toMatchObject({ rows: 24, setAside: [] });
    expect(await table("planner")).toBe(expected);
  }, 300_000);

  test("four workers, one with its clock a day ahead, train a market VAE to the bits of one process", async () => {
    const words =
      "prepare --symbols BTCUSDT,ETHUSDT --bars 500 --no-flow --config settings.yaml --out small.dataset --json";
    program.write("settings.yaml", "data: { sequenceLength: 12, predictionHorizon: 2 }\n");
    const { sha256 } = JSON.parse((await program.run(...words.split(" "))).out) as { sha256: string };
    program.write(
      "vae.yaml",
      `
name: small
data: { sha256: ${sha256}, file: small.dataset }
model: vae
settings: { latent: 2, hidden: [8], epochs: 2, batchSize: 32 }
search: { grid: { beta: [0.5, 4] } }
seeds: 4
draws: 5
budget: { stackNetworks: 1 }
`,
    );
    const expected = await local("vae.yaml", "vae-local");
    const shift = program.write("shift.cjs", "const now = Date.now; Date.now = () => now() + 86_400_000;\n");
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = `--require ${shift}`;
    const ahead = worker("--data", ".");
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
    const others = [worker("--data", "."), worker("--data", "small.dataset"), worker("--data", ".")];
    expect((await outcomeOf(planner("vae.yaml", "vae"))).code).toBe(0);
    expect([ahead, ...others].map(({ exitCode }) => exitCode)).toEqual([null, null, null, null]);
    expect(await table("vae")).toBe(expected);
  }, 300_000);
});
