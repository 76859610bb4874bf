/** `vitrade train`: a market VAE or a Bayesian network on a dataset, with a checkpoint to go on from, saved whole or not at all. */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type BackendChoice, readWhole } from "../../../core/index.js";
import type { PreparedWindows } from "../../../features/windows/index.js";
import { acquireLock } from "../../../market/store/index.js";
import { type MarketConfig, trainingOf } from "../../../models/marketVae/index.js";
import { startBackend } from "../../../nn/index.js";
import { type EpochRecord, type Fit, train as trainModel } from "../../../nn/training/index.js";
import { Interrupted } from "../../exit.js";
import { writeResult } from "../../output.js";
import { spoken } from "../../progress.js";
import type { Shell } from "../../shell.js";
import { originOf } from "../own/ownFeatures.js";
import { readDataset, type StoredDataset } from "../sources/datasetFile.js";
import { dataOf, knownUntilOf, prepareWindows } from "../sources/windows.js";
import {
  type FamilyNetwork,
  type ForecastFamily,
  familySettings,
  networkOf,
  rowsOfFamily,
} from "./families.js";
import { type MarketModel, writeModel } from "./modelFile.js";
import { type Preset, withPreset } from "./presets.js";
import { readSettings, settingsFor } from "./settings.js";
import { expectedSeconds, stepsOf } from "./trial.js";

export interface TrainCommand {
  /** The dataset, the settings (defaults without), and the file of the model. */
  readonly data: string;
  readonly config?: string | undefined;
  /** "vae" unless given. */
  readonly family?: ForecastFamily | undefined;
  /** "source" unless given; settings of the file come before it. */
  readonly preset?: Preset | undefined;
  readonly out: string;
  /** Models that differ by their keys alone; their spread is the epistemic variance. */
  readonly replicas: number;
  /** In place of the settings' own. */
  readonly seed?: number | string | undefined;
  readonly backend: BackendChoice;
  /** Whether a checkpoint that is there is thrown away. */
  readonly fresh?: boolean | undefined;
  /** Whether the expected time is said before. */
  readonly isTimed?: boolean | undefined;
}

/** What a training would do. */
export interface TrainPlan {
  readonly out: string;
  readonly backend: string;
  readonly replicas: number;
  readonly parameters: number;
  readonly rows: { readonly train: number; readonly validation: number };
  readonly epochs: number;
  readonly steps: number;
  /** Null where the training is over as soon as it could be told. */
  readonly expectedSeconds: number | null;
}

export interface TrainReport {
  readonly out: string;
  readonly backend: string;
  readonly seed: number | string;
  readonly replicas: number;
  readonly parameters: number;
  readonly rows: { readonly train: number; readonly validation: number };
  /** Epochs from the start, and those that a checkpoint brought. */
  readonly epochs: number;
  readonly resumedFrom: number;
  readonly ended: Fit["ended"];
  /** The loss −ELBO of the first and the last epoch, nats a window, mean of the replicas. */
  readonly loss: { readonly first: number; readonly last: number };
  /** [R] the epoch of the weights, counted from 1, and its bound at β = 1 on the validation part, nats a window. */
  readonly bestEpoch: readonly number[];
  readonly bestElbo: readonly number[];
}

export async function train(options: TrainCommand, shell: Shell): Promise<TrainReport> {
  const job = await jobOf(options);
  await mkdir(dirname(options.out), { recursive: true });
  const { signal } = shell; // before the lock, which would outlive a process that is ended at once
  const lock = await acquireLock(`${options.out}.lock`);
  try {
    return await trainLocked(job, signal, shell);
  } finally {
    await lock.release();
  }
}

/** Reads and measures what `train` would do; writes nothing. */
export async function planTraining(options: TrainCommand, shell: Shell): Promise<TrainPlan> {
  const { prepared, config, network } = await jobOf(options);
  const { family } = network;
  const backend = await startBackend(options.backend);
  const { replicas, out } = options;
  const seconds = await expectedSeconds(prepared, config, { replicas, clock: shell.clock, family });
  return {
    ...{ out, backend, replicas, parameters: sizeOf(network.model.parameters) },
    rows: { train: prepared.split.train.length, validation: prepared.split.validation.length },
    ...{ epochs: config.training.epochs, steps: stepsOf(prepared, config) },
    expectedSeconds: seconds ?? null,
  };
}

async function jobOf(options: TrainCommand): Promise<Job> {
  const { family = "vae", preset = "source" } = options;
  const raw = withPreset(preset, await readSettings(options.config));
  const dataset = await readDataset(options.data);
  const prepared = prepareWindows(dataset);
  const about = { settings: dataset.settings, columns: prepared.columns };
  const config = familySettings(family, settingsFor(raw, about, options));
  const network = networkOf(family, config, prepared.split.train.length);
  return { options, dataset, prepared, config, network };
}

