/** What a queue costs: the overhead of a job, what more workers bring, and a hundred thousand planned jobs. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bench, describe } from "vitest";
import * as sweep from "../../lib/sweep/index.js";
import { byWorkers, queuePlace, serve } from "../../lib/sweep/queue/index.js";
import { hasRedis, startRedis } from "../../test/sweep/redis.js";

const ROOT = resolve(__dirname, "../..");
const PLANNED = 100_000;
const SIZE = { parameters: 0, activations: 0, rows: 1 };

/** So many stacks of one network of so many milliseconds. */
const idle = (stacks: number, milliseconds: number) =>
  sweep.readStudy({
    name: "measured",
    data: { sha256: "0".repeat(64) },
    model: "none",
    settings: { milliseconds },
    search: { grid: { beta: Array.from({ length: stacks }, (_, i) => i) } },
    budget: { stackNetworks: 1 },
  });

/** Seconds from the first stack that is done to the last. */
async function seconds(study: sweep.Study, address: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "vitrade-bench-"));
  const results = await sweep.openResults(folder, study);
  let first = 0;
  let last = 0;
  await sweep.runStudy({
    ...{ study, results, sizeOf: () => SIZE, execute: byWorkers(study, queuePlace(address)) },
    onProgress: ({ done }) => {
      last = performance.now();
      if (done === 1) first = last;
    },
  });
  rmSync(folder, { recursive: true });
  return (last - first) / 1000;
}

function startWorkers(count: number, address: string): () => void {
  const words = [join(ROOT, "lib/bin/vitrade.mjs"), "worker", "--queue", address];
  const children = Array.from({ length: count }, () => spawn(process.execPath, words, { stdio: "ignore" }));
  return () => {
    for (const child of children) child.kill("SIGKILL");
  };
}

async function overhead(address: string): Promise<string> {
  const stop = new AbortController();
  const machine: sweep.Machine = {
    clock: { now: () => 0, elapsed: () => performance.now() },
    host: "bench",
    memory: () => 0,
  };
  const working = serve({
    ...{ place: queuePlace(address), machine, lease: 60, signal: stop.signal },
    foldsOf: () => Promise.reject(new Error("none")),
  });
  const jobs = 500;
  const took = await seconds(idle(jobs, 0), address);
  stop.abort();
  await working;
  return `overhead a job, one worker: ${((1000 * took) / (jobs - 1)).toFixed(2)} ms`;
}

async function throughput(address: string): Promise<string[]> {
  const lines: string[] = [];
  let alone = 0;
  for (const count of [1, 2, 4, 8]) {
    const stacks = 8 * Math.min(count, 4);
    const stop = startWorkers(count, address);
    const rate = (stacks - 1) / (await seconds(idle(stacks, 1000), address));
    stop();
    alone ||= rate;
    lines.push(
      `stacks of 1 s, ${count} workers: ${rate.toFixed(2)} a second, efficiency ${(rate / alone / count).toFixed(2)}`,
    );
  }
  return lines;
}

function planned(address: string, port: number): string[] {
  const answer = execFileSync(process.execPath, [join(__dirname, "planner.cjs"), address, String(PLANNED)]);
  const { seconds: took, megabytes } = JSON.parse(String(answer)) as { seconds: number; megabytes: number };
  const info = String(execFileSync("redis-cli", ["-p", String(port), "info", "memory"]));
  const used = Number(/used_memory:(\d+)/.exec(info)?.[1]) / 1e6;
  return [
    `${PLANNED} jobs planned in ${took.toFixed(1)} s, planner ${megabytes.toFixed(0)} MB, Redis ${used.toFixed(0)} MB`,
  ];
}

describe("queue", () => {
  const work = async () => {
    if (!hasRedis) throw new Error("redis-server: expected one here, got none; apt-get install redis-server");
    const redis = await startRedis();
    try {
      console.log([await overhead(redis.address), ...(await throughput(redis.address))].join("\n"));
      await redis.restart("empty");
      console.log(planned(redis.address, redis.port).join("\n"));
    } finally {
      await redis.stop();
    }
  };
  bench("overhead, throughput, planning", work, {
    iterations: 1,
    time: 0,
    warmupIterations: 0,
    warmupTime: 0,
    throws: true,
  });
});
