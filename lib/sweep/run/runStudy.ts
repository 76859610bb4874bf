/** A study from its first stack to its table, wherever its stacks are trained. */
import { join } from "node:path";
import { mean, writeWhole } from "../../core/index.js";
import { type ModelSize, networkCount, rungsOf, type Stack, singles, stacksOf } from "../plan/stacks.js";
import { type Compared, survivors } from "../plan/stopping.js";
import { trialCount, trialsOf } from "../plan/trials.js";
import type { NetworkRow } from "../results/networkRow.js";
import type { Results } from "../results/resultFolder.js";
import { encodeTable, finalRows } from "../results/resultTable.js";
import { isLowerBetter } from "../study/scores.js";
import type { Settings } from "../study/settings.js";
import type { Study, Trial } from "../study/studyFile.js";

/** Outcome of a stack: its rows, or the error with which it was set aside. */
export type Outcome =
  | { readonly rows: readonly NetworkRow[] }
  | { readonly error: string; readonly tries: number };

/** Trains stacks: here one after the other, or by workers. It calls `done` for each, and resolves when all are, or it was stopped. */
export type Executor = (
  stacks: readonly Stack[],
  done: (stack: Stack, outcome: Outcome) => Promise<void>,
  round: string,
) => Promise<void>;

/** Progress of a comparison. */
export interface StudyProgress {
  readonly rung: number;
  readonly rungs: number;
  /** Networks. */
  readonly done: number;
  readonly total: number;
}

/** Settings of `runStudy`: the study, its results and who trains a stack. */
export interface RunOptions {
  readonly study: Study;
  readonly results: Results;
  readonly execute: Executor;
  sizeOf(settings: Settings): ModelSize;
  readonly signal?: AbortSignal;
  onProgress?(progress: StudyProgress): void;
}

/** The name of the table in the results' folder. */
export const TABLE = "networks.parquet";

/**
 * Trains what the results lack, comparison by comparison, then writes the table.
 *
 * A stack that fails is tried network by network, and what still fails is set aside.
 * @returns whether all is done: not where it was stopped, and then there is no table yet
 * @throws RangeError when the study has more networks than its budget allows.
 */
export async function runStudy(options: RunOptions): Promise<boolean> {
  const { study, results, signal } = options;
  checkBudget(study);
  let trials = trialsOf(study);
  const rungs = rungsOf(study, Number(trials[0]!.settings.epochs)).length;
  for (let rung = 0; rung < rungs; rung++) {
    await runRung(options, { trials, rung, rungs });
    if (signal?.aborted) return false;
    if (study.stopping && rung < rungs - 1) {
      const kept = new Set(survivors(compare(study, results, trials, rung), study.stopping));
      trials = trials.filter(({ trial }) => kept.has(trial));
    }
  }
  await writeWhole(join(results.folder, TABLE), await encodeTable(study, await finalRows(results)));
  return true;
}

/** Refuses a study beyond its budget. @throws RangeError when the study has more networks than its budget allows. */
export function checkBudget(study: Study): void {
  const networks = networkCount(study, trialCount(study));
  if (networks > study.budget.networks)
    throw new RangeError(
      `study: budget.networks: expected at most ${study.budget.networks} networks, got ${networks}: ${trialCount(study)} settings, ${study.data.folds} folds, ${study.seeds} seeds`,
    );
}

interface Rung {
  readonly trials: readonly Trial[];
  readonly rung: number;
  readonly rungs: number;
}

async function runRung(options: RunOptions, { trials, rung, rungs }: Rung): Promise<void> {
  const { study, results, execute, sizeOf, signal } = options;
  const total = networkCount(study, trials.length);
  const isDone = (network: number) => results.has(rung, network);
  const missing = stacksOf(study, { trials, rung }, sizeOf, isDone);
  let done = total - missing.reduce((sum, { networks }) => sum + networks.length, 0);
  const tell = (more: number) => {
    done += more;
    options.onProgress?.({ rung, rungs, done, total });
  };
  const failed: Stack[] = [];
  tell(0);
  await execute(
    missing,
    async (stack, outcome) => {
      if ("rows" in outcome) {
        await results.put(stack.id, outcome.rows);
        tell(stack.networks.length);
      } else if (stack.networks.length > 1) failed.push(stack);
      else await results.setAside(stack, outcome);
    },
    `r${rung}`,
  );
  if (signal?.aborted || failed.length === 0) return;
  await execute(
    failed.flatMap(singles),
    async (stack, outcome) => {
      if ("rows" in outcome) await results.put(stack.id, outcome.rows);
      else await results.setAside(stack, outcome);
      tell(1);
    },
    `r${rung}-singles`,
  );
}

/** The loss of each trial at a comparison: its score averaged over folds and seeds, NaN where a network has none. */
export function compare(
  { data, seeds, select }: Study,
  results: Pick<Results, "selected">,
  trials: readonly Trial[],
  rung: number,
): Compared[] {
  const each = data.folds * seeds;
  const sign = isLowerBetter(select) ? 1 : -1;
  return trials.map(({ trial }) => {
    const own = Array.from({ length: each }, (_, n) => results.selected(rung, trial * each + n));
    return { trial, loss: own.includes(undefined) ? Number.NaN : sign * mean(own as number[]) };
  });
}
