/** The training of a study's model: numbers where numbers do, several seeds and several β in one pass. */
import { checkCount, checkPositive, fold, type Key, key as keyOf } from "../../../core/index.js";
import { startBackend } from "../../../nn/index.js";
import type { Model, Weights } from "../../../nn/layers/index.js";
import { type EpochRecord, train as trainNetwork } from "../../../nn/training/index.js";
import { constant, type Schedule } from "../../../prob/divergences/index.js";
import { encodeRows } from "../../vae/latents.js";
import { type StudyFit, studyFit } from "./studyFit.js";
import { isVae, type StudyData, type StudyModel } from "./studyModel.js";

/** Options of `models.train`. */
export interface StudyTraining {
  /** Passes over the training part. */
  readonly epochs: number;
  /** Weight of the KL: a number, a schedule over the steps, or several numbers for a sweep. 1 by default: the ELBO itself. */
  readonly beta?: number | Schedule | readonly number[];
  /** Networks for each β that differ by their seed alone, 1 by default; their spread is the epistemic variance. */
  readonly seeds?: number;
  /** β and seed of each network, in place of every β with every seed: a part of a sweep that is the same to the bit as in the whole. */
  readonly networks?: readonly { readonly beta: number; readonly seed: number }[];
  /** Threads that share the networks; what VITRADE_THREADS says, or as many as pay, unless given. */
  readonly threads?: number;
  /** Of all that is drawn; key("study") by default. */
  readonly key?: Key;
  /** Rows of a mini-batch, 128 by default. */
  readonly batchSize?: number;
  /** A number or a schedule over the steps, 1e-3 by default. */
  readonly learningRate?: number | Schedule;
  /** Epochs without a better bound on the validation part after which training ends; no early end by default. */
  readonly patience?: number;
  /** Largest norm of a replica's gradient, 5 by default. */
  readonly clip?: number;
  /** Decoupled weight decay in units of the learning rate, 0 by default. */
  readonly weightDecay?: number;
  /** Records the KL of each latent dimension on the validation part after each epoch, for `fit.klHistory`; not by default. */
  readonly recordKl?: boolean;
  /** Called after each epoch, such as to draw a bar of progress; `weights` copies those at its end. */
  readonly onEpoch?: (record: EpochRecord, weights: () => Weights) => void;
}

/**
 * Trains a model on the training part; of each network the weights of its best epoch on the validation part are kept.
 *
 * Seed s of every β starts from the same weights and sees the same batches, so that a sweep compares like with like.
 * @throws RangeError when an option makes no sense.
 * @throws Error naming network, epoch and last finite loss when a loss is not finite.
 */
export async function train<Network extends Model>(
  model: StudyModel<Network>,
  data: StudyData,
  options: StudyTraining,
): Promise<StudyFit<Network>> {
  const {
    epochs,
    seeds = 1,
    key = keyOf("study"),
    batchSize = 128,
    patience,
    weightDecay,
    onEpoch,
    recordKl = false,
    threads,
  } = options;
  const klHistory: Float64Array[] = [];
  const { clip = 5, learningRate = 1e-3, beta = 1 } = options;
  checkCount("seeds", seeds);
  if (typeof learningRate === "number") checkPositive("learningRate", learningRate);
  const betas = typeof beta === "object" ? beta : [beta];
  checkCount("beta", betas.length);
  const replicas =
    options.networks ??
    betas.flatMap((own) => Array.from({ length: seeds }, (_, seed) => ({ beta: own, seed })));
  await startBackend();
  const fit = await trainNetwork(model.network, model.dataOf(data.train), {
    keys: replicas.map(({ seed }) => fold(key, "seed", seed)),
    beta: replicas.map(({ beta: own }) => scheduleOf("beta", own)),
    learningRate: scheduleOf("learningRate", learningRate),
    ...{ epochs, batchSize, clip, sharedBatches: fold(key, "batches") },
    ...(data.validation.rows > 0 ? { validation: model.dataOf(data.validation) } : {}),
    ...(patience === undefined ? {} : { patience }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(threads === undefined ? {} : { threads }),
    onEpoch(record, current) {
      if (recordKl) klHistory.push(klOf(model.network, current(), data));
      onEpoch?.(record, current);
    },
  });
  const settings = replicas.map(({ beta: own, seed }) => ({ beta: betaAtEnd(own), seed }));
  return studyFit({ model, data, key, settings, fit, klHistory });
}

/** [R,K] on the validation part. @throws RangeError when the model has no encoder. */
function klOf(network: Model, weights: Weights, { validation }: StudyData): Float64Array {
  if (!isVae(network)) throw new RangeError("recordKl: expected a model with an encoder, such as models.vae");
  return encodeRows(network, weights, validation.x).klPerDimension;
}

function scheduleOf(name: string, value: number | Schedule): Schedule {
  if (typeof value === "function") return value;
  if (!(value >= 0 && Number.isFinite(value)))
    throw new RangeError(`${name}: expected a number of zero or more, or a schedule, got ${value}`);
  return constant(value);
}

/** The β by which a network is named: the number, or the last value of its schedule. */
function betaAtEnd(beta: number | Schedule): number {
  return typeof beta === "number" ? beta : beta(Number.MAX_SAFE_INTEGER);
}
