/** The planner of a queue: Redis emptied, restarted, cut off or gone at every stage of its planning; it plans again, and it ends. */
import { Queue } from "bullmq";
import { Redis as IoRedis } from "ioredis";
import { afterEach, describe, expect, test } from "vitest";
import { fold, integers, key } from "../../lib/core/random.js";
import * as sweep from "../../lib/sweep/index.js";
import { stacksOf } from "../../lib/sweep/plan/stacks.js";
import { queuePlace } from "../../lib/sweep/queue/connection.js";
import { Line } from "../../lib/sweep/queue/line.js";
import { comparisonsOf, STACKS } from "../../lib/sweep/queue/names.js";
import { serve } from "../../lib/sweep/queue/serve.js";
import { byWorkers } from "../../lib/sweep/queue/workers.js";
import { hasRedis, NEEDS, type Redis, startProxy, startRedis } from "./redis.js";
import { idleStudy, machine, NO_SIZE } from "./support.js";

const ROOT = key("planning tests");
const ended: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function fresh(): Promise<Redis> {
  const redis = await startRedis();
  ended.push(() => redis.stop());
  return redis;
}

/** Thirty stacks of one network, planned five at a time. */
const study = idleStudy({ seeds: 3, budget: { stackNetworks: 1 } });
const stacks = stacksOf(study, { trials: sweep.trialsOf(study), rung: 0 }, () => NO_SIZE);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Plans the stacks; what is told of each, and when all are. */
function planning(address: string, { every = 100, keep = async (_: string) => {} } = {}) {
  const told = new Map<string, number>();
  const stop = new AbortController();
  const run = byWorkers(study, queuePlace(address), { every, chunk: 5, signal: stop.signal });
  const done = run(
    stacks,
    async ({ id }, outcome) => {
      expect(outcome).toHaveProperty("rows");
      await keep(id);
      told.set(id, (told.get(id) ?? 0) + 1);
    },
    "r0",
  );
  done.catch(() => undefined); // looked at by the test
  return { told, done, stop };
}

function worker(address: string): void {
  const stop = new AbortController();
  const foldsOf = () => Promise.reject(new Error("there are none"));
  const working = serve({ place: queuePlace(address), machine, foldsOf, signal: stop.signal, lease: 1 });
  ended.push(() => {
    stop.abort();
    return working;
  });
}

/** Resolves when so many stacks wait in Redis. */
async function waiting(port: number, count: number): Promise<void> {
  const client = new IoRedis(port);
  while ((await client.llen(`bull:${STACKS}:wait`)) < count) await wait(1);
  client.disconnect();
}

/** Each stack once. */
const ONCE = new Map(stacks.map(({ id }) => [id, 1]));

describe.skipIf(!hasRedis)(`planning on a queue${NEEDS}`, () => {
  test.each(["empty", "kept"] as const)(
    "Redis restarted, its data %s, when a number of stacks drawn by a key was planned: each has one outcome",
    async (how) => {
      const redis = await fresh();
      const drawn = integers(fold(ROOT, how), 4, stacks.length);
      for (const count of [0, ...drawn, stacks.length]) {
        const { told, done } = planning(redis.address);
        await waiting(redis.port, count);
        await redis.restart(how);
        const stop = new AbortController();
        const foldsOf = () => Promise.reject(new Error("there are none"));
        const working = serve({
          ...{ place: queuePlace(redis.address), machine, foldsOf, signal: stop.signal, lease: 1 },
        });
        await done;
        expect(told, `after ${count}`).toEqual(ONCE);
        stop.abort();
        await working;
      }
    },
    180_000,
  );

  test("a connection cut after a number of bytes drawn by a key: planning goes on, and each stack has one outcome", async () => {
    const redis = await fresh();
    worker(redis.address);
    const proxy = await startProxy(redis.port);
    ended.push(() => proxy.close());
    for (const bytes of integers(fold(ROOT, "bytes"), 8, 60_000)) {
      proxy.cutAfter(bytes);
      const { told, done } = planning(proxy.address);
      await done;
      expect(told, `after ${bytes} bytes`).toEqual(ONCE);
    }
  }, 300_000);

  test("a planner that was killed in the middle of planning is followed by one that plans the rest alone", async () => {
    const redis = await fresh();
    const first = planning(redis.address);
    await waiting(redis.port, 10);
    first.stop.abort();
    await first.done;
    const { told, done } = planning(redis.address);
    worker(redis.address);
    await done;
    expect(told).toEqual(ONCE);
  }, 300_000);

  test("stacks that were taken out of Redis are planned again", async () => {
    const redis = await fresh();
    const { told, done } = planning(redis.address);
    await waiting(redis.port, stacks.length);
    const queue = new Queue(STACKS, { connection: { port: redis.port } });
    await queue.obliterate({ force: true });
    await queue.close();
    worker(redis.address);
    await done;
    expect(told).toEqual(ONCE);
  }, 300_000);

  test("a comparison whose stacks are done ends though its selection is never woken", async () => {
    const redis = await fresh();
    const { told, done } = planning(redis.address);
    await waiting(redis.port, stacks.length);
    const queue = new Queue(comparisonsOf(sweep.studyHash(study)), { connection: { port: redis.port } });
    await queue.pause(); // nobody takes what waits in it
    await queue.close();
    worker(redis.address);
    await done;
    expect(told).toEqual(ONCE);
  }, 300_000);

  test("where Redis is gone for good, a planner and a worker that are told to stop do", async () => {
    const redis = await fresh();
    const { done, stop } = planning(redis.address);
    await waiting(redis.port, stacks.length);
    const served = new AbortController();
    const foldsOf = () => Promise.reject(new Error("there are none"));
    const place = queuePlace(redis.address);
    const working = serve({ place, machine, foldsOf, signal: served.signal, lease: 1 });
    await wait(300);
    await redis.kill();
    await wait(1000); // between two tries to connect
    stop.abort();
    served.abort();
    await Promise.all([done, working]);
  }, 300_000);

  test("an outcome that cannot be kept ends the planner with the reason, and none is left out in silence", async () => {
    const redis = await fresh();
    worker(redis.address);
    const full = new Error("ENOSPC: no space left on device");
    const { done } = planning(redis.address, {
      keep: async (id) => {
        if (id === stacks[7]!.id) throw full;
      },
    });
    await expect(done).rejects.toBe(full);
  }, 300_000);

  test("a study whose stacks are done leaves nothing of its comparison", async () => {
    const redis = await fresh();
    worker(redis.address);
    await planning(redis.address).done;
    const client = new IoRedis(redis.port);
    ended.push(() => client.disconnect());
    expect(await client.keys(`bull:${comparisonsOf(sweep.studyHash(study))}*`)).toEqual([]);
  }, 300_000);
});

describe.skipIf(!hasRedis)(`a connection${NEEDS}`, () => {
  test("that is told to end between two tries ends, and what it had asked fails", async () => {
    const redis = await fresh();
    const line = new Line({ port: redis.port, maxRetriesPerRequest: null, retryStrategy: () => 60_000 });
    const asked = line.blpop("none", 0).catch(String);
    await wait(200);
    await redis.kill();
    while (line.status !== "reconnecting") await wait(10);
    const copy = line.duplicate() as Line;
    const end = Promise.all([line, copy].map((each) => new Promise((resolve) => each.once("end", resolve))));
    line.hangUp();
    await end;
    expect(await asked).toBe("Error: Connection is closed.");
  }, 20_000);
});
