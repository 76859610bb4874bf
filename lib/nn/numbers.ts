/** Numbers put into tensors, read and compared where they lie, with no array made in between. */
import * as tf from "@tensorflow/tfjs";
import { memoryOf } from "./kernels/machine.js";

/**
 * A float32 tensor of a shape [axes] whose numbers `write` puts into place, all of them, row-major. The caller owns it.
 * @throws whatever `write` throws, and then there is no tensor.
 */
export function writtenTensor(shape: readonly number[], write: (numbers: Float32Array) => void): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  if (tf.getBackend() !== "wasm" || size === 0) {
    const numbers = new Float32Array(size);
    write(numbers);
    return tf.tensor(numbers, [...shape], "float32");
  }
  const backend = tf.backend() as tf.KernelBackend;
  const memory = memoryOf(backend);
  const info = memory.output(shape);
  try {
    write(memory.numbers(info.dataId, size));
  } catch (error) {
    backend.disposeData(info.dataId);
    throw error;
  }
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** Copies the numbers of a float32 tensor into an array as long as it. */
export function copyNumbers(tensor: tf.Tensor, to: Float32Array): void {
  if (tf.getBackend() !== "wasm") to.set(tensor.dataSync() as Float32Array);
  else to.set(memoryOf(tf.backend() as tf.KernelBackend).numbers(tensor.dataId, tensor.size));
}

/** Whether two tensors of as many numbers have the same bits. */
export function sameNumbers(a: tf.Tensor, b: tf.Tensor): boolean {
  if (a.dtype !== b.dtype || a.size !== b.size) return false;
  return a.dataId === b.dataId || bytesOf(a).equals(bytesOf(b));
}

function bytesOf(tensor: tf.Tensor): Buffer {
  const lies = tf.getBackend() === "wasm" && tensor.dtype === "float32";
  const { buffer, byteOffset, byteLength } = lies
    ? memoryOf(tf.backend() as tf.KernelBackend).numbers(tensor.dataId, tensor.size)
    : (tensor.dataSync() as tf.TypedArray);
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
