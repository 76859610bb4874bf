/** Some replicas of a training and the epochs that they make on one thread. */
import * as tf from "@tensorflow/tfjs";
import type { Key } from "../../core/index.js";
import type { NoiseSpec } from "../layers/layer.js";
import { drawNoise } from "../layers/model.js";
import { copyNumbers } from "../numbers.js";
import { type Data, epochBatches, type RowShapes, takeBatch } from "./batches.js";
import { type EvaluationPass, evaluateRows } from "./evaluate.js";
import { disposeState, type StepInput, type SummedResult, type TrainState } from "./step.js";

/** All of a training but its model and its schedules, for some of its replicas: plain data. */
export interface LaneTask extends RowShapes {
  readonly noise: readonly NoiseSpec[];
  /** [R] */
  readonly keys: readonly Key[];
  readonly batchSize: number;
  readonly data: Data;
  readonly validation: Data | undefined;
  readonly sharedBatches: Key | undefined;
  readonly rowsOf: readonly Uint32Array[] | undefined;
  /** Rows that an epoch goes through. */
  readonly rows: number;
  readonly weightDecay: number;
  readonly clip: number;
}

/** The values of the schedules at the steps of an epoch. */
export interface EpochSettings {
  readonly epoch: number;
  /** Index of its first step. */
  readonly first: number;
  readonly learningRate: Float64Array;
  readonly capacity: Float64Array;
  /** A list of each replica. */
  readonly beta: readonly Float64Array[];
}

/** An epoch of R replicas. */
export interface LaneEpoch {
  /** [2,R] nats: means over its batches of nll and of KL. */
  readonly means: readonly number[];
  /** [R] the bound on the validation part; empty without one. */
  readonly validation: readonly number[];
}

/** The state of R replicas as numbers: [R,P], [R,Q], and Adam's. */
export interface StateValues {
  readonly parameters: Float32Array;
  readonly buffers: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly count: number;
}

/** The state in arrays, such as those in memory that threads share. */
export interface StateArrays {
  readonly parameters: Float32Array;
  readonly buffers: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** [1] */
  readonly count: Float32Array;
}

/** Replicas that train on a thread, this one or another. */
export interface Lane {
  /** Makes the steps of an epoch. */
  run(settings: EpochSettings): LaneEpoch | Promise<LaneEpoch>;
  /** The state after the last epoch that has ended. */
  read(): StateValues;
  close(): void;
}

/** The step and the evaluation of a model, however they are compiled. */
export interface Passes {
  readonly step: (state: TrainState, sums: tf.Tensor, input: StepInput) => SummedResult;
  readonly evaluation: EvaluationPass;
}

/** A lane that also hands its state out without arrays of its own. */
export interface LaneHere extends Lane {
  /** Copies the state into arrays as long as its own. */
  readInto(to: StateArrays): void;
}

/** A lane on this thread. */
export function laneHere(task: LaneTask, passes: Passes, from: StateValues): LaneHere {
  let state = stateOf(from, task.keys.length);
  return {
    run(settings) {
      const done = runSteps(task, passes, state, settings);
      state = done.state;
      return { means: done.means, validation: evaluated(task, passes, state) };
    },
    read: () => readState(state),
    readInto: (to) => {
      const { parameters, buffers, adam } = state;
      const tensors = { parameters, buffers, ...adam };
      for (const name of Object.keys(tensors) as (keyof typeof tensors)[])
        copyNumbers(tensors[name], to[name]);
    },
    close: () => disposeState(state),
  };
}

/** The state after an epoch, and means [2,R] of its terms. It disposes of the state it is given. */
function runSteps(task: LaneTask, { step }: Passes, from: TrainState, settings: EpochSettings) {
  let [state, at] = [from, 0];
  let sums: tf.Tensor = tf.zeros([2, task.keys.length]);
  try {
    for (const rows of batchesOf(task, settings.epoch)) {
      const input = inputOf(task, rows, settings, at++);
      const before = { state, sums };
      ({ state, sums } = step(state, sums, input));
      disposeInput(input);
      disposeState(before.state);
      before.sums.dispose();
    }
    return { state, means: Array.from(sums.dataSync(), (sum) => sum / at) };
  } catch (error) {
    disposeState(state);
    throw error;
  } finally {
    sums.dispose();
  }
}

/** The batches of an epoch. */
export function batchesOf(task: LaneTask, epoch: number): Generator<Uint32Array[]> {
  const { keys, sharedBatches, rowsOf, rows, batchSize } = task;
  return epochBatches(rows, batchSize, { keys: sharedBatches ? [sharedBatches] : keys, epoch, rowsOf });
}

/** Rows of an evaluation's pass. */
export const chunkOf = ({ batchSize }: LaneTask): number => Math.max(batchSize, 256);

function evaluated(task: LaneTask, { evaluation }: Passes, state: TrainState): number[] {
  const { validation, keys } = task;
  if (!validation) return [];
  const options = { keys, chunk: chunkOf(task), pass: evaluation };
  return Array.from(evaluateRows(task, state, validation, options).elbo);
}

/** The input of the epoch's step `at`. The caller owns it. */
export function inputOf(
  task: LaneTask,
  rows: readonly Uint32Array[],
  settings: EpochSettings,
  at: number,
): StepInput {
  const { beta, capacity, learningRate, first } = settings;
  return {
    ...takeBatch(task.data, task, rows),
    noise: drawNoise(task.noise, task.keys, task.batchSize, ["train", first + at]),
    beta: tf.tensor1d(beta.map((values) => values[at]!)),
    capacity: tf.tensor1d(beta.map(() => capacity[at]!)),
    adam: {
      learningRate: tf.scalar(learningRate[at]!),
      weightDecay: tf.scalar(task.weightDecay),
      clip: tf.scalar(task.clip),
    },
  };
}

export function disposeInput({ x, y, noise, beta, capacity, adam }: StepInput): void {
  tf.dispose([x, y, beta, capacity, ...Object.values(noise)]);
  tf.dispose([adam.learningRate, adam.weightDecay, adam.clip]);
}

/** Tensors of the state. The caller owns them. */
export function stateOf(values: StateValues, replicas: number): TrainState {
  const matrix = (array: Float32Array) => tf.tensor2d(array, [replicas, array.length / replicas]);
  return {
    ...{ parameters: matrix(values.parameters), buffers: matrix(values.buffers) },
    adam: { first: matrix(values.first), second: matrix(values.second), count: tf.scalar(values.count) },
  };
}

function readState({ parameters, buffers, adam }: TrainState): StateValues {
  const read = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;
  const [first, second, count] = [read(adam.first), read(adam.second), read(adam.count)[0]!];
  return { parameters: read(parameters), buffers: read(buffers), first, second, count };
}
