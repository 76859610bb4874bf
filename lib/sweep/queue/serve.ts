/** A worker: takes stacks from a queue, trains them, and puts back what it must not or cannot do. */
import type { Job as QueueJob, Worker } from "bullmq";
import { ownVersion } from "../../core/index.js";
import type { StudyFolds } from "../networks/data.js";
import { type Job, readJob } from "../run/job.js";
import { type Machine, runStack } from "../run/runStack.js";
import type { QueuePlace } from "./connection.js";
import { STACKS } from "./names.js";

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
  const bull = await import("bullmq");
  const count = { stacks: 0, networks: 0, refused: 0 };
  const said = new Set<string>();
  const worker: Worker = new bull.Worker(
    STACKS,
    async (job: QueueJob, token?: string) => {
      const ready = await prepared(job, options);
      if ("refused" in ready) {
        count.refused++;
        const line = `${machine.host} puts back a stack: ${ready.refused}`;
        if (!said.has(line)) options.say?.(line);
        said.add(line);
        await job.updateProgress({ refused: line });
        await new Promise((resolve) => setTimeout(resolve, POLITE));
        await job.moveToWait(token);
        throw new bull.WaitingError();
      }
      const rows = await runStack(ready.job, ready.folds, machine);
      count.stacks++;
      count.networks += rows.length;
      options.onStack?.(rows.length);
      return rows;
    },
    {
      ...{ connection: place.connection, name: machine.host, concurrency: 1, maxStalledCount: LOSSES },
      ...{ lockDuration: 1000 * lease, stalledInterval: 500 * lease },
    },
  );
  worker.on("error", () => undefined); // a connection that is lost is made again, a stack that was given away is not ours
  await new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
    if (untilEmpty) worker.on("drained", () => resolve());
  });
  await worker.close();
  return count;
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
