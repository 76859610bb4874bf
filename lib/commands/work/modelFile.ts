/** A trained market model in one file: weights, settings, scalings, and what it has seen. `loadFit` reads its weights too. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { TargetScaler } from "../../features/marketTargets.js";
import type { WindowScaler } from "../../features/windowScaler.js";
import { type MarketConfig, marketConfig, marketVaeOf } from "../../models/marketConfig.js";
import type { MarketVae } from "../../models/marketVae.js";
import { type Fit, loadFit, readArrays, signatureOf, writeArrays } from "../../nn/fit.js";

export interface MarketModel {
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
  readonly model: MarketVae;
  readonly fit: Fit;
}

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

/** @throws Error naming the file when it is damaged or of another kind. */
export async function readModel(path: string): Promise<MarketModel> {
  const { header } = await readArrays(path);
  if (header.kind !== KIND)
    throw new Error(`${path}: expected a model of vitrade train, got weights of another kind`);
  const head = header as unknown as Omit<MarketModel, "scaler"> & { scaler: Record<"x" | "y", Lists> };
  const config = marketConfig(head.config);
  const model = marketVaeOf(config);
  return {
    ...{ config, model, fit: await loadFit(path, model) },
    ...{ columns: head.columns, symbols: head.symbols, stepMs: head.stepMs },
    scaler: { x: arraysOf(head.scaler.x), y: arraysOf(head.scaler.y) },
    targetScaler: head.targetScaler,
    ...{ knownUntil: head.knownUntil, dataset: head.dataset },
  };
}

type Lists = { readonly mean: readonly number[]; readonly standardDeviation: readonly number[] };

function listsOf({ mean, standardDeviation }: WindowScaler["x"]): Lists {
  return { mean: Array.from(mean), standardDeviation: Array.from(standardDeviation) };
}

function arraysOf({ mean, standardDeviation }: Lists): WindowScaler["x"] {
  return { mean: Float64Array.from(mean), standardDeviation: Float64Array.from(standardDeviation) };
}
