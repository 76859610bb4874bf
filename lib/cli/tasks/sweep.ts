/** `vitrade sweep`: a study from its file to its table, here or by the workers of a queue. */
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type BackendChoice, queueCredentials, readWhole } from "../../core/index.js";
import { acquireLock } from "../../market/store/index.js";
import type { StudyFolds } from "../../sweep/networks/index.js";
import { type ModelSize, networkCount, trialCount } from "../../sweep/plan/index.js";
import type { QueuePlace } from "../../sweep/queue/index.js";
import { openResults, type Results, type SetAside } from "../../sweep/results/index.js";
import {
  checkBudget,
  type Executor,
  here,
  type Machine,
  runStudy,
  type StudyProgress,
  TABLE,
} from "../../sweep/run/index.js";
import { readStudy, type Settings, type Study, studyHash } from "../../sweep/study/index.js";
import { asUsage, Interrupted, UsageProblem } from "../exit.js";
import type { Shell } from "../shell.js";

export interface SweepCommand {
  /** The study's file, and the folder of the results. */
  readonly study: string;
  readonly out: string;
  /** Where the data lie: a file, a folder or a server; beside the study's file, as it says, unless given. */
  readonly data?: string | undefined;
  /** Where those of a server are kept. */
  readonly cache?: string | undefined;
  /** The address of a queue whose workers train the stacks; they are trained here unless given. */
  readonly queue?: string | undefined;
  readonly threads?: number | undefined;
  /** Whether each network's weights are written. */
  readonly weights?: boolean;
  readonly backend: BackendChoice;
}

/** What a study would do. */
export interface SweepPlan {
  readonly study: string;
  readonly name: string;
  readonly out: string;
  readonly settings: number;
  readonly folds: number;
  readonly seeds: number;
  readonly networks: number;
  /** Networks that the results have already, of the first comparison. */
  readonly done: number;
}

export interface SweepReport extends SweepPlan {
  /** Networks in the table, which has a row each. */
  readonly rows: number;
  readonly table: string;
  readonly seconds: number;
  /** Networks that could not be trained, and why. */
  readonly setAside: readonly SetAside[];
}

/** A study with what it needs. */
interface Opened {
  readonly study: Study;
  readonly folds: StudyFolds | undefined;
  readonly plan: Omit<SweepPlan, "done">;
}

/** What the study would do; writes nothing. */
export async function planSweep(options: SweepCommand): Promise<Omit<SweepPlan, "done">> {
  return (await opened(options)).plan;
}

/** What is left of a study that is done. */
export interface SweepDone {
  readonly report: SweepReport;
  readonly study: Study;
  readonly results: Results;
}

export async function sweep(options: SweepCommand, shell: Shell): Promise<SweepDone> {
  const { study, folds, plan } = await opened(options);
  const { signal } = shell; // before the lock, which would outlive a process that is ended at once
  await mkdir(options.out, { recursive: true });
  const lock = await acquireLock(join(options.out, "lock"));
  try {
    const results = await openResults(options.out, study, options);
    const started = shell.clock.elapsed();
    const execute = await executorOf(options, { study, folds }, shell, signal);
    const done = await runAll({ study, folds, results, execute }, shell, signal);
    if (!done)
      throw new Interrupted(
        `stopped; ${options.queue === undefined ? "" : "workers go on, and "}the same command goes on from what ${options.out} holds`,
      );
    const seconds = (shell.clock.elapsed() - started) / 1000;
    return { report: await reportOf(results, { ...plan, seconds }), study, results };
  } finally {
    await lock.release();
  }
}

/** Where stacks are trained: by the workers of a queue where one is given, else here. */
async function executorOf(
  options: SweepCommand,
  { study, folds }: Pick<Opened, "study" | "folds">,
  shell: Shell,
  signal: AbortSignal,
): Promise<Executor> {
  const { weights = false } = options;
  if (options.queue !== undefined) {
    const { byWorkers } = await import("../../sweep/queue/index.js");
    const place = await placeOf(options.queue);
    shell.say(`planning on ${place.address}; vitrade worker --queue ${place.address} trains`);
    return byWorkers(study, place, { signal, say: shell.say, weights });
  }
  if (study.model !== "none") await (await import("../../nn/index.js")).startBackend(options.backend);
  return here(study, { folds, machine: machineOf(options, shell), signal, weights });
}

