/** Trains all replicas of a model at once by mini-batches. */
import type { Schedule } from "../../prob/divergences/index.js";
import { trace } from "../compile/trace.js";
import { initialWeights, layoutsOf, type Model, type Weights } from "../layers/model.js";
import type { Data } from "./batches.js";
import { isOver, updateStopping } from "./earlyStopping.js";
import { runEpoch, settingsOf } from "./epoch.js";
import { evaluationPass } from "./evaluate.js";
import type { Fit } from "./fit.js";
import type { LaneTask, StateValues } from "./lane.js";
import { openLanes, readLanes, threadsOf } from "./lanes.js";
import { betaObjective, summedStep, trainingStep } from "./step.js";
import { readProgress, type SavedProgress, writeProgress } from "./trainingFile.js";
import { checkOptions, rowsOfEpoch, type TrainOptions } from "./trainOptions.js";

/**
 * Trains R = keys.length replicas by Adam; each is what it would be alone. The same keys give the same bits on a backend.
 *
 * Each epoch passes over the rows once in a fresh order and leaves out the incomplete last batch. It yields to the event loop
 * between epochs.
 *
 * On wasm a long training shares its replicas out among threads; the bits do not depend on how many there are.
 * A training on several threads that fails leaves its last whole epoch in the checkpoint, from which the next one goes on.
 * @throws RangeError when an option or the data make no sense.
 * @throws Error naming replica, epoch and the last finite loss when a loss is not finite, or the replicas whose thread has failed.
 */
export async function train(model: Model, data: Data, options: TrainOptions): Promise<Fit> {
  checkOptions(model, data, options);
  const { keys, beta, checkpoint } = options;
  const layouts = layoutsOf(model);
  const task = taskOf(model, data, options);
  const steps = Math.floor(task.rows / task.batchSize);
  const betas = Array.isArray(beta) ? beta : keys.map(() => beta as Schedule);
  const settings = (epoch: number) => settingsOf(options, betas, { epoch, steps });
  const written = {
    step: summedStep(trainingStep(model, layouts, options.objective ?? betaObjective)),
    evaluation: evaluationPass(model, layouts),
  };
  const here = { step: trace(written.step), evaluation: trace(written.evaluation) };
  const saved = checkpoint ? await readProgress(checkpoint, model, keys) : undefined;
  const progress: SavedProgress = saved ?? freshProgress(model, options);
  const done = progress.history.length;
  const asked = { epochs: options.epochs - done, asked: options.threads };
  const threads = threadsOf(task, layouts.parameters.total, asked);
  const lanes = openLanes({ task, state: progress, here, written, settings: settings(done), threads });
  const read = () => readLanes(lanes);
  const save = (state: StateValues) => writeProgress(checkpoint!, model, keys, { ...progress, ...state });
  const guarded = checkpoint !== undefined && lanes.length > 1;
  let ended: Fit["ended"] = "epochs";
  try {
    while (progress.history.length < options.epochs) {
      const whole = guarded && progress.history.length > done ? read() : undefined;
      const record = await runEpoch(lanes, settings(progress.history.length), progress).catch(
        async (error: unknown) => {
          if (whole) await save(whole);
          throw error;
        },
      );
      updateStopping(progress, read, record, options);
      options.onEpoch?.(record, () => weightsOf(read(), keys.length));
      const last = progress.history.length;
      const stopped = isOver(progress, options);
      if (checkpoint && (stopped || last % (options.checkpointEvery ?? 10) === 0)) await save(read());
      if (stopped) ended = "patience";
      else if (options.signal?.aborted) ended = "cancelled";
      if (ended !== "epochs") break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return fitOf(progress, read, options, ended);
  } finally {
    for (const { lane } of lanes) lane.close();
    here.step.dispose();
    here.evaluation.dispose();
  }
}

/** All of the training that is plain data. */
function taskOf(model: Model, data: Data, options: TrainOptions): LaneTask {
  const { keys, validation, sharedBatches, rowsOf, weightDecay, clip } = options;
  const rows = rowsOfEpoch(data, options);
  return {
    ...{ inputShape: model.inputShape, targetShape: model.targetShape },
    noise: model.noise.map(({ name, kind, shape, role }) => ({ name, kind, shape, role })),
    ...{ keys, data, validation, sharedBatches, rowsOf, rows },
    batchSize: Math.min(options.batchSize, rows),
    weightDecay: weightDecay ?? 0,
    clip: clip ?? Number.POSITIVE_INFINITY,
  };
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

/** A copy: the state goes on. */
function weightsOf(
  { parameters, buffers }: Pick<StateValues, "parameters" | "buffers">,
  replicas: number,
): Weights {
  return { replicas, parameters: parameters.slice(), buffers: buffers.slice() };
}

function fitOf(
  progress: SavedProgress,
  read: () => StateValues,
  options: TrainOptions,
  ended: Fit["ended"],
): Fit {
  const replicas = options.keys.length;
  const { history } = progress;
  if (!options.validation) {
    const { parameters, buffers } = read();
    const last = options.keys.map(() => history.length - 1);
    return {
      weights: { replicas, parameters, buffers },
      ...{ history, ended, bestEpoch: last, bestElbo: last.map(() => Number.NaN) },
    };
  }
  const weights = { replicas, parameters: progress.bestParameters, buffers: progress.bestBuffers };
  return { weights, history, bestEpoch: progress.bestEpoch, bestElbo: progress.bestElbo, ended };
}
