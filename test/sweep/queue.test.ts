/** Studies on a queue in this process: equal tables whatever goes wrong on the way, and what a worker refuses. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "bullmq";
import { Redis as IoRedis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ownVersion } from "../../lib/core/index.js";
import { fold, integers, key } from "../../lib/core/random.js";
import * as sweep from "../../lib/sweep/index.js";
import { stacksOf } from "../../lib/sweep/plan/stacks.js";
import { checkAnswers, queuePlace } from "../../lib/sweep/queue/connection.js";
import { STACKS } from "../../lib/sweep/queue/names.js";
import { type Served, type ServeOptions, serve } from "../../lib/sweep/queue/serve.js";
import { byWorkers } from "../../lib/sweep/queue/workers.js";
import { jobsOf, readJob } from "../../lib/sweep/run/job.js";
import { hasRedis, NEEDS, type Redis, startProxy, startRedis } from "./redis.js";
import { folder, idleStudy, machine, NO_SIZE, smallSource, tableOf } from "./support.js";

const ROOT = key("queue tests");
const ended: (() => Promise<unknown> | unknown)[] = [];
let redis: Redis;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});
afterAll(async () => {
  await redis?.stop();
});

function fresh(): string {
  const { path, remove } = folder();
  ended.push(remove);
  return path;
}

/** A worker in this process, and what it says. */
function worker(address: string, more: Partial<ServeOptions> = {}) {
  const stop = new AbortController();
  const lines: string[] = [];
  const working: Promise<Served> = serve({
    place: queuePlace(address),
    machine,
    foldsOf: () => Promise.reject(new Error("there are none")),
    signal: stop.signal,
    lease: 1,
    say: (line) => lines.push(line),
    ...more,
  });
  const end = () => {
    stop.abort();
    return working;
  };
  ended.push(end);
  return { lines, end };
}

/** Runs a study by the workers of a queue; `within` is called with the number of networks that are done. */
async function planned(
  study: sweep.Study,
  address: string,
  {
    path = fresh(),
    within,
    weights = false,
  }: { readonly path?: string; readonly within?: (done: number) => void; readonly weights?: boolean } = {},
) {
  const lines: string[] = [];
  const results = await sweep.openResults(path, study, { weights });
  await sweep.runStudy({
    ...{ study, results, sizeOf: () => NO_SIZE },
    execute: byWorkers(study, queuePlace(address), { every: 200, weights, say: (line) => lines.push(line) }),
    onProgress: ({ done }) => within?.(done),
  });
  return { path, results, lines };
}

async function local(study: sweep.Study): Promise<string> {
  const path = fresh();
  const results = await sweep.openResults(path, study);
  await sweep.runStudy({
    study,
    results,
    execute: sweep.here(study, { folds: undefined, machine }),
    sizeOf: () => NO_SIZE,
  });
  return tableOf(path);
}

/** Of 60 networks, 2 ms each. */
const study = idleStudy({ settings: { milliseconds: 1, epochs: 4 }, seeds: 6, budget: { stackNetworks: 2 } });

