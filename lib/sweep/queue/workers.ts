/** Stacks trained by workers: a comparison is a flow whose children are stacks, and whose parent is the selection, here. */
import type { FlowJob, Job as QueueJob } from "bullmq";
import type { Stack } from "../plan/stacks.js";
import type { NetworkRow } from "../results/networkRow.js";
import { readRows } from "../results/rows.js";
import { jobOf } from "../run/job.js";
import type { Executor, Outcome } from "../run/runStudy.js";
import { type Study, studyHash } from "../study/studyFile.js";
import type { QueuePlace } from "./connection.js";
import { comparisonsOf, EVENTS, STACKS, TRIES } from "./names.js";

export interface WorkersOptions {
  readonly signal?: AbortSignal;
  /** Words about what goes on, such as that a worker refuses a stack. */
  say?(line: string): void;
  /** Milliseconds between two looks at whether the flow is still there. */
  readonly every?: number;
}

/** Tells the outcome of the stack with a job's name; it does nothing for a stack that has one, or is of no interest. */
type Tell = (job: string, outcome: Outcome) => Promise<void>;

const EVERY = 3000;
/** Milliseconds after which a selection whose connection was lost is made again, and how often it may be. */
const LEASE = 5000;
const LOSSES = 1000;
/** Children read at once. */
const PAGE = 500;

/**
 * Plans stacks as a flow and waits for workers to train them. What an earlier run planned is taken over; what Redis has lost is planned
 * again. Where the signal says so it stops waiting, and workers go on.
 */
export function byWorkers(study: Study, place: QueuePlace, options: WorkersOptions = {}): Executor {
  return async (stacks, done, round) => {
    const left = new Map(stacks.map((stack) => [stack.id, stack]));
    const telling = inTurn();
    const tell: Tell = (job, outcome) =>
      telling(async () => {
        const id = job.slice(job.lastIndexOf(".") + 1);
        const stack = left.get(id);
        if (!stack) return;
        left.delete(id);
        await done(stack, outcome);
      });
    for (let attempt = 1; left.size > 0 && !options.signal?.aborted; attempt++) {
      const flow = `${studyHash(study).slice(0, 16)}.${round}.${attempt}`;
      await runFlow(study, place, { ...options, flow, stacks: () => [...left.values()], tell });
    }
  };
}

interface Flow extends WorkersOptions {
  readonly flow: string;
  stacks(): readonly Stack[];
  readonly tell: Tell;
}

/** One flow, planned or taken over, to its end. It also ends where Redis has lost it. */
async function runFlow(study: Study, place: QueuePlace, options: Flow): Promise<void> {
  const { flow, tell, signal, say, every = EVERY } = options;
  const bull = await import("bullmq");
  const { connection } = place;
  const name = comparisonsOf(studyHash(study));
  const queue = new bull.Queue(name, { connection });
  const stackQueue = new bull.Queue(STACKS, { connection, streams: { events: { maxLen: EVENTS } } });
  const events = new bull.QueueEvents(STACKS, { connection });
  const heard = new Set<string>();
  let isOver = false;
  const opened: { close(): Promise<void>; on(event: "error", listener: () => void): unknown }[] = [];
  const watch = (...each: typeof opened) => {
    for (const one of each) {
      one.on("error", () => undefined); // a connection that is lost is made again
      opened.push(one);
    }
  };
  watch(queue, stackQueue, events);
  try {
    await stackQueue.waitUntilReady();
    await events.waitUntilReady();
    events.on("completed", ({ jobId, returnvalue }) => {
      if (jobId.startsWith(`${flow}.`))
        void tell(jobId, outcomeOf(jobId, returnvalue)).catch(() => undefined);
    });
    events.on("progress", ({ jobId, data }) => {
      const text = String((data as { refused?: unknown }).refused ?? "");
      if (jobId.startsWith(`${flow}.`) && text !== "" && !heard.has(text)) say?.(text);
      heard.add(text);
    });
    if (!(await queue.getJob(flow))) await plan(study, place, options);
    await new Promise<void>((resolve, reject) => {
      const parent = new bull.Worker(
        name,
        async (job: QueueJob) => {
          if (job.name === PLANNED) return;
          await harvest(job, tell);
          if (job.id === flow) resolve();
        },
        { connection, lockDuration: LEASE, stalledInterval: LEASE / 2, maxStalledCount: LOSSES },
      );
      watch(parent);
      const timer = setInterval(() => {
        if (signal?.aborted) resolve();
        queue.getJob(flow).then(
          (job) => {
            if (!job) resolve();
            else if (job.finishedOn !== undefined)
              void harvest(job, tell)
                .then(() => job.remove())
                .then(resolve, reject);
          },
          () => undefined,
        );
      }, every);
      opened.push({ close: async () => clearInterval(timer), on: () => undefined });
    });
    if (!signal?.aborted) isOver = true;
  } finally {
    for (const each of opened.reverse()) await each.close().catch(() => undefined);
  }
  if (isOver) await forget(place, name);
}

