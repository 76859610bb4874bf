/** Kernels of the running backend. */
import * as tf from "@tensorflow/tfjs";

/** Whether the backend that runs has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}
