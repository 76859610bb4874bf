/** Matrix products of all replicas at once, by the way that is fast on the backend that runs. */
import * as tf from "@tensorflow/tfjs";
import { checkShape } from "../core/axes.js";

/**
 * x · w for each replica, with gradients.
 *
 * The gradients transpose explicitly and the wasm backend takes the replicas one by one, as its fast kernel knows neither
 * transposition nor batches.
 * @param x  [R,B,I], or [1,B,I] where all replicas see the same rows
 * @param w  [R,I,O]
 * @returns  [R,B,O]
 */
export function stackedMatMul(x: tf.Tensor, w: tf.Tensor): tf.Tensor {
  const [replicas, inputs] = [w.shape[0]!, w.shape[1]!];
  checkShape("x", x.shape, [x.shape[0] === 1 ? 1 : replicas, -1, inputs]);
  const product = tf.customGrad((a, b, save) => {
    const [left, right] = [a as tf.Tensor, b as tf.Tensor];
    (save as tf.GradSaveFunc)([left, right]);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
      const d = dy as tf.Tensor;
      const dLeft = multiply(d, saved[1]!.transpose([0, 2, 1]));
      const shared = saved[0]!.shape[0] === 1 && replicas > 1;
      return [shared ? dLeft.sum(0, true) : dLeft, multiply(saved[0]!.transpose([0, 2, 1]), d)];
    };
    return { value: multiply(left, right), gradFunc };
  });
  return product(x, w);
}

/**
 * The same where no gradient of x is wanted, because it is data: a third less work.
 * @param x  [R,B,I] or [1,B,I]
 * @param w  [R,I,O]
 */
export function stackedMatMulOfData(x: tf.Tensor, w: tf.Tensor): tf.Tensor {
  checkShape("x", x.shape, [x.shape[0] === 1 ? 1 : w.shape[0]!, -1, w.shape[1]!]);
  const product = tf.customGrad((b, save) => {
    (save as tf.GradSaveFunc)([x]);
    return {
      value: multiply(x, b as tf.Tensor),
      gradFunc: (dy, [data]) => [multiply(data!.transpose([0, 2, 1]), dy as tf.Tensor)],
    };
  });
  return product(w);
}

/** Plain product of [R or 1, N, M] and [R or 1, M, K], without gradient. */
function multiply(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const replicas = Math.max(a.shape[0]!, b.shape[0]!);
  if (replicas === 1 || tf.getBackend() !== "wasm") return tf.matMul(a, b);
  return tf.tidy(() => {
    const [lefts, rights] = [slices(a), slices(b)];
    const products = Array.from({ length: replicas }, (_, r) =>
      tf.matMul(lefts[r % lefts.length]!, rights[r % rights.length]!),
    );
    return tf.concat(products, 0);
  });
}

function slices(x: tf.Tensor): tf.Tensor[] {
  return x.shape[0] === 1 ? [x] : tf.split(x, x.shape[0]!, 0);
}
