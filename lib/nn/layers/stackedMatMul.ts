/** Matrix products of all replicas at once, by the way that is fast on the backend that runs. */
import * as tf from "@tensorflow/tfjs";
import { checkShape } from "../../core/index.js";
import { hasKernel } from "../kernels/registry.js";

/**
 * x · w for each replica, with gradients.
 *
 * Where the library's own kernel is missing, the gradients transpose explicitly and the stock wasm backend takes the replicas one
 * by one, as its fast kernel knows neither transposition nor batches.
 * @param x  [R,B,I], or [1,B,I] where all replicas see the same rows
 * @param w  [R,I,O]
 * @returns  [R,B,O]
 */
export function stackedMatMul(x: tf.Tensor, w: tf.Tensor): tf.Tensor {
  checkFactors(x, w);
  const product = tf.customGrad((a, b, save) => {
    const [left, right] = [a as tf.Tensor, b as tf.Tensor];
    (save as tf.GradSaveFunc)([left, right]);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], [x, w]: tf.Tensor[]) => {
      const d = dy as tf.Tensor;
      return [gradientOfRows(d, x!, w!), gradientOfWeight(d, x!)];
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
  checkFactors(x, w);
  const product = tf.customGrad((b, save) => {
    (save as tf.GradSaveFunc)([x]);
    return {
      value: multiply(x, b as tf.Tensor),
      gradFunc: (dy, [data]) => [gradientOfWeight(dy as tf.Tensor, data!)],
    };
  });
  return product(w);
}

/**
 * x · w + bias for each replica, with gradients.
 * @param x        [R,B,I] or [1,B,I]
 * @param w        [R,I,O]
 * @param bias     [R,1,O]
 * @param ofData   x is data, of which no gradient is wanted
 * @returns        [R,B,O]
 */
export function stackedAffine(x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor, ofData: boolean): tf.Tensor {
  if (!hasKernel("vitradeDense")) return (ofData ? stackedMatMulOfData : stackedMatMul)(x, w).add(bias);
  checkFactors(x, w);
  checkShape("bias", bias.shape, [w.shape[0]!, 1, w.shape[2]!]);
  const affine = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [weight, shift] = args as tf.Tensor[];
    const rows = ofData ? x : (args[2] as tf.Tensor);
    save([rows, weight!]);
    const value = tf
      .engine()
      .runKernel("vitradeDense", { x: rows, weight: weight!, bias: shift! }) as tf.Tensor;
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], [x, w]: tf.Tensor[]) => {
      const d = dy as tf.Tensor;
      const ofParameters = [gradientOfWeight(d, x!), d.sum(1, true)];
      return ofData ? ofParameters : [...ofParameters, gradientOfRows(d, x!, w!)];
    };
    return { value, gradFunc };
  });
  return ofData ? affine(w, bias) : affine(w, bias, x);
}

function checkFactors(x: tf.Tensor, w: tf.Tensor): void {
  checkShape("x", x.shape, [x.shape[0] === 1 ? 1 : w.shape[0]!, -1, w.shape[1]!]);
}

/** dy · wᵀ, summed over the replicas where they shared x. */
function gradientOfRows(dy: tf.Tensor, x: tf.Tensor, w: tf.Tensor): tf.Tensor {
  const d = hasKernel("vitradeDense") ? tf.matMul(dy, w, false, true) : multiply(dy, w.transpose([0, 2, 1]));
  return x.shape[0] === 1 && w.shape[0]! > 1 ? d.sum(0, true) : d;
}

/** xᵀ · dy */
function gradientOfWeight(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (hasKernel("vitradeDense")) return tf.matMul(x, dy, true, false);
  return multiply(x.transpose([0, 2, 1]), dy);
}

/** Plain product of [R or 1, N, M] and [R or 1, M, K], without gradient. */
function multiply(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const replicas = Math.max(a.shape[0]!, b.shape[0]!);
  const slow = tf.getBackend() === "wasm" && !hasKernel("vitradeDense");
  if (replicas === 1 || !slow) return tf.matMul(a, b);
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
