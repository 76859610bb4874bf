/** `vitrade worker`: stacks taken from a queue and trained. */
import type { BackendChoice } from "../../core/index.js";
import type { StudyFolds } from "../../sweep/networks/index.js";
import { type Served, serve } from "../../sweep/queue/index.js";
import type { Shell } from "../shell.js";
import { findFolds } from "./sources/studySource.js";
import { machineOf, placeOf } from "./sweep.js";

export interface WorkerCommand {
  readonly queue: string;
  /** Where datasets lie: a file, a folder or a server of them, and where those of a server are kept. */
  readonly data?: string | undefined;
  readonly cache?: string | undefined;
  readonly threads?: number | undefined;
  readonly lease: number;
  readonly untilEmpty?: boolean;
  readonly backend: BackendChoice;
}

export async function work(options: WorkerCommand, shell: Shell): Promise<Served> {
  const { signal } = shell;
  const place = await placeOf(options.queue);
  const { data, lease, untilEmpty = false } = options;
  shell.say(`working for ${place.address}`);
  const kept = new Map<string, StudyFolds>();
  const started = shell.clock.elapsed();
  let networks = 0;
  const served = await serve({
    ...{ place, lease, untilEmpty, signal, machine: machineOf(options, shell) },
    async foldsOf(of) {
      const name = JSON.stringify(of);
      const known = kept.get(name);
      if (known) return known;
      await (await import("../../nn/index.js")).startBackend(options.backend);
      kept.clear(); // one data set in memory at a time
      const folds = await findFolds(of, data, options.cache);
      kept.set(name, folds);
      return folds;
    },
    say: shell.say,
    onStack(count) {
      networks += count;
      const rate = (1000 * networks) / (shell.clock.elapsed() - started);
      shell.say(`${networks} networks · ${rate.toPrecision(3)}/s`);
    },
  });
  return served;
}
