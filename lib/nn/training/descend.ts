/** One step of an optimiser, for those who write a training loop out by hand. */
import { tf } from "../tensors.js";

/**
 * Takes one step of `optimiser` down the gradient of `loss` with respect to all variables in it, and returns the loss before the step.
 *
 * It leaves no tensor behind.
 * @throws Error when the loss depends on no variable.
 */
export function descend(optimiser: tf.Optimizer, loss: () => tf.Tensor): number {
  return tf.tidy(() => optimiser.minimize(() => loss().asScalar(), true)!.dataSync()[0]!);
}
