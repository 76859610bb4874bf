/** The settings of a market VAE and its training, read strictly from an object, JSON or YAML. */
import { z } from "zod";
import { checkCount, fold, fromYaml, type Key, key } from "../../core/index.js";
import type { TrainOptions } from "../../nn/training/index.js";
import { constant, linear, type Schedule } from "../../prob/divergences/index.js";
import { type EncoderConfig, sequenceEncoder } from "../vae/vae.js";
import { type MarketVae, marketVae } from "./marketVae.js";
import { withOwnNames } from "./sourceNames.js";

const count = z.int().positive().max(1_000_000);
const positive = z.number().positive();
const share = z.number().min(0).lt(1);

const modelSchema = z.strictObject({
  /** F, numbers a bar. */
  inputDim: count.default(64),
  /** K */
  latentDim: count.default(16),
  hidden: z.array(count).min(1).default([256, 128, 64]),
  encoder: z.enum(["mlp", "lstm", "transformer"]).default("mlp"),
  dropout: share.default(0.1),
  /** Weight of the KL after the warm-up. */
  beta: z.number().min(0).default(4),
  headWidth: count.default(32),
  targetWeight: z.number().min(0).default(1),
});

const trainingSchema = z.strictObject({
  batchSize: count.default(128),
  learningRate: positive.default(1e-3),
  /** Decoupled, in units of the learning rate. */
  weightDecay: z.number().min(0).default(1e-4),
  epochs: count.default(200),
  /** Epochs without a better bound at β = 1. */
  patience: count.default(20),
  betaStart: z.number().min(0).default(0),
  /** Epochs over which β rises linearly from `betaStart`. */
  warmUpEpochs: z.int().min(0).default(50),
  clip: positive.default(5),
});

const fraction = z.number().min(0).max(1);

const dataSchema = z.strictObject({
  /** T, bars a window. */
  sequenceLength: count.default(60),
  /** The target is the return over so many bars after the window, all of them together. */
  predictionHorizon: count.default(5),
  /** Fractions of the decision times, together 1: all or none. */
  trainRatio: fraction.optional(),
  validationRatio: fraction.optional(),
  testRatio: fraction.optional(),
});

const schema = z.strictObject({
  seed: z.union([z.string().min(1), z.int()]).default("market VAE"),
  model: modelSchema.prefault({}),
  training: trainingSchema.prefault({}),
  data: dataSchema.prefault({}),
});

/** Every setting, none left out. */
export interface MarketConfig {
  readonly seed: string | number;
  readonly model: {
    readonly inputDim: number;
    readonly latentDim: number;
    readonly hidden: readonly number[];
    readonly encoder: "mlp" | "lstm" | "transformer";
    readonly dropout: number;
    readonly beta: number;
    readonly headWidth: number;
    readonly targetWeight: number;
  };
  readonly training: {
    readonly batchSize: number;
    readonly learningRate: number;
    readonly weightDecay: number;
    readonly epochs: number;
    readonly patience: number;
    readonly betaStart: number;
    readonly warmUpEpochs: number;
    readonly clip: number;
  };
  readonly data: {
    readonly sequenceLength: number;
    readonly predictionHorizon: number;
    readonly trainRatio?: number | undefined;
    readonly validationRatio?: number | undefined;
    readonly testRatio?: number | undefined;
  };
}

/**
 * Settings of which some may be left out: those get their defaults. A string is read as YAML, of which JSON is a part. The names of
 * source chapter 328, such as `latent_dim`, are read too.
 * @throws RangeError naming each key that is unknown or whose value cannot be, by its path, with what was expected and what came.
 */
export function marketConfig(settings: string | object = {}): MarketConfig {
  const plain = withOwnNames(typeof settings === "string" ? fromText(settings) : settings);
  const read = schema.safeParse(plain);
  if (read.success) {
    checkRatios(read.data);
    return read.data;
  }
  const problems = read.error.issues.map((issue) => problemOf(issue, plain));
  throw new RangeError(`config: ${problems.join("; ")}`);
}