/** A queue that answers. @throws UsageProblem when the address is none; Error when nothing answers. */
export async function placeOf(address: string): Promise<QueuePlace> {
  const { checkAnswers, queuePlace } = await import("../../sweep/queue/index.js");
  const place = asUsage(() => queuePlace(address, queueCredentials()));
  await checkAnswers(place);
  return place;
}

/** This process as rows name it. */
export function machineOf({ threads }: Pick<SweepCommand, "threads">, { clock }: Shell): Machine {
  return { clock, host: hostname(), memory: () => process.memoryUsage.rss(), threads };
}

interface Work extends Pick<Opened, "study" | "folds"> {
  readonly results: Results;
  readonly execute: Executor;
}

async function runAll(work: Work, shell: Shell, signal: AbortSignal): Promise<boolean> {
  const { study, folds, results, execute } = work;
  const size = await sizes(study, folds);
  let bar = shell.progress("training", "networks");
  let rung = 0;
  const onProgress = (now: StudyProgress) => {
    if (now.rung !== rung) bar.end();
    if (now.rung !== rung) bar = shell.progress("training", "networks");
    rung = now.rung;
    bar.update(now.done, now.total, now.rungs > 1 ? `comparison ${rung + 1} of ${now.rungs}` : "");
  };
  try {
    return await runStudy({ study, results, execute, sizeOf: size, signal, onProgress });
  } finally {
    bar.end();
  }
}

/** The size of the networks of settings, made once for equal settings. */
async function sizes(
  study: Study,
  folds: StudyFolds | undefined,
): Promise<(settings: Settings) => ModelSize> {
  if (!folds) return () => ({ parameters: 0, activations: 0, rows: 1 });
  const { sizeOf } = await import("../../sweep/networks/index.js");
  const first = (await folds.open?.(0)) ?? folds;
  const known = new Map<string, ModelSize>();
  return (settings) => {
    const name = JSON.stringify(settings);
    const size = known.get(name) ?? sizeOf(study.model, settings, first.at(0));
    known.set(name, size);
    return size;
  };
}

async function reportOf(results: Results, plan: Omit<SweepPlan, "done"> & { readonly seconds: number }) {
  const networks = new Set<number>();
  for await (const part of results.rows()) for (const { network } of part) networks.add(network);
  const rows = networks.size;
  const table = join(results.folder, TABLE);
  return { ...plan, done: rows, rows, table, setAside: results.aside };
}

async function opened(options: SweepCommand): Promise<Opened> {
  const { study: path, out } = options;
  const study = await studyIn(path);
  asUsage(() => checkBudget(study));
  const folds = study.model === "none" ? undefined : await foldsIn(path, study, options);
  const { name, seeds } = study;
  const networks = networkCount(study, trialCount(study));
  return {
    ...{ study, folds },
    plan: {
      study: studyHash(study),
      name,
      out,
      settings: trialCount(study),
      folds: study.data.folds,
      seeds,
      networks,
    },
  };
}

/** @throws UsageProblem naming the file and the path of what cannot be. */
async function studyIn(path: string): Promise<Study> {
  const text = (await readWhole(path)).toString();
  try {
    return asUsage(() => readStudy(text));
  } catch (error) {
    if (!(error instanceof UsageProblem)) throw error;
    throw new UsageProblem(`${path}: ${error.message.replace(/^study: /, "")}`, { cause: error });
  }
}

async function foldsIn(path: string, { data: of }: Study, options: SweepCommand): Promise<StudyFolds> {
  if (options.data === undefined && of.file === undefined)
    throw new UsageProblem(`${path}: data.file: expected the dataset's file, or --data, got neither`);
  const { findFolds, readSource } = await import("./sources/studySource.js");
  const { foldsOf } = await import("../../sweep/networks/index.js");
  if (options.data !== undefined) return findFolds(of, options.data, options.cache);
  const place = resolve(dirname(path), of.file!);
  if (place.endsWith(".parquet")) return findFolds(of, place);
  const source = await readSource(place);
  if (source.sha256 === of.sha256) return foldsOf(source, of);
  throw new UsageProblem(
    `${path}: data.sha256: expected that of ${place}, ${source.sha256}, got ${of.sha256}`,
  );
}
