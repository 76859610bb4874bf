/** Our training step as `train` makes it, each with batches, noise and settings of its own. */
import * as tf from "@tensorflow/tfjs";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { vae } from "../../lib/models/vae/vae.js";
import { type Traced, trace } from "../../lib/nn/compile/trace.js";
import { drawNoise, initialWeights, type Layouts, layoutsOf, type Model } from "../../lib/nn/layers/model.js";
import { adamState } from "../../lib/nn/training/adam.js";
import { type Data, sizeOf, takeBatch } from "../../lib/nn/training/batches.js";
import {
  disposeState,
  type StepInput,
  type StepResult,
  type TrainState,
  trainingStep,
} from "../../lib/nn/training/step.js";
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
