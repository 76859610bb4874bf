/** Trains all replicas of a model at once by mini-batches. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkPositive } from "../core/axes.js";
import type { Key } from "../core/random.js";
import type { Schedule } from "../prob/schedule.js";
import { adamState } from "./adam.js";
import { checkData, type Data, epochBatches, takeBatch } from "./batches.js";
import { type Traced, trace } from "./compile/trace.js";
import { type EvaluationPass, evaluateModel, evaluationPass } from "./evaluate.js";
import type { EpochRecord, Fit } from "./fit.js";
import { drawNoise, initialWeights, type Layouts, layoutsOf, type Model, type Weights } from "./model.js";
import {
  betaObjective,
  disposeState,
  type Objective,
  type StepInput,
  type SummedResult,
  summedStep,
  type TrainState,
  trainingStep,
} from "./step.js";
import { readProgress, type SavedProgress, writeProgress } from "./trainingFile.js";

export interface TrainOptions {
  /** One a replica: its first weights, its noise and, with its own batches, their order. */
  readonly keys: readonly Key[];
  readonly batchSize: number;
  /** At most so many passes over the data. */
  readonly epochs: number;
  /** β of the step: one for all replicas, or one each. */
  readonly beta: Schedule | readonly Schedule[];
  readonly learningRate: Schedule;
  /** Decoupled, in units of the learning rate. */
  readonly weightDecay?: number;
  /** Largest norm of a replica's gradient; none unless given. */
  readonly clip?: number;
  /** β · KL unless given. */
  readonly objective?: Objective;
  /** Nats, for `capacityObjective`. */
  readonly capacity?: Schedule;
  /** Rows of a batch: the same for all replicas, in the order of this key; or each replica's own where it is left out. */
  readonly sharedBatches?: Key;
  /** Later data, on which the bound at β = 1 is measured after each epoch. */
  readonly validation?: Data;
  /** Epochs without a better bound after which a replica's best weights stay; needs a validation part. */
  readonly patience?: number;
  /** Epochs before which no stopping is thought of, such as those of a warm-up. */
  readonly leastEpochs?: number;
  /** Called after each epoch, such as to draw a bar of progress. */
  readonly onEpoch?: (record: EpochRecord) => void;
  /** Ends the training after the epoch under way. */
  readonly signal?: AbortSignal;
  /** A file from which an interrupted training goes on, written after each `checkpointEvery` epochs (10). */
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  /** Weights to start from, instead of fresh ones. */
  readonly start?: Weights;
}

/** The parts of a training that its loop hands round. */
interface Training {
  readonly model: Model;
  readonly data: Data;
  readonly options: TrainOptions;
  readonly layouts: Layouts;
  readonly batchSize: number;
  readonly betas: readonly Schedule[];
  readonly step: Traced<[TrainState, tf.Tensor, StepInput], SummedResult>;
  readonly evaluation: EvaluationPass & { dispose(): void };
}

/**
 * Trains R = keys.length replicas by Adam; each is what it would be alone. The same keys give the same bits on a backend.
 *
 * Each epoch passes over the rows once in a fresh order and leaves out the incomplete last batch. It yields to the event loop
 * between epochs.
 * @throws RangeError when an option or the data make no sense.
 * @throws Error naming replica, epoch and the last finite loss when a loss is not finite.
 */
