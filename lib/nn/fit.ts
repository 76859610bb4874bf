/** What a training leaves behind, in memory and in a file. */
import { readFile } from "node:fs/promises";
import { writeWhole } from "../core/files.js";
import { layoutsOf, type Model, type Weights } from "./model.js";

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

const MAGIC = "vitrade weights 1\n";

/** A header of JSON and named float32 arrays, in one file that is whole or not there. */
export async function writeArrays(
  path: string,
  header: object,
  arrays: Readonly<Record<string, Float32Array>>,
): Promise<void> {
  const sizes = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.length]));
  const text = Buffer.from(`${MAGIC}${JSON.stringify({ ...header, arrays: sizes })}\n`);
  const parts = Object.values(arrays).map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength));
  await writeWhole(path, Buffer.concat([text, ...parts]));
}

/** @throws Error naming the file when it is of another kind, cut short or too long. */
export async function readArrays(
  path: string,
): Promise<{ header: Record<string, unknown>; arrays: Record<string, Float32Array> }> {
  const bytes = await readFile(path);
  const end = bytes.indexOf(10, MAGIC.length);
  if (bytes.subarray(0, MAGIC.length).toString() !== MAGIC || end < 0)
    throw new Error(`${path}: expected a file of weights, got another kind`);
  const header = JSON.parse(bytes.subarray(MAGIC.length, end).toString()) as Record<string, unknown>;
  const sizes = Object.entries(header.arrays as Record<string, number>);
  const wanted = sizes.reduce((sum, [, size]) => sum + 4 * size, end + 1);
  if (bytes.length !== wanted)
    throw new Error(`${path}: expected ${wanted} bytes, got ${bytes.length}; the file is damaged`);
  let at = end + 1;
  const arrays: Record<string, Float32Array> = {};
  for (const [name, size] of sizes) {
    arrays[name] = new Float32Array(new Uint8Array(bytes.subarray(at, at + 4 * size)).buffer);
    at += 4 * size;
  }
  return { header, arrays };
}

/** The names and shapes a model trains: a file of other ones is refused. */
export function signatureOf(model: Pick<Model, "parameters" | "buffers">): string {
  return [...model.parameters, ...model.buffers].map((s) => `${s.name}[${s.shape.join(",")}]`).join(" ");
}

/** Saves a fit; `loadFit` gives it back bit for bit. */
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

/** @throws Error when the file is damaged or of another model. */
export async function loadFit(path: string, model: Pick<Model, "parameters" | "buffers">): Promise<Fit> {
  const { header, arrays } = await readArrays(path);
  if (header.signature !== signatureOf(model))
    throw new Error(
      `${path}: expected the weights of ${signatureOf(model)}, got those of ${header.signature}`,
    );
  const { history, bestEpoch, bestElbo, ended, replicas } = header as unknown as Fit & { replicas: number };
  const weights = { replicas, parameters: arrays.parameters!, buffers: arrays.buffers! };
  const { parameters } = layoutsOf(model);
  if (weights.parameters.length !== replicas * parameters.total)
    throw new Error(
      `${path}: expected ${replicas * parameters.total} parameters, got ${weights.parameters.length}`,
    );
  return { weights, history, bestEpoch, bestElbo: bestElbo.map((v) => v ?? Number.NaN), ended };
}
