/** A trained market model in one file: weights, settings, scalings, and what it has seen. `loadFit` reads its weights too. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { BOOK_DEPTH, shaped, TAPE_AND_QUOTES } from "../../../core/index.js";
import { marketInputStream, type TargetScaler, type WindowScaler } from "../../../features/windows/index.js";
import { EARLIEST } from "../../../market/files/index.js";
import { type MarketConfig, marketConfig } from "../../../models/marketVae/index.js";
import { type Fit, fitOf, readArrays, signatureOf, writeArrays } from "../../../nn/training/index.js";
import type { FeatureOrigin } from "../own/ownFeatures.js";
import type { StoredDataset } from "../sources/datasetFile.js";
import { knownUntilOf, prepareWindows } from "../sources/windows.js";
import { type FamilyNetwork, FORECAST_FAMILIES, networkOf } from "./families.js";

interface ModelParts {
  readonly config: MarketConfig;
  /** [F] what it reads of each bar. */
  readonly columns: readonly string[];
  readonly symbols: readonly string[];
  readonly stepMs: number;
  readonly scaler: WindowScaler;
  readonly targetScaler: TargetScaler;
  /** UTC milliseconds: the last time at which a target of its training or validation became known. */
  readonly knownUntil: number;
  /** SHA-256 of the dataset. */
  readonly dataset: string;
  /** N windows of the training part. */
  readonly trainRows: number;
  readonly fit: Fit;
  /** Who made the columns, where they are not the library's. */
  readonly features?: FeatureOrigin;
}

/** A network of a family with what it needs to predict. */
export type MarketModel = ModelParts & FamilyNetwork;

const KIND = "vitrade market model 1";

export async function writeModel(path: string, own: MarketModel): Promise<void> {
  const { model, fit, scaler, ...rest } = own;
  const { weights, ...history } = fit;
  const lists = { x: listsOf(scaler.x), y: listsOf(scaler.y) };
  const head = { kind: KIND, signature: signatureOf(model), replicas: weights.replicas, ...history };
  await mkdir(dirname(path), { recursive: true });
  await writeArrays(
    path,
    { ...head, ...rest, scaler: lists },
    { parameters: weights.parameters, buffers: weights.buffers },
  );
}

const scaler = z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number().positive()) });
const pair = <T extends z.ZodType>(entry: T) => z.tuple([entry, entry]);
const names = z.array(z.string().min(1)).min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256");
const headSchema = z.object({
  ...{
    columns: names,
    symbols: names,
    stepMs: z.int().positive(),
    config: z.record(z.string(), z.unknown()),
  },
  scaler: z.object({ x: scaler, y: scaler }),
  targetScaler: z.object({ mean: pair(z.number()), deviation: pair(z.number().positive()) }),
  knownUntil: z.int().min(EARLIEST),
  dataset: sha256,
  family: z.enum(FORECAST_FAMILIES).default("vae"), // of earlier versions, which had no other
  trainRows: z.int().positive().default(1),
  features: z
    .object({
      ...{ file: z.string().min(1), sha256, beyond: z.string().min(1).optional() },
      flow: z.array(z.array(z.enum([...TAPE_AND_QUOTES, ...BOOK_DEPTH]))),
      holes: z.boolean(),
    })
    .optional(),
});

/** @throws Error naming the file and key when it is damaged, of another kind, or contradicts itself. */
export async function readModel(path: string): Promise<MarketModel> {
  const stored = await readArrays(path);
  if (stored.header.kind !== KIND)
    throw new Error(`${path}: expected a model of vitrade train, got weights of another kind`);
  const head = shaped(headSchema, stored.header, path);
  const config = configOf(path, head.config);
  const { columns, symbols, stepMs, knownUntil, dataset, trainRows, features } = head;
  for (const [name, { length }, expected] of [
    ["columns", columns, config.model.inputDim],
    ["scaler.x.mean", head.scaler.x.mean, columns.length],
    ["scaler.x.standardDeviation", head.scaler.x.standardDeviation, columns.length],
    ["scaler.y.mean", head.scaler.y.mean, 1],
    ["scaler.y.standardDeviation", head.scaler.y.standardDeviation, 1],
    ["features.flow", features?.flow ?? symbols, symbols.length],
  ] as const)
    if (length !== expected) throw new Error(`${path}: ${name}: expected ${expected} entries, got ${length}`);
  const network = networkOf(head.family, config, trainRows);
  return {
    ...network,
    ...{ config, fit: fitOf(path, network.model, stored), columns, symbols, stepMs, knownUntil, dataset },
    trainRows,
    scaler: { x: arraysOf(head.scaler.x), y: arraysOf(head.scaler.y) },
    targetScaler: head.targetScaler,
    ...(features ? { features } : {}),
  };
}

/** Whether a model reads the order flow of each bar: that of own features does where their module was given some. */
export function readsFlow({
  columns,
  stepMs,
  features,
}: Pick<MarketModel, "columns" | "stepMs" | "features">): boolean {
  if (features) return features.flow.some((names) => names.length > 0);
  return columns.join() === marketInputStream(stepMs, { flow: true }).names.join();
}

function configOf(path: string, config: object): MarketConfig {
  try {
    return marketConfig(config);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Throws an Error naming file and key when the model says of its own dataset what is not so: then times of its training would
 * pass as unseen. Of another dataset nothing can be told.
 */
export function checkSeen(path: string, own: MarketModel, dataset: StoredDataset): void {
  if (dataset.sha256 !== own.dataset) return;
  const { sequenceLength, predictionHorizon } = dataset.settings;
  const expected = {
    symbols: dataset.bars.map(({ symbol }) => symbol).join(", "),
    stepMs: dataset.bars[0]!.stepMs,
    "config.data.sequenceLength": sequenceLength,
    "config.data.predictionHorizon": predictionHorizon,
    knownUntil: knownUntilOf(prepareWindows(dataset)),
  };
  const got: typeof expected = {
    ...{ symbols: own.symbols.join(", "), stepMs: own.stepMs, knownUntil: own.knownUntil },
    "config.data.sequenceLength": own.config.data.sequenceLength,
    "config.data.predictionHorizon": own.config.data.predictionHorizon,
  };
  for (const name of Object.keys(expected) as (keyof typeof expected)[])
    if (got[name] !== expected[name])
      throw new Error(`${path}: ${name}: expected ${expected[name]} as in its dataset, got ${got[name]}`);
}

type Lists = { readonly mean: readonly number[]; readonly standardDeviation: readonly number[] };

function listsOf({ mean, standardDeviation }: WindowScaler["x"]): Lists {
  return { mean: Array.from(mean), standardDeviation: Array.from(standardDeviation) };
}

function arraysOf({ mean, standardDeviation }: Lists): WindowScaler["x"] {
  return { mean: Float64Array.from(mean), standardDeviation: Float64Array.from(standardDeviation) };
}
