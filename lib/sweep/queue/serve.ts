/** A worker: takes stacks from a queue, trains them, and puts back what it must not or cannot do. */
import { setTimeout as pause } from "node:timers/promises";
import type { Job as QueueJob } from "bullmq";
import { ownVersion } from "../../core/index.js";
import type { StudyFolds } from "../networks/data.js";
import type { NetworkRow } from "../results/networkRow.js";
import { type Job, readJob } from "../run/job.js";
import { type Machine, runStack } from "../run/runStack.js";
import type { QueuePlace } from "./connection.js";
import { ASK_AGAIN, STACKS } from "./names.js";

export interface ServeOptions {
  readonly place: QueuePlace;
  readonly machine: Machine;
  /** The folds of a job's data. @throws Error that says why where they cannot be had: the job is put back. */
  foldsOf(data: Job["data"]): Promise<StudyFolds>;
  /** Ends after the stack in hand. */
  readonly signal?: AbortSignal;
  /** Seconds after which a stack whose worker is not heard of is given to another. */
  readonly lease: number;
  /** Whether it ends when nothing waits. */
  readonly untilEmpty?: boolean;
  say?(line: string): void;
  /** Called after each stack. */
  onStack?(networks: number): void;
}

/** What a worker has done. */
export interface Served {
  readonly stacks: number;
  readonly networks: number;
  readonly refused: number;
}

/** Times that a stack may lose its worker before it is set aside: it may be what ends them. */
const LOSSES = 10;
/** Milliseconds before a refused stack is put back, so that another worker is faster. */
const POLITE = 1000;

/** Works until it is told to stop, or nothing waits. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { place, machine, signal, lease, untilEmpty } = options;
  const { Worker } = await import("bullmq");
  const { closeAll, Line } = await import("./line.js");
  const count = { stacks: 0, networks: 0, refused: 0 };
  const line = new Line(place.connection);
  let inHand: Promise<unknown> = Promise.resolve();
  const worker = new Worker(
    STACKS,
    (job: QueueJob, token?: string) => {
      const done = takes(job, token, options, count);
      inHand = done.catch(() => undefined);
      return done;
    },
    {
      ...{ connection: line, name: machine.host, concurrency: 1, maxStalledCount: LOSSES },
      ...{ lockDuration: 1000 * lease, stalledInterval: 500 * lease, runRetryDelay: ASK_AGAIN },
    },
  );
  worker.on("error", () => undefined); // a connection that is lost is made again, a stack that was given away is not ours
  await new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
    if (untilEmpty) worker.on("drained", () => resolve());
  });
  const closing = worker.close(); // takes no more
  await inHand;
  await closeAll(line, [{ close: () => closing, on: () => undefined }]);
  return count;
}

/** Rows of the stack of a job, or the job put back. */
async function takes(
  job: QueueJob,
  token: string | undefined,
  options: ServeOptions,
  count: { stacks: number; networks: number; refused: number },
): Promise<NetworkRow[]> {
  const { machine } = options;
  const ready = await prepared(job, options);
  if ("refused" in ready) {
    count.refused++;
    const line = `${machine.host} puts back a stack: ${ready.refused}`;
    options.say?.(line);
    await job.updateProgress({ refused: line });
    await pause(POLITE);
    await job.moveToWait(token);
    const { WaitingError } = await import("bullmq");
    throw new WaitingError();
  }
  const rows = await runStack(ready.job, ready.folds, machine);
  count.stacks++;
  count.networks += rows.length;
  options.onStack?.(rows.length);
  return rows;
}

type Prepared = { readonly job: Job; readonly folds: StudyFolds | undefined } | { readonly refused: string };

/** The job with its data, or why it is left to another worker. @throws RangeError when it is no job: it counts as a try. */
async function prepared({ data }: QueueJob, { foldsOf }: ServeOptions): Promise<Prepared> {
  const version = String((data as { version?: unknown } | null)?.version ?? "none");
  if (version !== ownVersion())
    return {
      refused: `expected one of version ${ownVersion()}, as this worker's, got one of ${version.slice(0, 40)}`,
    };
  const job = readJob(data);
  if (job.model === "none") return { job, folds: undefined };
  try {
    return { job, folds: await foldsOf(job.data) };
  } catch (error) {
    return { refused: `data ${job.data.sha256.slice(0, 12)}…: ${(error as Error).message}` };
  }
}
