/** Trains all replicas of a model at once by mini-batches. */
import * as tf from "@tensorflow/tfjs";
import type { Schedule } from "../../prob/divergences/index.js";
import { trace } from "../compile/trace.js";
import { initialWeights, type Layouts, layoutsOf, type Model, type Weights } from "../layers/model.js";
import { adamState } from "./adam.js";
import type { Data } from "./batches.js";
import { isOver, updateStopping } from "./earlyStopping.js";
import { runEpoch, type Training } from "./epoch.js";
import { evaluationPass } from "./evaluate.js";
import type { Fit } from "./fit.js";
import { betaObjective, disposeState, summedStep, type TrainState, trainingStep } from "./step.js";
import { readProgress, type SavedProgress, writeProgress } from "./trainingFile.js";
import { checkOptions, rowsOfEpoch, type TrainOptions } from "./trainOptions.js";

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
    batchSize: Math.min(options.batchSize, rowsOfEpoch(data, options)),
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
      updateStopping(progress, state, run.record, options);
      options.onEpoch?.(run.record, () => weightsOf(run.state, keys.length));
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

function weightsOf({ parameters, buffers }: TrainState, replicas: number): Weights {
  const copy = (tensor: tf.Tensor) => (tensor.dataSync() as Float32Array).slice();
  return { replicas, parameters: copy(parameters), buffers: copy(buffers) };
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
