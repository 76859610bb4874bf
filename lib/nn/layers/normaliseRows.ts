/** Layer normalisation as a function: one kernel where the backend has it, operations elsewhere. */
import * as tf from "@tensorflow/tfjs";
import { hasKernel } from "../kernels/registry.js";

const EPSILON = 1e-5;

/**
 * Each row less its mean, over its deviation, times scale, plus shift: [R, …, F].
 * @param x      [R or 1, …, F]
 * @param scale  [R, 1, F], so too shift
 * @see Ba, Kiros & Hinton 2016
 */
export function normaliseRows(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor {
  const fused = hasKernel("vitradeLayerNorm") && x.shape[0] === scale.shape[0];
  return fused ? fusedRows(x, scale, shift) : composedRows(x, scale, shift);
}

function fusedRows(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor {
  const run = tf.customGrad((...args) => {
    const [x, , scale, shift] = args as tf.Tensor[];
    const save = args[4] as unknown as tf.GradSaveFunc;
    const inputs = { x: x!, scale: scale!, shift: shift! };
    const [out, centred, spread, deviation] = tf
      .engine()
      .runKernel("vitradeLayerNorm", inputs, { epsilon: EPSILON }) as tf.Tensor[];
    save([centred!, spread!, deviation!, scale!]);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
      const [centred, spread, deviation, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const given = { dy: dy as tf.Tensor, centred, deviation, power: spread.pow(1.5), scale };
      return tf.engine().runKernel("vitradeLayerNormGrad", given) as tf.Tensor[];
    };
    return { value: out!, gradFunc };
  });
  // Twice x: its gradients by way of the difference and of the mean are added one by one, as those of the operations are.
  return run(x, x, scale, shift);
}

/** The same in operations of TensorFlow.js, for every backend. */
export function composedRows(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor {
  const mean = x.mean(-1, true);
  const centred = x.sub(mean);
  const deviation = centred.square().mean(-1, true).add(EPSILON).rsqrt();
  const along = (of: tf.Tensor) => of.reshape([of.shape[0]!, ...Array(x.rank - 2).fill(1), of.shape[2]!]);
  return centred.mul(deviation).mul(along(scale)).add(along(shift));
}
