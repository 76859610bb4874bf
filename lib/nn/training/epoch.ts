/** One epoch of a training: its batches, its steps, the record of it. */
import * as tf from "@tensorflow/tfjs";
import type { Schedule } from "../../prob/divergences/index.js";
import type { Traced } from "../compile/trace.js";
import { drawNoise, type Layouts, type Model } from "../layers/model.js";
import { type Data, epochBatches, takeBatch } from "./batches.js";
import { type EvaluationPass, evaluateModel } from "./evaluate.js";
import type { EpochRecord } from "./fit.js";
import { disposeState, type StepInput, type SummedResult, type TrainState } from "./step.js";
import type { SavedProgress } from "./trainingFile.js";
import { rowsOfEpoch, type TrainOptions } from "./trainOptions.js";

/** The parts of a training that its loop hands round. */
export interface Training {
  readonly model: Model;
  readonly data: Data;
  readonly options: TrainOptions;
  readonly layouts: Layouts;
  readonly batchSize: number;
  readonly betas: readonly Schedule[];
  readonly step: Traced<[TrainState, tf.Tensor, StepInput], SummedResult>;
  readonly evaluation: EvaluationPass & { dispose(): void };
}

/** All steps of one epoch, and the record of it. It disposes of the state it is given. */
export function runEpoch(
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
  const { sharedBatches, keys, rowsOf } = options;
  const plan = { keys: sharedBatches ? [sharedBatches] : keys, epoch, rowsOf };
  const rows = rowsOfEpoch(data, options);
  const first = epoch * Math.floor(rows / batchSize);
  let [state, step] = [from, first];
  let sums: tf.Tensor = tf.zeros([2, options.keys.length]);
  try {
    for (const at of epochBatches(rows, batchSize, plan)) {
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