function checkRatios({ data: { trainRatio, validationRatio, testRatio } }: MarketConfig): void {
  const given = [trainRatio, validationRatio, testRatio].filter((ratio) => ratio !== undefined);
  if (given.length === 0) return;
  const total = given.reduce((sum, ratio) => sum + ratio, 0);
  if (given.length === 3 && Math.abs(total - 1) <= 1e-9) return;
  throw new RangeError(
    `config: data: expected trainRatio, validationRatio and testRatio that add up to 1, or none of them, got ${given.length} that add up to ${total}`,
  );
}

/** The parts that the settings state, or `otherwise`. */
export function partsOf<Parts extends { train: number; validation: number; test: number }>(
  { data: { trainRatio, validationRatio, testRatio } }: MarketConfig,
  otherwise: Parts,
): Parts | { train: number; validation: number; test: number } {
  if (trainRatio === undefined || validationRatio === undefined || testRatio === undefined) return otherwise;
  return { train: trainRatio, validation: validationRatio, test: testRatio };
}

function fromText(text: string): unknown {
  try {
    return fromYaml(text);
  } catch (error) {
    throw new RangeError(`config: ${(error as Error).message}`, { cause: error });
  }
}

function problemOf(issue: z.core.$ZodIssue, plain: unknown): string {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => `unknown key ${[...path, name].join(".")}`).join("; ");
  const value = issue.path.reduce<unknown>((at, name) => (at as Record<PropertyKey, unknown>)?.[name], plain);
  return `${path.join(".") || "settings"}: ${issue.message}, got ${JSON.stringify(value)}`;
}

/**
 * The model of the settings. The first of `hidden` is the width of the LSTM or of the Transformer, with as many heads, up to four, as
 * share it evenly; the others are layers after it.
 */
export function marketVaeOf({ model, data }: MarketConfig): MarketVae {
  return marketVae({
    inputShape: [data.sequenceLength, model.inputDim],
    latents: model.latentDim,
    encoder: encoderOf(model),
    noise: "learned each",
    headWidth: model.headWidth,
    targetWeight: model.targetWeight,
  });
}

function encoderOf({ encoder, hidden, dropout }: MarketConfig["model"]): EncoderConfig {
  return encoder === "mlp" ? { kind: "mlp", hidden, dropout } : sequenceEncoder(encoder, hidden, dropout);
}

/**
 * Options of `nn.train` for `rows` rows by the settings: β from `betaStart` to `beta` over the warm-up epochs, whatever the batches; early stopping
 * is not thought of before the warm-up ends.
 * @param replicas  R models that differ by their keys alone
 * @throws RangeError when a count is not a positive integer.
 */
export function trainingOf(
  { seed, model, training }: MarketConfig,
  { rows, replicas }: { readonly rows: number; readonly replicas: number },
): TrainOptions {
  checkCount("rows", rows);
  checkCount("replicas", replicas);
  const root: Key = key(seed);
  const { batchSize, epochs, patience, weightDecay, clip, warmUpEpochs } = training;
  return {
    keys: Array.from({ length: replicas }, (_, r) => fold(root, "replica", r)),
    ...{ batchSize, epochs, patience, weightDecay, clip },
    leastEpochs: Math.min(epochs, warmUpEpochs),
    beta: betaSchedule(training, model.beta, stepsPerEpoch(rows, batchSize)),
    learningRate: constant(training.learningRate),
    sharedBatches: fold(root, "batches"),
  };
}

/** β of the step. */
function betaSchedule(
  { betaStart, warmUpEpochs }: MarketConfig["training"],
  beta: number,
  perEpoch: number,
): Schedule {
  return warmUpEpochs > 0 ? linear(betaStart, beta, warmUpEpochs * perEpoch) : constant(beta);
}

/** Whole batches in an epoch of `train`. */
function stepsPerEpoch(rows: number, batchSize: number): number {
  return Math.floor(rows / Math.min(batchSize, rows));
}
