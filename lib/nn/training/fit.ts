/** The result of a training, in memory and in a file. */
import { z } from "zod";
import { checkFinite, readSealed, type SealedKind, shaped, writeSealed } from "../../core/index.js";
import { layoutsOf, type Model, type Weights } from "../layers/model.js";

/** One epoch of all replicas: [R] each, nats a row. */
export interface EpochRecord {
  readonly epoch: number;
  /** Steps made at its end. */
  readonly step: number;
  /** Of its last step. */
  readonly beta: readonly number[];
  /** Means over the epoch's batches. */
  readonly nll: readonly number[];
  readonly kl: readonly number[];
  /** −nll − kl: the bound itself, whatever β is. */
  readonly elbo: readonly number[];
  /** On the validation part with the weights at the epoch's end; empty without one. */
  readonly validation: readonly number[];
}

/** Trained replicas. */
export interface Fit {
  /** Those of each replica's best epoch, or of the last without a validation part. */
  readonly weights: Weights;
  readonly history: readonly EpochRecord[];
  /** [R] the epoch of the weights, and its validation ELBO in nats a row (NaN without one). */
  readonly bestEpoch: readonly number[];
  readonly bestElbo: readonly number[];
  /** Why it ended. */
  readonly ended: "epochs" | "patience" | "cancelled";
}

const KIND: SealedKind = { magic: "vitrade weights 2", name: "a file of weights" };

/** Content of a file of weights: a header of JSON, and named float32 arrays. */
export interface StoredArrays {
  readonly header: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/**
 * Writes header and arrays in one sealed file that is whole or not there.
 * @throws RangeError naming the file, array and place of a number that is not finite.
 */
export async function writeArrays(
  path: string,
  header: object,
  arrays: StoredArrays["arrays"],
): Promise<void> {
  for (const [name, array] of Object.entries(arrays)) checkFinite(`${path}: ${name}`, array);
  const sizes = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.length]));
  await writeSealed(path, KIND, { ...header, arrays: sizes }, Object.values(arrays));
}

const sizesSchema = z.looseObject({ arrays: z.record(z.string(), z.int().nonnegative()) });

/**
 * Header and arrays of a file that `writeArrays` wrote.
 * @throws Error naming the file when it is of another kind, damaged, or holds a number that is not finite.
 */
export async function readArrays(path: string): Promise<StoredArrays> {
  const { head, body } = await readSealed(path, KIND);
  const header = shaped(sizesSchema, head, path);
  const sizes = Object.entries(header.arrays);
  const wanted = sizes.reduce((sum, [, size]) => sum + 4 * size, 0);
  if (body.length !== wanted)
    throw new Error(`${path}: expected arrays of ${wanted} bytes, got ${body.length}; the file is damaged`);
  let at = 0;
  const arrays: Record<string, Float32Array> = {};
  for (const [name, size] of sizes) {
    const array = new Float32Array(new Uint8Array(body.subarray(at, at + 4 * size)).buffer);
    checkFinite(`${path}: ${name}`, array);
    arrays[name] = array;
    at += 4 * size;
  }
  return { header, arrays };
}

/** The names and shapes a model trains: a file of other ones is refused. */
export function signatureOf(model: Pick<Model, "parameters" | "buffers">): string {
  return [...model.parameters, ...model.buffers].map((s) => `${s.name}[${s.shape.join(",")}]`).join(" ");
}

/** Saves a fit; `loadFit` gives it back bit for bit. @throws RangeError naming the place of a number that is not finite. */
export async function saveFit(
  path: string,
  model: Pick<Model, "parameters" | "buffers">,
  fit: Fit,
): Promise<void> {
  const { weights, ...rest } = fit;
  await writeArrays(
    path,
    { signature: signatureOf(model), replicas: weights.replicas, ...rest },
    { parameters: weights.parameters, buffers: weights.buffers },
  );
}

/** The fit that `saveFit` wrote. @throws Error when the file is damaged or of another model. */
export async function loadFit(path: string, model: Pick<Model, "parameters" | "buffers">): Promise<Fit> {
  return fitOf(path, model, await readArrays(path));
}

const list = z.array(z.number().nullable());
const epoch = z.object({
  ...{ epoch: z.int().nonnegative(), step: z.int().nonnegative() },
  ...{ beta: list, nll: list, kl: list, elbo: list, validation: list },
});

/** Of a header: how a training went. */
export const progressSchema = z.object({
  history: z.array(epoch),
  bestEpoch: z.array(z.int().min(-1)).min(1),
  bestElbo: list,
});

const fitSchema = progressSchema.extend({
  ...{
    signature: z.string(),
    replicas: z.int().positive(),
    ended: z.enum(["epochs", "patience", "cancelled"]),
  },
});

/**
 * The fit of what a file holds.
 * @throws Error naming the file when it is of another model, or its header does not agree with its arrays.
 */
export function fitOf(
  path: string,
  model: Pick<Model, "parameters" | "buffers">,
  { header, arrays }: StoredArrays,
): Fit {
  const { signature, replicas, history, bestEpoch, bestElbo, ended } = shaped(fitSchema, header, path);
  if (signature !== signatureOf(model))
    throw new Error(`${path}: expected the weights of ${signatureOf(model)}, got those of ${signature}`);
  const layouts = layoutsOf(model);
  const take = (name: "parameters" | "buffers") =>
    arrayOf(path, arrays, name, replicas * layouts[name].total);
  const weights = { replicas, parameters: take("parameters"), buffers: take("buffers") };
  checkReplicas(path, replicas, { bestEpoch, bestElbo });
  const elbo = bestElbo.map((value) => value ?? Number.NaN);
  return { weights, history: history as EpochRecord[], bestEpoch, bestElbo: elbo, ended };
}

/** The array of a name, which must have so many entries. */
export function arrayOf(
  path: string,
  arrays: StoredArrays["arrays"],
  name: string,
  length: number,
): Float32Array {
  const array = arrays[name];
  if (array?.length === length) return array;
  throw new Error(`${path}: expected ${length} numbers of ${name}, got ${array?.length ?? "none"}`);
}

/** @throws Error when a list of one entry a replica has more or fewer. */
export function checkReplicas(
  path: string,
  replicas: number,
  lists: Readonly<Record<string, readonly unknown[]>>,
): void {
  for (const [name, { length }] of Object.entries(lists))
    if (length !== replicas)
      throw new Error(`${path}: ${name}: expected one entry for each of ${replicas} replicas, got ${length}`);
}
