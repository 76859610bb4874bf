/** Adam on the flat parameters of all replicas at once. */
import * as tf from "@tensorflow/tfjs";
import { hasKernel } from "../kernels/registry.js";

/** What Adam carries from step to step. */
export interface AdamState {
  /** [R,P] averages of the gradient and of its square. */
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
  /** Scalar: steps made. */
  readonly count: tf.Tensor;
}

/** A tensor each, so that nothing of a step is baked into it. */
export interface AdamSettings {
  /** Scalar or [R,1]. */
  readonly learningRate: tf.Tensor;
  /** Decoupled decay of the weights, in units of the learning rate; scalar. */
  readonly weightDecay: tf.Tensor;
  /** Largest Euclidean norm of a replica's gradient; scalar, Infinity for none. */
  readonly clip: tf.Tensor;
}

export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;

/** Averages of 0 for parameters [R,P]. The caller owns them. */
export function adamState(shape: readonly [number, number]): AdamState {
  return { first: tf.zeros([...shape]), second: tf.zeros([...shape]), count: tf.scalar(0) };
}

/**
 * One step of Adam with decoupled weight decay and the gradient of each replica clipped by its own norm. The caller owns the result.
 * @param parameters  [R,P]
 * @param gradient    [R,P]
 * @see Kingma & Ba 2015; Loshchilov & Hutter 2019
 */
export function adamStep(
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  state: AdamState,
  settings: AdamSettings,
): { parameters: tf.Tensor; state: AdamState } {
  const step = hasKernel("vitradeAdam") ? fusedStep : composedStep;
  const [next, first, second, count] = step(parameters, gradient, state, settings);
  return { parameters: next, state: { first, second, count } };
}

type Step = (
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  state: AdamState,
  settings: AdamSettings,
) => readonly [next: tf.Tensor, first: tf.Tensor, second: tf.Tensor, count: tf.Tensor];

/** In one kernel of the library. */
const fusedStep: Step = (parameters, gradient, { first, second, count }, settings) => {
  const inputs = { parameters, gradient, first, second, count, ...settings };
  return tf.engine().runKernel("vitradeAdam", inputs) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
};

/** In operations of TensorFlow.js, for every backend. */
export const composedStep: Step = (parameters, gradient, state, settings) =>
  tf.tidy(() => {
    const { learningRate, weightDecay, clip } = settings;
    const norm = gradient.square().sum(1, true).sqrt();
    const clipped = gradient.mul(
      tf.minimum(1, tf.divNoNan(clip, norm).add(tf.equal(norm, 0).cast("float32"))),
    );
    const t = state.count.add(1);
    const m = state.first.mul(BETA1).add(clipped.mul(1 - BETA1));
    const v = state.second.mul(BETA2).add(clipped.square().mul(1 - BETA2));
    const correction = oneLessPower(BETA2, t).sqrt();
    const rate = learningRate.div(oneLessPower(BETA1, t));
    const move = m.mul(rate).div(v.sqrt().div(correction).add(EPSILON));
    const kept = parameters.mul(tf.sub(1, learningRate.mul(weightDecay)));
    return [kept.sub(move), m, v, t] as const;
  });

/** 1 − baseᵗ, by expm1: the plain difference loses its digits in float32 while t is small. */
function oneLessPower(base: number, t: tf.Tensor): tf.Tensor {
  return t.mul(Math.log(base)).expm1().neg();
}
