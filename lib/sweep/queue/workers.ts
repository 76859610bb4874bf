/** Stacks trained by workers. */
import type { Executor } from "../run/runStudy.js";
import { type Study, studyHash } from "../study/studyFile.js";
import type { QueuePlace } from "./connection.js";
import { waitingOf } from "./waiting.js";

export interface WorkersOptions {
  readonly signal?: AbortSignal;
  /** Words about what goes on, such as that a worker refuses a stack. */
  say?(line: string): void;
  /** Milliseconds between two looks at whether what was planned is still there. */
  readonly every?: number;
  /** Whether the networks' weights are wanted. */
  readonly weights?: boolean;
  /** Stacks that are planned at once. */
  readonly chunk?: number;
}

const EVERY = 3000;
const CHUNK = 500;

/**
 * Plans stacks as a flow and waits for workers to train them. What an earlier run planned is taken over; what Redis has lost is planned
 * again. Where the signal says so it stops waiting, and workers go on.
 */
export function byWorkers(study: Study, place: QueuePlace, options: WorkersOptions = {}): Executor {
  const { signal, every = EVERY, chunk = CHUNK } = options;
  return async (stacks, done, round) => {
    const { runFlow } = await import("./flow.js");
    const waiting = await waitingOf(stacks, done);
    for (let attempt = 1; waiting.stacks().length > 0 && !signal?.aborted; attempt++) {
      const flow = `${studyHash(study).slice(0, 16)}.${round}.${attempt}`;
      await runFlow(study, place, { ...options, flow, waiting, every, chunk });
    }
  };
}