/** Takes away what is left of a study's comparisons: its name, its events. */
async function forget({ connection }: QueuePlace, name: string): Promise<void> {
  const { Queue } = await import("bullmq");
  const queue = new Queue(name, { connection });
  queue.on("error", () => undefined);
  await queue.obliterate({ force: true }).catch(() => undefined);
  await queue.close();
}

/** Children that are added at once. */
const CHUNK = 500;
/** The child that keeps a comparison waiting until all stacks are planned: it is done by the planner itself. */
const PLANNED = "planned";

/** Adds stacks as one flow of a name, a chunk at a time: memory is that of a chunk. What is not added if it ends here is planned anew. */
export async function plan(
  study: Study,
  { connection }: QueuePlace,
  { flow, stacks }: Pick<Flow, "flow" | "stacks">,
): Promise<void> {
  const { FlowProducer, Queue } = await import("bullmq");
  const name = comparisonsOf(studyHash(study));
  const producer = new FlowProducer({ connection });
  const queue = new Queue(STACKS, { connection });
  producer.on("error", () => undefined); // a connection that is lost is made again
  queue.on("error", () => undefined);
  try {
    const comparison: FlowJob = {
      ...{ name: "comparison", queueName: name, opts: { jobId: flow, removeOnComplete: true } },
      children: [
        { name: PLANNED, queueName: name, opts: { jobId: `${flow}.${PLANNED}`, removeOnComplete: true } },
      ],
    };
    await producer.add(comparison);
    const all = stacks();
    const parent = { id: flow, queue: `bull:${name}` };
    for (let from = 0; from < all.length; from += CHUNK)
      await queue.addBulk(
        all.slice(from, from + CHUNK).map((stack) => ({
          ...{ name: "stack", data: jobOf(study, stack) },
          opts: {
            ...{
              attempts: TRIES,
              removeOnComplete: true,
              removeOnFail: true,
              ignoreDependencyOnFailure: true,
            },
            ...{ jobId: `${flow}.${stack.id}`, parent },
          },
        })),
      );
  } finally {
    await producer.close();
    await queue.close();
  }
}

/** Tells what became of every child of a comparison, a page at a time. */
async function harvest(job: QueueJob, tell: Tell): Promise<void> {
  for (let cursor = 0, isFirst = true; isFirst || cursor !== 0; isFirst = false) {
    const { processed = {}, nextProcessedCursor = 0 } = await job.getDependencies({
      processed: { cursor, count: PAGE },
    });
    for (const [key, value] of Object.entries(processed)) await tell(key, outcomeOf(key, value));
    cursor = nextProcessedCursor;
  }
  for (const [key, error] of Object.entries(await job.getIgnoredChildrenFailures()))
    await tell(key, { error, tries: TRIES });
}

/** What a worker returned, checked. */
function outcomeOf(job: string, value: unknown): Outcome {
  try {
    const rows: NetworkRow[] = readRows(typeof value === "string" ? JSON.parse(value) : value, job);
    return { rows };
  } catch (error) {
    return { error: (error as Error).message, tries: 1 };
  }
}

/** Runs one piece of work after the other. */
function inTurn(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.catch(() => undefined).then(work);
    return last;
  };
}
