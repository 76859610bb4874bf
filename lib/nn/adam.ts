/** Adam on the flat parameters of all replicas at once. */
import * as tf from "@tensorflow/tfjs";

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

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

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
  const [next, first, second, count] = tf.tidy(() => {
    const { learningRate, weightDecay, clip } = settings;
    const norm = gradient.square().sum(1, true).sqrt();
    const clipped = gradient.mul(
      tf.minimum(1, tf.divNoNan(clip, norm).add(tf.equal(norm, 0).cast("float32"))),
    );
    const t = state.count.add(1);
    const m = state.first.mul(BETA1).add(clipped.mul(1 - BETA1));
    const v = state.second.mul(BETA2).add(clipped.square().mul(1 - BETA2));
    const correction = tf.sub(1, tf.pow(tf.scalar(BETA2), t)).sqrt();
    const rate = learningRate.div(tf.sub(1, tf.pow(tf.scalar(BETA1), t)));
    const move = m.mul(rate).div(v.sqrt().div(correction).add(EPSILON));
    const kept = parameters.mul(tf.sub(1, learningRate.mul(weightDecay)));
    return [kept.sub(move), m, v, t] as const;
  });
  return { parameters: next, state: { first, second, count } };
}
