/** Our training step as `train` makes it, each with batches, noise and settings of its own. */
import * as tf from "@tensorflow/tfjs";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { vae } from "../../lib/models/vae/vae.js";
import { type Traced, trace } from "../../lib/nn/compile/trace.js";
import { drawNoise, initialWeights, type Layouts, layoutsOf, type Model } from "../../lib/nn/layers/model.js";
import { adamState } from "../../lib/nn/training/adam.js";
import { type Data, sizeOf, takeBatch } from "../../lib/nn/training/batches.js";
import { runEpoch, settingsOf } from "../../lib/nn/training/epoch.js";
import { evaluationPass } from "../../lib/nn/training/evaluate.js";
import type { EpochRecord } from "../../lib/nn/training/fit.js";
import type { EpochSettings } from "../../lib/nn/training/lane.js";
import { openLanes } from "../../lib/nn/training/lanes.js";
import {
  disposeState,
  type StepInput,
  type StepResult,
  summedStep,
  type TrainState,
  trainingStep,
} from "../../lib/nn/training/step.js";
import type { SavedProgress } from "../../lib/nn/training/trainingFile.js";
import type { Contestant } from "../support/interleaved.js";
import { flopsOf, type Subject } from "./subjects.js";

const root = key("train benchmark");
const BATCHES = 4;

type Step = ReturnType<typeof trainingStep>;

/** Makes the subject's steps on R replicas; a unit is a step of one replica. @param traced  the step is compiled, else run as it is written */
export function ours(subject: Subject, replicas: number, traced: boolean): Contestant {
  let made: Trainee | undefined;
  const turn = () => {
    made ??= trainee(subject, replicas, traced);
    for (let i = 0; i < subject.steps; i++) advance(made);
    made.state.parameters.dataSync();
    return subject.steps * replicas;
  };
  const end = () => {
    if (made) disposeState(made.state);
    made?.step.dispose();
  };
  return Object.assign(turn, { end });
}

/** The same as `train` shares it out: its lanes, an epoch a turn. */
export function oursOnThreads(subject: Subject, replicas: number, threads: number): Contestant {
  let lanes: ReturnType<typeof openLanes> | undefined;
  let epoch = 0;
  const history: EpochRecord[] = [];
  const settings = () =>
    settingsOf(
      { learningRate: () => 1e-3 },
      Array.from({ length: replicas }, () => () => 1),
      { epoch, steps: subject.steps },
    );
  const turn = async () => {
    lanes ??= lanesOf(subject, replicas, threads, settings());
    await runEpoch(lanes, settings(), { history } as unknown as SavedProgress);
    epoch++;
    return subject.steps * replicas;
  };
  const end = () => {
    for (const { lane } of lanes ?? []) lane.close();
  };
  return Object.assign(turn, { end });
}

function lanesOf(subject: Subject, replicas: number, threads: number, settings: EpochSettings) {
  const { model, data, keys, batch } = trainee(subject, replicas, true);
  const layouts = layoutsOf(model);
  const written = {
    step: summedStep(trainingStep(model, layouts)),
    evaluation: evaluationPass(model, layouts),
  };
  const { parameters, buffers } = initialWeights(model, keys);
  const zeros = new Float32Array(parameters.length);
  const repeated = Array.from({ length: subject.steps / BATCHES + 1 }, () => Array.from(data.x)).flat();
  const rows = subject.steps * batch;
  return openLanes({
    task: {
      ...{ inputShape: model.inputShape, targetShape: model.targetShape, noise: model.noise, keys },
      ...{ batchSize: batch, rows, weightDecay: 1e-4, clip: 5, sharedBatches: root },
      data: { x: Float32Array.from(repeated.slice(0, rows * sizeOf(model.inputShape))), y: data.y, rows },
      ...{ validation: undefined, rowsOf: undefined },
    },
    state: { parameters, buffers, first: zeros, second: zeros, count: 0 },
    here: { step: trace(written.step), evaluation: trace(written.evaluation) },
    ...{ written, settings, threads },
  });
}

/** A training under way. */
interface Trainee {
  readonly model: Model;
  readonly step: Traced<Parameters<Step>, StepResult>;
  readonly data: Data;
  readonly keys: readonly ReturnType<typeof key>[];
  readonly batch: number;
  state: TrainState;
  count: number;
}

function trainee({ config, batch }: Subject, replicas: number, traced: boolean): Trainee {
  const model = vae(config);
  const layouts = layoutsOf(model);
  const keys = Array.from({ length: replicas }, (_, r) => fold(root, r));
  const rows = BATCHES * batch;
  return {
    ...{ model, keys, batch, count: 0 },
    step: trace(trainingStep(model, layouts), { enabled: traced }),
    data: { x: normals32(fold(root, "x"), rows * sizeOf(config.inputShape)), y: new Float32Array(0), rows },
    state: firstState(model, layouts, keys),
  };
}

function firstState(model: Model, layouts: Layouts, keys: Trainee["keys"]): TrainState {
  const shape: [number, number] = [keys.length, layouts.parameters.total];
  return {
    parameters: tf.tensor2d(initialWeights(model, keys).parameters, shape),
    buffers: tf.zeros([keys.length, layouts.buffers.total]),
    adam: adamState(shape),
  };
}

function advance(trainee: Trainee): void {
  const input = inputOf(trainee);
  const next = trainee.step(trainee.state, input);
  const { noise, adam, ...rest } = input;
  tf.dispose([...Object.values(noise), ...Object.values(adam), ...Object.values(rest)]);
  tf.dispose([next.nll, next.kl]);
  disposeState(trainee.state);
  trainee.state = next.state;
  trainee.count++;
}

function inputOf({ model, data, keys, batch, count }: Trainee): StepInput {
  const from = (count % BATCHES) * batch;
  return {
    ...takeBatch(data, model, [Uint32Array.from({ length: batch }, (_, i) => from + i)]),
    noise: drawNoise(model.noise, keys, batch, ["train", count]),
    beta: tf.ones([keys.length]),
    capacity: tf.zeros([keys.length]),
    adam: { learningRate: tf.scalar(1e-3), weightDecay: tf.scalar(1e-4), clip: tf.scalar(5) },
  };
}

const SIDE = 512;

/** The subject's arithmetic done as plain products of two 512 × 512 matrices: as fast as it could be on this backend. */
export function productsAlone(subject: Subject, products: number): Contestant {
  let factors: [tf.Tensor2D, tf.Tensor2D] | undefined;
  const turn = () => {
    const factor = (name: string) => tf.tensor2d(normals32(fold(root, name), SIDE * SIDE), [SIDE, SIDE]);
    factors ??= [factor("left"), factor("right")];
    const [left, right] = factors;
    for (let i = 0; i < products; i++) {
      const product = left.matMul(right);
      if (i === products - 1) product.dataSync();
      product.dispose();
    }
    return (products * 2 * SIDE ** 3) / flopsOf(subject);
  };
  return Object.assign(turn, { end: () => tf.dispose(factors ?? []) });
}
