/** The work of a job: its networks trained at once, and a row of numbers for each. */
import { type Clock, fold, key, uniforms } from "../../core/index.js";
import type { StudyFolds } from "../networks/data.js";
import type { StackNetwork } from "../plan/stacks.js";
import type { NetworkRow, Score, Scores } from "../results/networkRow.js";
import type { Job } from "./job.js";

/** The machine a stack is trained on, as far as it may matter. */
export interface Machine {
  readonly clock: Clock;
  readonly host: string;
  /** Bytes that the process holds. */
  memory(): number;
  /** Threads that share a stack; as many as pay by default. */
  readonly threads?: number | undefined;
}

/** What is measured of a network. */
type Measured = Pick<NetworkRow, "bestEpoch" | "scores" | "weights">;

/**
 * A row for each network of the job, in its order; all but seconds, memory and host are the same on every machine.
 * @param folds  of the job's data; of the model "none" they are not looked at
 * @throws Error when a loss is not finite; RangeError when settings and data do not go together.
 */
export async function runStack(
  job: Job,
  folds: StudyFolds | undefined,
  machine: Machine,
): Promise<NetworkRow[]> {
  const { stack } = job;
  const started = machine.clock.elapsed();
  const measured = job.model === "none" ? await idle(job, machine) : await trained(job, folds, machine);
  const seconds = (machine.clock.elapsed() - started) / 1000 / stack.networks.length;
  const megabytes = machine.memory() / 1e6;
  return stack.networks.map(({ network, trial, seed, beta }, n) => ({
    ...{ network, trial, fold: stack.fold, seed, rung: stack.rung, epochs: stack.epochs },
    settings: { ...stack.settings, beta },
    ...measured[n]!,
    ...{ seconds, megabytes, host: machine.host },
  }));
}

/** Loads what trains when it is first needed: a worker that only measures a queue starts without it. */
async function trained(job: Job, folds: StudyFolds | undefined, { threads }: Machine): Promise<Measured[]> {
  if (!folds) throw new RangeError(`data: expected those of ${job.data.sha256}, got none`);
  const { trainStack } = await import("../networks/trainStack.js");
  return trainStack(job, (await folds.open?.(job.stack.fold)) ?? folds, threads);
}

/** Milliseconds after which a network that trains nothing lets others work. */
const BREATH = 20;

/** Numbers by the networks' keys, after the time that they ask for. */
async function idle({ seed, stack, weights }: Job, { clock }: Machine): Promise<Measured[]> {
  const { settings, networks } = stack;
  if (settings.fails === true) throw new Error("fails: expected a network that can be trained, got none");
  const until = clock.elapsed() + Number(settings.milliseconds) * networks.length;
  while (clock.elapsed() < until) {
    const breath = Math.min(until, clock.elapsed() + BREATH);
    while (clock.elapsed() < breath); // works, as a training would
    await new Promise((resolve) => setImmediate(resolve));
  }
  const root = fold(key(seed), "fold", stack.fold);
  return networks.map((network) => ({
    ...{ bestEpoch: stack.epochs, scores: drawnScores(root, network) },
    ...(weights ? { weights: "" } : {}), // it has none
  }));
}

function drawnScores(root: Parameters<typeof fold>[0], { beta, seed }: StackNetwork): Scores {
  const own = fold(root, JSON.stringify(beta), seed);
  const [validation, test] = uniforms(own, 2) as unknown as [number, number];
  const score = (value: number): Score => ({ value, lower: value - 0.1, upper: value + 0.1 });
  return { validation_nll: score(validation + beta), test_nll: score(test + beta) };
}
