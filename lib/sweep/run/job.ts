/** A stack as it travels to a worker: data that are checked, never code. */
import { z } from "zod";
import { ownVersion } from "../../core/index.js";
import type { Stack } from "../plan/stacks.js";
import { SCORES, type ScoreName } from "../study/scores.js";
import { FAMILIES, type Family, readSettings } from "../study/settings.js";
import { type Study, studyHash } from "../study/studyFile.js";

const FORMAT = 1;
const whole = z.int().nonnegative();
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const value = z.union([z.number(), z.string(), z.boolean(), z.array(z.number())]);

const schema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.string().max(40),
  study: hash,
  model: z.enum(FAMILIES),
  seed: z.union([z.string().min(1).max(200), z.int()]),
  data: z.strictObject({
    ...{ sha256: hash, folds: whole.min(1), first: z.number().gt(0).lt(1) },
    ...{ bars: whole.min(1).optional(), symbols: z.array(z.string().min(1).max(64)).min(1).optional() },
  }),
  scores: z.array(z.enum(SCORES as [ScoreName, ...ScoreName[]])).min(1),
  draws: whole.min(1).max(10_000),
  weights: z.boolean().default(false),
  trading: z.strictObject({
    rule: z.enum(["edge", "sign"]),
    takerBps: z.number().min(0),
    halfSpreadBps: z.number().min(0),
  }),
  stack: z.strictObject({
    id: z.string().regex(/^[\w-]{1,80}$/),
    rung: whole,
    fold: whole,
    epochs: whole.min(1),
    settings: z.record(z.string().max(40), value),
    networks: z
      .array(z.strictObject({ network: whole, trial: whole, beta: z.number().min(0), seed: whole }))
      .min(1)
      .max(1024),
  }),
});

/** All that a worker is told. */
export interface Job {
  readonly format: number;
  /** Of the library that planned it. */
  readonly version: string;
  readonly study: string;
  readonly model: Family;
  readonly seed: number | string;
  readonly data: Omit<Study["data"], "file">;
  readonly scores: readonly ScoreName[];
  readonly draws: number;
  readonly trading: Study["trading"];
  /** Whether its networks' weights are wanted too. */
  readonly weights: boolean;
  readonly stack: Stack;
}

/** A job for each stack of a study. @param weights  whether those of the networks are wanted */
export function jobsOf(study: Study, weights = false): (stack: Stack) => Job {
  const { model, seed, scores, draws, trading, data } = study;
  const { file: _, ...of } = data;
  const common = {
    ...{ format: FORMAT, version: ownVersion(), study: studyHash(study) },
    ...{ model, seed, data: of, scores, draws, trading, weights },
  };
  return (stack) => ({ ...common, stack });
}

/**
 * The job that a value is.
 * @throws RangeError naming the key when it is none, or its settings are none of its model.
 */
export function readJob(from: unknown): Job {
  const read = schema.safeParse(from);
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    throw new RangeError(`job: ${path.map(String).join(".") || "document"}: ${message}`);
  }
  const settings = readSettings(read.data.model, { ...read.data.stack.settings });
  if (settings.success) return read.data;
  const { path, message } = settings.error.issues[0]!;
  throw new RangeError(`job: stack.settings.${path.map(String).join(".")}: ${message}`);
}