export async function train(model: Model, data: Data, options: TrainOptions): Promise<Fit> {
  checkOptions(model, data, options);
  const { keys, beta } = options;
  const layouts = layoutsOf(model);
  const training: Training = {
    ...{ model, data, options },
    layouts,
    batchSize: Math.min(options.batchSize, data.rows),
    betas: Array.isArray(beta) ? beta : keys.map(() => beta as Schedule),
    step: trace(summedStep(trainingStep(model, layouts, options.objective ?? betaObjective))),
    evaluation: trace(evaluationPass(model, layouts)),
  };
  const saved = options.checkpoint ? await readProgress(options.checkpoint, model, keys) : undefined;
  const progress: SavedProgress = saved ?? freshProgress(model, options);
  let state = stateOf(progress, training.layouts);
  let ended: Fit["ended"] = "epochs";
  try {
    while (progress.history.length < options.epochs) {
      const run = runEpoch(training, state, progress);
      state = run.state;
      judge(progress, state, run.record, options);
      options.onEpoch?.(run.record);
      const last = progress.history.length;
      const stopped = isOver(progress, options);
      if (options.checkpoint && (stopped || last % (options.checkpointEvery ?? 10) === 0))
        await writeProgress(options.checkpoint, model, keys, { ...progress, ...readState(state) });
      if (stopped) ended = "patience";
      else if (options.signal?.aborted) ended = "cancelled";
      if (ended !== "epochs") break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return fitOf(progress, state, options, ended);
  } finally {
    training.step.dispose();
    training.evaluation.dispose();
    disposeState(state);
  }
}

function checkOptions(model: Model, data: Data, options: TrainOptions): void {
  const { keys, beta, validation, patience } = options;
  checkCount("keys", keys.length);
  checkCount("batchSize", options.batchSize);
  checkCount("epochs", options.epochs);
  checkCount("rows", data.rows);
  if (options.clip !== undefined) checkPositive("clip", options.clip);
  if (Array.isArray(beta) && beta.length !== keys.length)
    throw new RangeError(`beta: expected one schedule or ${keys.length}, got ${beta.length}`);
  if (patience !== undefined) {
    checkCount("patience", patience);
    if (!validation) throw new RangeError("patience: expected a validation part to judge by, got none");
  }
  checkData("data", data, model);
  if (validation) checkData("validation", validation, model);
}

function freshProgress(model: Model, options: TrainOptions): SavedProgress {
  const weights = options.start ?? initialWeights(model, options.keys);
  const zeros = new Float32Array(weights.parameters.length);
  return {
    ...{ parameters: weights.parameters, buffers: weights.buffers, first: zeros, second: zeros, count: 0 },
    bestParameters: weights.parameters.slice(),
    bestBuffers: weights.buffers.slice(),
    bestEpoch: options.keys.map(() => -1),
    bestElbo: options.keys.map(() => Number.NEGATIVE_INFINITY),
    history: [],
  };
}

function stateOf(progress: SavedProgress, layouts: Layouts): TrainState {
  const replicas = progress.bestEpoch.length;
  const shape: [number, number] = [replicas, layouts.parameters.total];
  const fresh = adamState(shape);
  if (progress.count === 0) {
    const parameters = tf.tensor2d(progress.parameters, shape);
    return {
      parameters,
      buffers: tf.tensor2d(progress.buffers, [replicas, layouts.buffers.total]),
      adam: fresh,
    };
  }
  tf.dispose([fresh.first, fresh.second, fresh.count]);
  return {
    parameters: tf.tensor2d(progress.parameters, shape),
    buffers: tf.tensor2d(progress.buffers, [replicas, layouts.buffers.total]),
    adam: {
      first: tf.tensor2d(progress.first, shape),
      second: tf.tensor2d(progress.second, shape),
      count: tf.scalar(progress.count),
    },
  };
}

function readState(state: TrainState) {
  const read = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;
  return {
    parameters: read(state.parameters),
    buffers: read(state.buffers),
    first: read(state.adam.first),
    second: read(state.adam.second),
    count: read(state.adam.count)[0]!,
  };
}

/** All steps of one epoch, and the record of it. It disposes of the state it is given. */
function runEpoch(
  training: Training,
  from: TrainState,
  progress: SavedProgress,
): { state: TrainState; record: EpochRecord } {
  const { options, betas } = training;
  const [replicas, epoch] = [options.keys.length, progress.history.length];
  const { state, sums, steps, last } = runSteps(training, from, epoch);
  try {
    const means = sums.map((sum) => sum / steps);
    const [nll, kl] = [means.slice(0, replicas), means.slice(replicas)];
    checkLosses(nll, kl, epoch, progress.history.at(-1));
    const beta = betas.map((schedule) => schedule(last));
    const validation = evaluated(training, state);
    const elbo = nll.map((n, r) => -n - kl[r]!);
    return { state, record: { epoch, step: last + 1, beta, nll, kl, elbo, validation } };
  } catch (error) {
    disposeState(state);
    throw error;
  }
}

/** The state after an epoch, sums [2,R] of its terms as numbers, how many steps it had and the index of the last. */
function runSteps(training: Training, from: TrainState, epoch: number) {
  const { data, options, batchSize } = training;
  const orderKeys = options.sharedBatches ? [options.sharedBatches] : options.keys;
  const first = epoch * Math.floor(data.rows / batchSize);
  let [state, step] = [from, first];
  let sums: tf.Tensor = tf.zeros([2, options.keys.length]);
  try {
    for (const at of epochBatches(data.rows, batchSize, orderKeys, epoch)) {
      const input = inputOf(training, at, step);
      const before = { state, sums };
      ({ state, sums } = training.step(state, sums, input));
      disposeInput(input);
      disposeState(before.state);
      before.sums.dispose();
      step++;
    }
    return { state, sums: Array.from(sums.dataSync()), steps: step - first, last: step - 1 };
  } catch (error) {
    disposeState(state);
    throw error;
  } finally {
    sums.dispose();
  }
}

/** [R] the bound on the validation part; empty without one. */
function evaluated(
  { model, layouts, options, batchSize, evaluation }: Training,
  state: TrainState,
): number[] {
  const { validation, keys } = options;
  if (!validation) return [];
  const chunk = Math.max(batchSize, 256);
  return Array.from(evaluateModel(model, layouts, state, validation, { keys, chunk, pass: evaluation }).elbo);
}

function inputOf(training: Training, at: readonly Uint32Array[], step: number): StepInput {
  const { model, data, options, betas, batchSize } = training;
  const { weightDecay = 0, clip = Number.POSITIVE_INFINITY, capacity } = options;
  return {
    ...takeBatch(data, model, at),
    noise: drawNoise(model.noise, options.keys, batchSize, ["train", step]),
    beta: tf.tensor1d(betas.map((schedule) => schedule(step))),
    capacity: tf.tensor1d(betas.map(() => capacity?.(step) ?? 0)),
    adam: {
      learningRate: tf.scalar(options.learningRate(step)),
      weightDecay: tf.scalar(weightDecay),
      clip: tf.scalar(clip),
    },
  };
}

function disposeInput({ x, y, noise, beta, capacity, adam }: StepInput): void {
  tf.dispose([x, y, beta, capacity, ...Object.values(noise)]);
  tf.dispose([adam.learningRate, adam.weightDecay, adam.clip]);
}

function checkLosses(
  nll: readonly number[],
  kl: readonly number[],
  epoch: number,
  before: EpochRecord | undefined,
): void {
  nll.forEach((value, r) => {
    if (Number.isFinite(value) && Number.isFinite(kl[r])) return;
    const last = before
      ? `${-before.elbo[r]!} nats a row in epoch ${before.epoch}`
      : "none, it was the first epoch";
    throw new Error(
      `training: replica ${r} lost its way in epoch ${epoch}: nll ${value}, KL ${kl[r]}; last finite loss: ${last}. A smaller learning rate or a clip of the gradient may help.`,
    );
  });
}

/** Notes the epoch, and keeps the weights of each replica that still counts and has become better. */
function judge(progress: SavedProgress, state: TrainState, record: EpochRecord, options: TrainOptions): void {
  progress.history.push(record);
  if (!options.validation) return;
  const better = record.validation.map(
    (elbo, r) => elbo > progress.bestElbo[r]! && !isExhausted(progress, r, record.epoch - 1, options),
  );
  if (!better.includes(true)) return;
  const [parameters, buffers] = [state.parameters.dataSync(), state.buffers.dataSync()];
  const [p, q] = [parameters.length / better.length, buffers.length / better.length];
  better.forEach((is, r) => {
    if (!is) return;
    progress.bestParameters.set(parameters.subarray(r * p, (r + 1) * p), r * p);
    progress.bestBuffers.set(buffers.subarray(r * q, (r + 1) * q), r * q);
    progress.bestEpoch[r] = record.epoch;
    progress.bestElbo[r] = record.validation[r]!;
  });
}

/** Whether a replica had run out of patience after `epoch`. */
function isExhausted(progress: SavedProgress, r: number, epoch: number, options: TrainOptions): boolean {
  if (options.patience === undefined || epoch + 1 < (options.leastEpochs ?? 0)) return false;
  return epoch - Math.max(progress.bestEpoch[r]!, (options.leastEpochs ?? 0) - 1) >= options.patience;
}

function isOver(progress: SavedProgress, options: TrainOptions): boolean {
  const epoch = progress.history.length - 1;
  return options.keys.every((_, r) => isExhausted(progress, r, epoch, options));
}

function fitOf(progress: SavedProgress, state: TrainState, options: TrainOptions, ended: Fit["ended"]): Fit {
  const replicas = options.keys.length;
  const { history } = progress;
  if (!options.validation) {
    const { parameters, buffers } = readState(state);
    const last = options.keys.map(() => history.length - 1);
    return {
      weights: { replicas, parameters, buffers },
      ...{ history, ended, bestEpoch: last, bestElbo: last.map(() => Number.NaN) },
    };
  }
  const weights = { replicas, parameters: progress.bestParameters, buffers: progress.bestBuffers };
  return { weights, history, bestEpoch: progress.bestEpoch, bestElbo: progress.bestElbo, ended };
}
