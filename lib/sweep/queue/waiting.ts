/** The stacks of a comparison that have no outcome yet. */
import type { Stack } from "../plan/stacks.js";
import type { Outcome } from "../run/runStudy.js";

/** Stacks that wait for their outcome. */
export interface Waiting {
  stacks(): readonly Stack[];
  /** Takes the outcome of the job of a stack; it does nothing for a stack that has one, or is of no interest. */
  tell(job: string, outcome: Outcome): Promise<void>;
  /** Resolves when all that was told is kept. */
  kept(): Promise<void>;
  /** Rejects when an outcome cannot be kept. */
  readonly failed: Promise<never>;
}

/** Outcomes that are written at the same time: a disk flushes several as fast as one. */
const AT_ONCE = 16;

/** @param keep  what is done with an outcome, once for each stack */
export async function waitingOf(
  stacks: readonly Stack[],
  keep: (stack: Stack, outcome: Outcome) => Promise<void>,
): Promise<Waiting> {
  const { default: pLimit } = await import("p-limit");
  const limit = pLimit(AT_ONCE);
  const left = new Map(stacks.map((stack) => [stack.id, stack]));
  const keeping = new Set<Promise<void>>();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined); // it may come when nobody waits
  return {
    failed,
    stacks: () => [...left.values()],
    async tell(job, outcome) {
      const id = job.slice(job.lastIndexOf(".") + 1);
      const stack = left.get(id);
      if (!stack) return;
      left.delete(id);
      const kept = limit(() => keep(stack, outcome)).catch(fail);
      keeping.add(kept);
      await kept;
      keeping.delete(kept);
    },
    async kept() {
      await Promise.all(keeping);
    },
  };
}
