/** The file from which an interrupted training goes on as if nothing had happened. */
import { existsSync } from "node:fs";
import { z } from "zod";
import type { Key } from "../../core/index.js";
import { shaped } from "../../core/index.js";
import { layoutsOf, type Model } from "../layers/model.js";
import {
  arrayOf,
  checkReplicas,
  type EpochRecord,
  progressSchema,
  readArrays,
  signatureOf,
  writeArrays,
} from "./fit.js";

/** Where a training stands. */
export interface SavedProgress {
  readonly parameters: Float32Array;
  readonly buffers: Float32Array;
  /** Averages of Adam, and its steps. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly count: number;
  readonly bestParameters: Float32Array;
  readonly bestBuffers: Float32Array;
  /** [R] −1 before the first epoch. */
  readonly bestEpoch: number[];
  readonly bestElbo: number[];
  readonly history: EpochRecord[];
}

export async function writeProgress(
  path: string,
  model: Model,
  keys: readonly Key[],
  progress: SavedProgress,
): Promise<void> {
  const { count, bestEpoch, bestElbo, history, ...arrays } = progress;
  await writeArrays(
    path,
    { signature: signatureOf(model), keys, count, bestEpoch, bestElbo, history },
    arrays,
  );
}

/**
 * What the file holds, or nothing when there is none.
 * @throws Error when it is damaged, or of another model or other keys.
 */
export async function readProgress(
  path: string,
  model: Model,
  keys: readonly Key[],
): Promise<SavedProgress | undefined> {
  if (!existsSync(path)) return undefined;
  const { header, arrays } = await readArrays(path);
  const { signature, keys: own, count, ...done } = shaped(schema, header, path);
  if (signature !== signatureOf(model))
    throw new Error(`${path}: expected a training of ${signatureOf(model)}, got one of ${signature}`);
  if (JSON.stringify(own) !== JSON.stringify(keys))
    throw new Error(
      `${path}: expected a training of the same keys, got one of others; remove it to start anew`,
    );
  const { history, bestEpoch, bestElbo } = done;
  checkReplicas(path, keys.length, { bestEpoch, bestElbo });
  const { parameters, buffers } = layoutsOf(model);
  const take = (name: string, each: number) => arrayOf(path, arrays, name, keys.length * each);
  return {
    ...{ parameters: take("parameters", parameters.total), buffers: take("buffers", buffers.total) },
    ...{ first: take("first", parameters.total), second: take("second", parameters.total), count },
    bestParameters: take("bestParameters", parameters.total),
    bestBuffers: take("bestBuffers", buffers.total),
    history: history as EpochRecord[],
    ...{ bestEpoch, bestElbo: bestElbo.map((value) => value ?? Number.NEGATIVE_INFINITY) },
  };
}

const schema = progressSchema.extend({
  ...{ signature: z.string(), keys: z.unknown(), count: z.number().nonnegative() },
});
