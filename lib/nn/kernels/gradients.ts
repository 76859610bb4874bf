/** Gradients of stock operations that the library's kernels pass back in one call, where they are registered. */
import * as tf from "@tensorflow/tfjs";
import { hasKernel } from "./registry.js";

type Gradient = (dy: tf.Tensor, saved: tf.Tensor[], attributes: tf.NamedAttrMap) => tf.Tensor;

/** Puts them over the stock gradients; on other backends the stock ones stay in force. */
export function registerGradients(): void {
  over("LeakyRelu", "vitradeLeakyReluGrad", (dy, [x], { alpha }) =>
    runKernel("vitradeLeakyReluGrad", { dy, x: x! }, { alpha: alpha! }),
  );
  over("Relu", "vitradeLeakyReluGrad", (dy, [x]) =>
    runKernel("vitradeLeakyReluGrad", { dy, x: x! }, { alpha: 0 }),
  );
  over("ClipByValue", "vitradeClipGrad", (dy, [x], { clipValueMin, clipValueMax }) =>
    runKernel("vitradeClipGrad", { dy, x: x! }, { min: clipValueMin!, max: clipValueMax! }),
  );
}

function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes) as tf.Tensor;
}

function over(kernelName: string, ownKernel: string, own: Gradient): void {
  const stock = tf.getGradient(kernelName);
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attributes) =>
      hasKernel(ownKernel)
        ? { x: () => own(dy as tf.Tensor, saved, attributes) }
        : stock.gradFunc(dy, saved, attributes),
  });
}