describe.skipIf(!hasRedis)(`a study on a queue${NEEDS}`, () => {
  test("one worker and four give the table of a local run to the bit, and leave nothing in Redis but names", async () => {
    const expected = await local(study);
    worker(redis.address);
    expect(await tableOf((await planned(study, redis.address)).path)).toBe(expected);
    for (let more = 0; more < 3; more++) worker(redis.address);
    expect(await tableOf((await planned(study, redis.address)).path)).toBe(expected);
    const client = new IoRedis(redis.port);
    ended.push(() => client.quit());
    const keys = await client.keys("*");
    expect(keys.filter((name) => /:(\d|r\d)|study/.test(name))).toEqual([]);
  }, 300_000);

  test("comparisons are selected by the planner: halving gives the local table", async () => {
    const halving = idleStudy({
      settings: { epochs: 4 },
      stopping: { rule: "halving", epochs: [1, 2], keep: 0.4 },
    });
    worker(redis.address);
    expect(await tableOf((await planned(halving, redis.address)).path)).toBe(await local(halving));
  }, 300_000);

  test("connections cut at moments drawn by a key change nothing", async () => {
    const proxy = await startProxy(redis.port);
    ended.push(() => proxy.close());
    const moments = new Set(integers(fold(ROOT, "cuts"), 8, 55));
    worker(proxy.address);
    worker(proxy.address);
    let cuts = 0;
    const { path } = await planned(study, proxy.address, {
      within(done) {
        for (const moment of moments)
          if (done > moment) {
            moments.delete(moment);
            cuts++;
            proxy.cut();
          }
      },
    });
    expect(cuts).toBeGreaterThanOrEqual(5);
    expect(await tableOf(path)).toBe(await local(study));
  }, 300_000);

  test.each(["kept", "empty"] as const)(
    "Redis killed in the middle and started again with its data %s changes nothing",
    async (how) => {
      worker(redis.address);
      let restarted: Promise<void> | undefined;
      const { path } = await planned(study, redis.address, {
        within(done) {
          if (done > 20) restarted ??= redis.restart(how);
        },
      });
      await restarted;
      expect(restarted).toBeDefined();
      expect(await tableOf(path)).toBe(await local(study));
    },
    120_000,
  );

  test("a stack that fails at every try is set aside after three with its error, and the study ends", async () => {
    const poison = idleStudy({ search: { grid: { fails: [false, true], beta: [1] } }, seeds: 2 });
    worker(redis.address);
    const { results, path } = await planned(poison, redis.address);
    expect(results.aside.map(({ networks, tries, error }) => [networks[0], tries, error])).toEqual(
      [2, 3].map((network) => [network, 3, "fails: expected a network that can be trained, got none"]),
    );
    expect(await tableOf(path)).toBe(await local(poison));
  }, 300_000);

  test("a stack delivered twice has its rows once", async () => {
    const queue = new Queue(STACKS, { connection: queuePlace(redis.address).connection });
    ended.push(() => queue.close());
    const stacks = stacksOf(study, { trials: sweep.trialsOf(study), rung: 0 }, () => NO_SIZE);
    for (const stack of stacks.slice(0, 5))
      await queue.add("stack", jobsOf(study)(stack), { removeOnComplete: true });
    worker(redis.address);
    const { path, results } = await planned(study, redis.address);
    const name = readdirSync(join(path, "parts"))[0]!;
    const before = readFileSync(join(path, "parts", name), "utf8");
    await results.put(
      name.replace(".json", ""),
      JSON.parse(before).map((row: object) => ({ ...row, seconds: 99 })),
    );
    expect(readFileSync(join(path, "parts", name), "utf8")).toBe(before);
    expect(await tableOf(path)).toBe(await local(study));
  }, 300_000);

  test("a worker puts back what is of another version, says why, and leaves it to others", async () => {
    const queue = new Queue(STACKS, { connection: queuePlace(redis.address).connection });
    ended.push(() => queue.close());
    const [stack] = stacksOf(study, { trials: sweep.trialsOf(study), rung: 0 }, () => NO_SIZE);
    const job = await queue.add("stack", { ...jobsOf(study)(stack!), version: "9.9.9" });
    const { lines, end } = worker(redis.address);
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await end()).stacks).toBe(0);
    expect(lines[0]).toBe(
      `test puts back a stack: expected one of version ${ownVersion()}, as this worker's, got one of 9.9.9`,
    );
    expect([await job.getState(), (await queue.getJob(job.id!))!.attemptsMade]).toEqual(["waiting", 0]);
    await job.remove();
  }, 300_000);

  test("a worker whose disk is full, or that has no such data, puts stacks back; another trains them", async () => {
    const source = await smallSource();
    const small = idleStudy({
      model: "vae",
      settings: { latent: 2, hidden: [4], epochs: 1 },
      search: { grid: { beta: [1] } },
      seeds: 1,
    });
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const { lines } = worker(redis.address, { foldsOf: () => Promise.reject(full) });
    const planning = planned(small, redis.address, { weights: true });
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    worker(redis.address, { foldsOf: async (data) => sweep.foldsOf(source, data) });
    const done = await planning;
    expect(done.lines[0]).toMatch(/^test puts back a stack: data ababababab.*: ENOSPC/);
    expect(done.results.aside).toEqual([]);
    expect(JSON.parse(await tableOf(done.path))).toHaveLength(1);
    const path = fresh();
    const results = await sweep.openResults(path, small, { weights: true });
    const folds = sweep.foldsOf(source, small.data);
    await sweep.runStudy({
      ...{ study: small, results, sizeOf: () => NO_SIZE },
      execute: sweep.here(small, { folds, machine, weights: true }),
    });
    const [queued, here] = [done.path, path].map((each) =>
      readFileSync(join(each, "weights", "r0-n0000000.weights")),
    );
    expect(queued).toEqual(here);
  }, 300_000);

  test("a password is needed where Redis asks for one, and is in no error", async () => {
    const guarded = await startRedis("--requirepass", "s3cret-word");
    ended.push(() => guarded.stop());
    await checkAnswers(queuePlace(guarded.address, { password: "s3cret-word" }));
    const refused = await checkAnswers(queuePlace(guarded.address, { password: "wr0ng-word" })).catch(String);
    expect(refused).toMatch(/expected Redis or Valkey to answer, got none: WRONGPASS/);
    expect(refused).not.toContain("wr0ng-word");
  }, 300_000);
});

describe("an address", () => {
  test("has no user and no password, and none is in what is printed", () => {
    expect(() => queuePlace("redis://me:secret@host:6379")).toThrow(
      /^queue: expected an address without user(?!.*secret)/,
    );
    expect(() => queuePlace("http://host")).toThrow("expected an address such as redis://host:6379");
    const place = queuePlace("rediss://host/2", { user: "me", password: "secret" });
    expect(place.address).toBe("rediss://host:6379/2");
    expect(place.connection).toMatchObject({
      host: "host",
      db: 2,
      username: "me",
      tls: { servername: "host" },
    });
  });
});

describe("readJob", () => {
  const [stack] = stacksOf(study, { trials: sweep.trialsOf(study), rung: 0 }, () => NO_SIZE);
  const job = JSON.parse(JSON.stringify(jobsOf(study)(stack!))) as ReturnType<ReturnType<typeof jobsOf>>;

  test("takes a job as it went", () => {
    expect(readJob(job)).toEqual(jobsOf(study)(stack!));
  });

  test.each([
    [{ ...job, code: "process.exit()" }, /^job: .*code/],
    [{ ...job, stack: { ...stack, settings: { ...stack!.settings, run: "x" } } }, /^job: stack\.settings/],
    [{ ...job, stack: { ...stack, networks: [] } }, /^job: stack\.networks/],
    [{ ...job, model: "script" }, /^job: model/],
    [null, /^job: document/],
  ])("%#: what is no job is refused by its path", (data, problem) => {
    expect(() => readJob(data)).toThrow(problem);
  });
});
