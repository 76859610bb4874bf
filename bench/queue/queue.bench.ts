/** What a queue costs: the overhead of a job, what more workers bring, and a hundred thousand planned jobs. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bench, describe } from "vitest";
import { median } from "../../lib/core/index.js";
import * as sweep from "../../lib/sweep/index.js";
import { byWorkers, queuePlace } from "../../lib/sweep/queue/index.js";
import { hasRedis, startRedis } from "../../test/sweep/redis.js";

const ROOT = resolve(__dirname, "../..");
const PROGRAM = join(ROOT, "lib/bin/vitrade.mjs");
const PLANNED = 100_000;
const SIZE = { parameters: 0, activations: 0, rows: 1 };
/** Measurements of each kind, which take turns. */
const ROUNDS = 3;

/** So many stacks of one network of so many milliseconds by the clock. */
const idle = (name: string, stacks: number, milliseconds: number) =>
  sweep.readStudy({
    name,
    data: { sha256: "0".repeat(64) },
    model: "none",
    settings: { milliseconds },
    search: { grid: { beta: Array.from({ length: stacks }, (_, i) => i) } },
    budget: { stackNetworks: 1 },
  });

/** So many stacks of one small autoencoder, about a second of one core each. */
const trained = (name: string, stacks: number, sha256: string) =>
  sweep.readStudy({
    name,
    data: { sha256 },
    model: "vae",
    settings: { latent: 4, hidden: [64, 32], epochs: 20 },
    search: { grid: { beta: Array.from({ length: stacks }, (_, i) => i) } },
    draws: 20,
    budget: { stackNetworks: 1 },
  });

/** Seconds from the beginning of the planning to the first and the last stack that is kept on the disk, and bytes of a row as it travels. */
async function timed(study: sweep.Study, address: string): Promise<Timed> {
  const folder = mkdtempSync(join(tmpdir(), "vitrade-bench-"));
  const results = await sweep.openResults(folder, study);
  let [bytes, rows] = [0, 0];
  const start = performance.now();
  let [first, last] = [0, 0];
  await sweep.runStudy({
    ...{ study, results, sizeOf: () => SIZE, execute: byWorkers(study, queuePlace(address)) },
    onProgress: ({ done }) => {
      last = (performance.now() - start) / 1000;
      if (done === 1) first = last;
    },
  });
  if (results.aside.length > 0)
    throw new Error(`expected all stacks to be done, got ${results.aside[0]!.error}`);
  for await (const part of results.rows()) {
    bytes += JSON.stringify(part).length;
    rows += part.length;
  }
  rmSync(folder, { recursive: true });
  return { first, last, bytes: bytes / rows };
}

interface Timed {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/** Workers that have each loaded their program, and their data where there are some. */
async function warm(count: number, address: string, more: readonly string[] = []): Promise<() => void> {
  const words = [PROGRAM, "worker", "--queue", address, "--threads", "1", ...more];
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] }),
  );
  await Promise.all(children.map((child) => saying(child, "working for")));
  return () => {
    for (const child of children) child.kill("SIGKILL");
  };
}

function saying(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
    child.stderr!.on("data", (text) => {
      if (String(text).includes(words)) resolve();
    });
  });
}

/** Milliseconds a job that trains nothing, of one worker that runs already. */
async function overhead(address: string): Promise<string> {
  const jobs = 500;
  const start = performance.now();
  const stop = await warm(1, address);
  const ready = (performance.now() - start) / 1000;
  await timed(idle("first", 20, 0), address);
  const each: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { first, last } = await timed(idle(`overhead ${round}`, jobs, 0), address);
    each.push((1000 * (last - first)) / (jobs - 1));
  }
  stop();
  return `overhead a job, one worker that runs already, ${jobs} jobs: ${median(each).toFixed(2)} ms (${ROUNDS} rounds: ${each.map((own) => own.toFixed(1)).join(", ")}); its start took ${ready.toFixed(1)} s, once`;
}

/** Stacks a second of workers that run already, from the beginning of the planning to the last stack. */
async function throughput(
  counts: readonly number[],
  address: string,
  { title, more = [], study }: Throughput,
): Promise<string[]> {
  const rates = new Map<number, number[]>(counts.map((count) => [count, []]));
  let row = 0;
  for (let round = 0; round < ROUNDS; round++)
    for (const count of counts) {
      const stop = await warm(count, address, more);
      await timed(study(`warm ${title} ${round} ${count}`, 2 * count), address);
      const stacks = EACH * count;
      const { last, bytes } = await timed(study(`${title} ${round} ${count}`, stacks), address);
      row = bytes;
      rates.get(count)!.push(stacks / last);
      stop();
    }
  const alone = median(rates.get(1)!);
  return counts.map((count) => {
    const rate = median(rates.get(count)!);
    return `${title}, workers ${count}: ${rate.toFixed(2)} stacks a second, efficiency ${(rate / alone / count).toFixed(2)}, ${row.toFixed(0)} bytes a row`;
  });
}

