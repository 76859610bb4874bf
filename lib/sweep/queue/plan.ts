/** A comparison in Redis: a flow whose children are stacks, and whose parent is the selection. */
import type { FlowJob, Queue } from "bullmq";
import type { Stack } from "../plan/stacks.js";
import { jobsOf } from "../run/job.js";
import { type Study, studyHash } from "../study/studyFile.js";
import type { Line } from "./line.js";
import { comparisonsOf, PLANNED, plannedOf, STACKS, TRIES } from "./names.js";

/** Chunks that are under way: one is made while Redis takes the other. */
const UNDER_WAY = 2;

/** Redis has lost what was planned, or the connection on which it was being planned: it is to be planned again. */
export class PlanLost extends Error {}

/** What is planned. */
export interface Planned {
  readonly flow: string;
  readonly stacks: readonly Stack[];
  /** Stacks that are added at once. */
  readonly chunk: number;
  /** Whether the networks' weights are wanted. */
  readonly weights?: boolean | undefined;
}

/**
 * Adds stacks as one flow of a name, chunk by chunk: memory is that of two chunks. What is there already stays as it is.
 * @throws PlanLost when it is to be done again; the error of Redis when it takes no more.
 */
export async function plan(
  study: Study,
  line: Line,
  { flow, stacks, chunk, weights }: Planned,
): Promise<void> {
  const { FlowProducer, Queue } = await import("bullmq");
  const name = comparisonsOf(studyHash(study));
  const producer = new FlowProducer({ connection: line });
  const queue = new Queue(STACKS, { connection: line });
  producer.on("error", () => undefined); // a connection that is lost is made again
  queue.on("error", () => undefined);
  try {
    await producer.add(comparisonOf(name, flow));
    const jobOf = jobsOf(study, weights);
    const parent = { id: flow, queue: `bull:${name}` };
    const rest = chunksOf(stacks, chunk);
    const lane = async () => {
      for (const some of rest)
        await addChunk(
          queue,
          some.map((stack) => ({
            name: "stack",
            data: jobOf(stack),
            opts: { ...OPTIONS, jobId: `${flow}.${stack.id}`, parent },
          })),
        );
    };
    await Promise.all(Array.from({ length: UNDER_WAY }, lane));
  } catch (error) {
    throw isOfConnection(error) ? new PlanLost("planning broke off", { cause: error }) : error;
  } finally {
    await producer.close();
    await queue.close();
  }
}

const OPTIONS = {
  ...{ attempts: TRIES, removeOnComplete: true, removeOnFail: true, ignoreDependencyOnFailure: true },
};

/** The parent with the one child that keeps it waiting until all stacks are planned. */
function comparisonOf(name: string, flow: string): FlowJob {
  const planned = plannedOf(flow);
  return {
    ...{ name: "comparison", queueName: name, opts: { jobId: flow, removeOnComplete: true } },
    children: [{ name: PLANNED, queueName: name, opts: { jobId: planned, removeOnComplete: true } }],
  };
}

function* chunksOf(stacks: readonly Stack[], size: number): Generator<readonly Stack[]> {
  for (let from = 0; from < stacks.length; from += size) yield stacks.slice(from, from + size);
}

async function addChunk(queue: Queue, jobs: Parameters<Queue["addBulk"]>[0]): Promise<void> {
  const added = await queue.addBulk(jobs);
  // where Redis refuses a job it says a number below 0 in place of its name: −5 for a parent that is not there
  const refused = added.find(({ id }) => Number(id) < 0);
  if (refused) throw new PlanLost(`Redis refused a stack with ${refused.id}`);
}

/** Whether an error is one of a connection that was lost, or of a Redis that has just started and has forgotten its scripts. */
export function isOfConnection(error: unknown): boolean {
  const { name, message } = error as Error;
  return (
    name === "AbortError" ||
    /^(NOSCRIPT|LOADING|Connection is closed|connect |Missing key for parent job|write |read )/.test(message)
  );
}