/** Says how long it takes at most, before it begins; what a checkpoint holds is not done again. */
async function tellTime({ options, prepared, config, network }: Job, shell: Shell): Promise<void> {
  const { replicas } = options;
  const trial = { replicas, clock: shell.clock, family: network.family };
  const seconds = await expectedSeconds(prepared, config, trial);
  if (seconds === undefined) return;
  const { epochs, patience } = config.training;
  shell.say(
    `${spoken(seconds)} at most for ${epochs} epochs; it ends sooner where the bound has not risen for ${patience} of them`,
  );
}

interface Job {
  readonly options: TrainCommand;
  readonly dataset: StoredDataset;
  readonly prepared: PreparedWindows;
  readonly config: MarketConfig;
  readonly network: FamilyNetwork;
}

async function trainLocked(job: Job, signal: AbortSignal, shell: Shell): Promise<TrainReport> {
  const { options, prepared, config, network } = job;
  const checkpoint = await openCheckpoint(job);
  const backend = await startBackend(options.backend);
  const [data, validation] = [prepared.split.train, prepared.split.validation].map((rows) =>
    rowsOfFamily(network.family, dataOf(prepared, rows)),
  );
  if (options.isTimed) await tellTime(job, shell);
  const started = shell.clock.elapsed();
  const bar = shell.progress("training", "epochs");
  let resumedFrom: number | undefined;
  const fit = await trainModel(network.model, data!, {
    ...trainingOf(config, { rows: data!.rows, replicas: options.replicas }),
    validation: validation!,
    onEpoch: (record) => {
      resumedFrom ??= record.epoch;
      bar.update(record.epoch + 1, config.training.epochs, boundOf(record));
    },
    ...{ signal, checkpoint, checkpointEvery: 1 },
  });
  bar.end();
  if (fit.ended === "cancelled" && fit.history.length < config.training.epochs)
    throw new Interrupted(
      `stopped after epoch ${fit.history.length} of ${config.training.epochs}; the same command goes on from ${checkpoint}`,
    );
  await writeModel(options.out, modelOf(job, fit));
  await removeCheckpoint(checkpoint);
  const seconds = ((shell.clock.elapsed() - started) / 1000).toFixed(1);
  shell.say(
    `${fit.history.length - (resumedFrom ?? fit.history.length)} epochs in ${seconds} s on ${backend}`,
  );
  return { ...reportOf(job, fit), backend, resumedFrom: resumedFrom ?? fit.history.length };
}

/**
 * The path of the checkpoint, once it is sure that what is there is of the same data, settings and replicas.
 * @throws Error when it is of others.
 */
async function openCheckpoint({ options, dataset, config, network }: Job): Promise<string> {
  const path = `${options.out}.checkpoint`;
  const about = `${path}.json`;
  const own = JSON.stringify({
    ...{ dataset: dataset.sha256, replicas: options.replicas, config },
    ...(network.family === "vae" ? {} : { family: network.family }),
  });
  if (options.fresh) await removeCheckpoint(path);
  if (existsSync(path)) {
    const found = await readWhole(about).catch(() => "");
    if (found.toString().trim() !== own)
      throw new Error(
        `${path}: expected a checkpoint of this dataset, these settings and ${options.replicas} replicas, got one of others; --fresh throws it away`,
      );
  }
  await writeResult(about, `${own}\n`);
  return path;
}

async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.json`, { force: true });
}

function modelOf({ dataset, prepared, config, network }: Job, fit: Fit): MarketModel {
  const { columns, scaler, targetScaler } = prepared;
  return {
    ...network,
    ...{ config, columns, scaler, targetScaler, fit },
    ...{ dataset: dataset.sha256, trainRows: prepared.split.train.length },
    symbols: dataset.bars.map(({ symbol }) => symbol),
    stepMs: dataset.bars[0]!.stepMs,
    knownUntil: knownUntilOf(prepared),
    ...(dataset.own ? { features: originOf(dataset.own, dataset.bars) } : {}),
  };
}

function reportOf({ options, prepared, config }: Job, fit: Fit) {
  const lossOf = (record: EpochRecord) => -meanOf(record.elbo);
  return {
    ...{ out: options.out, seed: config.seed, replicas: options.replicas },
    parameters: fit.weights.parameters.length / options.replicas,
    rows: { train: prepared.split.train.length, validation: prepared.split.validation.length },
    ...{ epochs: fit.history.length, ended: fit.ended },
    loss: { first: lossOf(fit.history[0]!), last: lossOf(fit.history.at(-1)!) },
    bestEpoch: fit.bestEpoch.map((epoch) => epoch + 1),
    bestElbo: fit.bestElbo,
  };
}

function boundOf({ validation }: EpochRecord): string {
  return `bound ${meanOf(validation).toFixed(1)} nats`;
}

/** Numbers of a replica. */
function sizeOf(parameters: readonly { readonly shape: readonly number[] }[]): number {
  return parameters.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
