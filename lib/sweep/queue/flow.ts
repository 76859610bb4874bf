/** One flow of a comparison, from its planning to its end. */
import { setTimeout as pause } from "node:timers/promises";
import type { Queue, Job as QueueJob } from "bullmq";
import { readRows } from "../results/rows.js";
import type { Outcome } from "../run/runStudy.js";
import { type Study, studyHash } from "../study/studyFile.js";
import type { QueuePlace } from "./connection.js";
import { closeAll, Line, type Opened } from "./line.js";
import { ASK_AGAIN, comparisonsOf, EVENTS, PLANNED, plannedOf, STACKS, TRIES } from "./names.js";
import { isOfConnection, PlanLost, plan } from "./plan.js";
import type { Waiting } from "./waiting.js";

export interface FlowOptions {
  readonly flow: string;
  readonly waiting: Waiting;
  readonly signal?: AbortSignal;
  say?(line: string): void;
  /** Milliseconds between two looks at whether the flow is still there. */
  readonly every: number;
  /** Stacks that are added at once. */
  readonly chunk: number;
  readonly weights?: boolean;
}

/** Milliseconds after which a selection whose connection was lost is made again, and how often it may be. */
const LEASE = 5000;
const LOSSES = 1000;
/** Children read at once. */
const PAGE = 500;
/** Milliseconds before planning begins again. */
const PAUSE = 200;
/**
 * Looks in a row that find a comparison waiting for nothing, after which it is taken as it is: its stacks are lost, or all are done and
 * the selection was not woken, which happens when the planner before ended in the moment in which it was.
 */
const IDLE = 3;

/** What a flow works with. */
interface Open extends FlowOptions {
  readonly study: Study;
  readonly name: string;
  readonly line: Line;
  readonly queue: Queue;
  /** Of the stacks of all studies. */
  readonly stacks: Queue;
  open<T extends Opened>(one: T): T;
}

/**
 * Plans a flow, or takes over what an earlier run planned of it, and tells its outcomes until it ends: it is done, Redis has lost it, or
 * the signal says so.
 * @throws Error when an outcome cannot be kept, or Redis takes no more.
 */
export async function runFlow(study: Study, place: QueuePlace, options: FlowOptions): Promise<void> {
  const { waiting, signal } = options;
  const { Queue } = await import("bullmq");
  const line = new Line(place.connection);
  const opened: Opened[] = [];
  const open = <T extends Opened>(one: T): T => {
    one.on("error", () => undefined); // a connection that is lost is made again
    opened.push(one);
    return one;
  };
  const name = comparisonsOf(studyHash(study));
  const over = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true, signal: over.signal });
  });
  try {
    const queue = open(new Queue(name, { connection: line }));
    const stacks = open(new Queue(STACKS, { connection: line, streams: { events: { maxLen: EVENTS } } }));
    const flow: Open = { ...options, study, name, line, queue, stacks, open };
    await Promise.race([stopped, waiting.failed, toItsEnd(flow, over.signal)]);
  } finally {
    over.abort();
    await closeAll(line, opened);
  }
}

async function toItsEnd(flow: Open, over: AbortSignal): Promise<void> {
  await listen(flow);
  await planned(flow, over);
  await Promise.race([select(flow), gone(flow, over)]);
  await flow.waiting.kept();
  await flow.queue.obliterate({ force: true }).catch(() => undefined); // its name, its events
}

/** Outcomes are told as they come; those that are missed are read from the comparison. */
async function listen({ flow, waiting, line, stacks, open, say }: Open): Promise<void> {
  const { QueueEvents } = await import("bullmq");
  await stacks.waitUntilReady();
  const events = open(new QueueEvents(STACKS, { connection: line }));
  const heard = new Set<string>();
  events.on("completed", ({ jobId, returnvalue }) => {
    if (jobId.startsWith(`${flow}.`)) void waiting.tell(jobId, outcomeOf(jobId, returnvalue));
  });
  events.on("progress", ({ jobId, data }) => {
    const text = String((data as { refused?: unknown }).refused ?? "");
    if (jobId.startsWith(`${flow}.`) && text !== "" && !heard.has(text)) say?.(text);
    heard.add(text);
  });
  await events.waitUntilReady();
}

/** Plans what no earlier run has planned, from its beginning as often as Redis forgets it on the way. */
async function planned(
  { study, line, queue, flow, chunk, weights, waiting }: Open,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    try {
      const job = await queue.getJob(flow);
      if (job && !(await queue.getJob(plannedOf(flow)))) return; // whole: its last child is done
      if (job) await harvest(job, waiting);
      return await plan(study, line, { flow, chunk, stacks: waiting.stacks(), weights });
    } catch (error) {
      if (!(error instanceof PlanLost) && !isOfConnection(error)) throw error;
      await pause(PAUSE);
    }
  }
}

/** Takes the comparison when all its stacks are done, and tells what became of them. */
async function select({ name, line, flow, waiting, open }: Open): Promise<void> {
  const { Worker } = await import("bullmq");
  await new Promise<void>((resolve) => {
    open(
      new Worker(
        name,
        async (job: QueueJob) => {
          if (job.name === PLANNED) return;
          await harvest(job, waiting);
          if (job.id === flow) resolve();
        },
        {
          ...{ connection: line, runRetryDelay: ASK_AGAIN },
          ...{ lockDuration: LEASE, stalledInterval: LEASE / 2, maxStalledCount: LOSSES },
        },
      ),
    );
  });
}

/** Looks now and then whether the flow can still end by itself: it resolves when it cannot. */
async function gone(flow: Open, over: AbortSignal): Promise<void> {
  for (let idle = 0; !over.aborted; ) {
    await pause(flow.every, undefined, { signal: over }).catch(() => undefined);
    try {
      const job = await flow.queue.getJob(flow.flow);
      if (!job) return; // Redis has lost it, or it is done
      idle = (await standsStill(flow, job)) ? idle + 1 : 0;
      if (job.finishedOn === undefined && idle < IDLE) continue;
      await harvest(job, flow.waiting);
      await job.remove().catch(() => undefined);
      return;
    } catch (error) {
      if (!isOfConnection(error)) throw error;
    }
  }
}

/** Whether a comparison waits to be taken, or for stacks of which there is none in Redis. */
async function standsStill({ stacks }: Open, job: QueueJob): Promise<boolean> {
  const state = await job.getState();
  if (state !== "waiting-children") return state === "waiting";
  const counts = await stacks.getJobCounts("wait", "active", "delayed", "prioritized");
  return Object.values(counts).every((count) => count === 0);
}

/** Tells what became of every child of a comparison, a page at a time. */
async function harvest(job: QueueJob, { tell }: Waiting): Promise<void> {
  for (let cursor = 0, isFirst = true; isFirst || cursor !== 0; isFirst = false) {
    const { processed = {}, nextProcessedCursor = 0 } = await job.getDependencies({
      processed: { cursor, count: PAGE },
    });
    await Promise.all(Object.entries(processed).map(([key, value]) => tell(key, outcomeOf(key, value))));
    cursor = nextProcessedCursor;
  }
  for (const [key, error] of Object.entries(await job.getIgnoredChildrenFailures()))
    await tell(key, { error, tries: TRIES });
}

/** What a worker returned, checked. */
function outcomeOf(job: string, value: unknown): Outcome {
  try {
    return { rows: readRows(typeof value === "string" ? JSON.parse(value) : value, job) };
  } catch (error) {
    return { error: (error as Error).message, tries: 1 };
  }
}