/** Stacks for each worker. */
const EACH = 10;

interface Throughput {
  readonly title: string;
  readonly more?: readonly string[];
  study(name: string, stacks: number): sweep.Study;
}

/** Stacks a second of so many processes that each train a study of their own without a queue: what the cores give. */
async function withoutQueue(count: number, folder: string, sha256: string): Promise<number> {
  const name = `alone-${count}-${performance.now().toFixed(0)}`;
  const { settings, draws, budget } = trained(name, EACH, sha256);
  const beta = Array.from({ length: EACH }, (_, i) => i);
  const study = { name, data: { sha256, file: "bench.dataset" }, model: "vae", settings, draws, budget };
  writeFileSync(join(folder, `${name}.yaml`), JSON.stringify({ ...study, search: { grid: { beta } } }));
  const each = Array.from({ length: count }, async (_, n) => {
    const words = ["sweep", "--study", `${name}.yaml`, "--out", `${name}-${n}`, "--threads", "1", "--json"];
    const child = spawn(process.execPath, [PROGRAM, ...words], { cwd: folder });
    let out = "";
    child.stdout.on("data", (text) => {
      out += text;
    });
    await new Promise((resolve) => child.once("close", resolve));
    return (JSON.parse(out) as { seconds: number }).seconds;
  });
  return (count * EACH) / Math.max(...(await Promise.all(each)));
}

/** What two processes bring over one where there is no queue. */
async function cores(folder: string, sha256: string): Promise<string> {
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    one.push(await withoutQueue(1, folder, sha256));
    two.push(await withoutQueue(2, folder, sha256));
  }
  const [alone, both] = [median(one), median(two)];
  return `autoencoders of one thread without a queue, processes 1 and 2: ${alone.toFixed(2)} and ${both.toFixed(2)} stacks a second, efficiency ${(both / alone / 2).toFixed(2)}`;
}

/** A data set of simulated bars, and its hash. */
function prepared(folder: string): string {
  writeFileSync(join(folder, "settings.yaml"), "data: { sequenceLength: 24, predictionHorizon: 1 }\n");
  const words =
    "prepare --symbols BTCUSDT,ETHUSDT --bars 3000 --no-flow --config settings.yaml --out bench.dataset --json";
  const out = execFileSync(process.execPath, [PROGRAM, ...words.split(" ")], { cwd: folder });
  return (JSON.parse(String(out)) as { sha256: string }).sha256;
}

function planned(address: string, port: number): string {
  const answer = execFileSync(process.execPath, [join(__dirname, "planner.cjs"), address, String(PLANNED)]);
  const { seconds, processor, megabytes } = JSON.parse(String(answer)) as Record<string, number>;
  const info = String(execFileSync("redis-cli", ["-p", String(port), "info"]));
  const used = Number(/used_memory:(\d+)/.exec(info)?.[1]) / 1e6;
  const own = Number(/used_cpu_user:([\d.]+)/.exec(info)?.[1]);
  return `${PLANNED} jobs planned in ${seconds!.toFixed(1)} s (${processor!.toFixed(1)} s of the planner's core, ${own.toFixed(1)} s of Redis's), planner ${megabytes!.toFixed(0)} MB, Redis ${used.toFixed(0)} MB`;
}

describe("queue", () => {
  const work = async () => {
    if (!hasRedis) throw new Error("redis-server: expected one here, got none; apt-get install redis-server");
    const say = (line: string) => console.log(`${line}; load ${loadavg()[0]!.toFixed(1)}`);
    const redis = await startRedis("--appendfsync", "everysec");
    const folder = mkdtempSync(join(tmpdir(), "vitrade-bench-data-"));
    try {
      say(planned(redis.address, redis.port));
      await redis.restart("empty");
      say(await overhead(redis.address));
      const clock = (name: string, stacks: number) => idle(name, stacks, 1000);
      for (const line of await throughput([1, 2, 4, 8], redis.address, {
        ...{ title: "stacks of 1 s by the clock", study: clock },
      }))
        say(line);
      const sha256 = prepared(folder);
      say(await cores(folder, sha256));
      for (const line of await throughput([1, 2], redis.address, {
        ...{ title: "autoencoders of one thread", more: ["--data", folder] },
        study: (name, stacks) => trained(name, stacks, sha256),
      }))
        say(line);
    } finally {
      await redis.stop();
      rmSync(folder, { recursive: true });
    }
  };
  bench("planning, overhead, throughput", work, {
    iterations: 1,
    time: 0,
    warmupIterations: 0,
    warmupTime: 0,
    throws: true,
  });
});
