/** Weights of a study's networks: a sealed file a network, written once. */
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readSealed, type SealedKind, shaped, writeSealed } from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import type { Settings } from "../study/settings.js";
import type { NetworkRow } from "./networkRow.js";

const KIND: SealedKind = { magic: "vitrade weights 1", name: "weights of vitrade sweep" };
const FOLDER = "weights";

/** The name of the file of a network at a comparison, such as r0-n0000012.weights. */
export function weightsName(rung: number, network: number): string {
  return `r${rung}-n${String(network).padStart(7, "0")}.weights`;
}

/** Names of the files that there are. */
export async function storedWeights(folder: string): Promise<Set<string>> {
  await mkdir(join(folder, FOLDER), { recursive: true });
  return new Set(await readdir(join(folder, FOLDER)));
}

/** Weights of one network as they travel: parameters, then buffers, float32 as base64. */
export function weightsAsText({ parameters, buffers }: Weights): string {
  const bytes = (of: Float32Array) => Buffer.from(of.buffer, of.byteOffset, of.byteLength);
  return Buffer.concat([bytes(parameters), bytes(buffers)]).toString("base64");
}

/** Writes the weights of a row, where it has some and they are not there. */
export async function storeWeights(folder: string, row: NetworkRow): Promise<void> {
  const { weights, network, rung, fold, seed, epochs, bestEpoch, settings } = row;
  if (weights === undefined) return;
  const path = join(folder, FOLDER, weightsName(rung, network));
  if (existsSync(path)) return;
  await mkdir(join(folder, FOLDER), { recursive: true });
  const head = { network, fold, seed, rung, epochs, bestEpoch, settings };
  await writeSealed(path, KIND, head, [Buffer.from(weights, "base64")]);
}

const whole = z.int().nonnegative();
const value = z.union([z.number(), z.string(), z.boolean(), z.array(z.number())]);
const schema = z.object({
  ...{ network: whole, fold: whole, seed: whole, rung: whole, epochs: whole, bestEpoch: whole },
  settings: z.record(z.string(), value),
});

/** Weights of a network, and which network it is. */
export interface StoredWeights {
  readonly network: number;
  readonly fold: number;
  readonly seed: number;
  readonly rung: number;
  readonly epochs: number;
  /** The epoch whose weights they are, from 1. */
  readonly bestEpoch: number;
  readonly settings: Settings;
  /** Parameters in the order of the model's layout, then its buffers. */
  readonly values: Float32Array;
}

/** Weights from a file of `vitrade sweep --weights`. @throws Error naming the file when it is none, or a bit of it has changed. */
export async function readWeights(path: string): Promise<StoredWeights> {
  const { head, body } = await readSealed(path, KIND);
  return { ...shaped(schema, head, path), values: new Float32Array(new Uint8Array(body).buffer) };
}
