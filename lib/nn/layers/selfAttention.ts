/** Attention of the steps of a window to each other: one kernel where the backend has it, operations elsewhere. */
import * as tf from "@tensorflow/tfjs";
import { hasKernel } from "../kernels/registry.js";

/**
 * Scaled dot-product attention of each head: [R, B, T, width].
 * @param mixed  [R, B, T, 3·width] queries, keys, values, each of `heads` heads after one another
 * @see Vaswani et al. 2017, equation 1
 */
export function selfAttention(mixed: tf.Tensor, heads: number): tf.Tensor {
  return hasKernel("vitradeAttention") ? fusedAttention(mixed, heads) : composedAttention(mixed, heads);
}

function fusedAttention(mixed: tf.Tensor, heads: number): tf.Tensor {
  const run = tf.customGrad((x, save) => {
    const mixed = x as tf.Tensor;
    const [attended, shares] = tf.engine().runKernel("vitradeAttention", { mixed }, { heads }) as tf.Tensor[];
    (save as tf.GradSaveFunc)([mixed, shares!]);
    return {
      value: attended!,
      gradFunc: (dy, [mixed, shares]) =>
        tf
          .engine()
          .runKernel(
            "vitradeAttentionGrad",
            { dy: dy as tf.Tensor, mixed: mixed!, shares: shares! },
            { heads },
          ) as tf.Tensor,
    };
  });
  return run(mixed);
}

/** The same in operations of TensorFlow.js, for every backend. */
export function composedAttention(mixed: tf.Tensor, heads: number): tf.Tensor {
  const [replicas, rows, steps, triple] = mixed.shape as [number, number, number, number];
  const size = triple / 3 / heads;
  const byHead = (part: tf.Tensor) =>
    part
      .reshape([replicas * rows, steps, heads, size])
      .transpose([0, 2, 1, 3])
      .reshape([replicas * rows * heads, steps, size]);
  const [q, k, v] = tf.split(mixed, 3, 3).map(byHead) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const weights = tf.matMul(q.mul(1 / Math.sqrt(size)), k, false, true).softmax();
  return tf
    .matMul(weights, v)
    .reshape([replicas * rows, heads, steps, size])
    .transpose([0, 2, 1, 3])
    .reshape([replicas, rows, steps, heads * size]);
}
