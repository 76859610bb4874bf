/** Stacks trained in this process, one after the other. */

import type { StudyFolds } from "../networks/data.js";
import type { Study } from "../study/studyFile.js";
import { jobsOf } from "./job.js";
import { type Machine, runStack } from "./runStack.js";
import type { Executor, Outcome } from "./runStudy.js";

/** Trains every stack here; it stops between two stacks when the signal says so. */
export function here(
  study: Study,
  options: {
    readonly folds: StudyFolds | undefined;
    readonly machine: Machine;
    readonly signal?: AbortSignal;
    /** Whether the networks' weights are wanted. */
    readonly weights?: boolean;
  },
): Executor {
  const { folds, machine, signal, weights } = options;
  const jobOf = jobsOf(study, weights);
  return async (stacks, done) => {
    for (const stack of stacks) {
      if (signal?.aborted) return;
      const outcome: Outcome = await runStack(jobOf(stack), folds, machine).then(
        (rows) => ({ rows }),
        (error: Error) => ({ error: error.message, tries: 1 }),
      );
      await done(stack, outcome);
      await new Promise((resolve) => setImmediate(resolve)); // a wish to stop is heard
    }
  };
}
