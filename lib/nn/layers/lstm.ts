/** The long short-term memory with its four gates in one product a step. */
import type * as tf from "@tensorflow/tfjs";
import { checkCount } from "../../core/index.js";
import { hasKernel } from "../kernels/registry.js";
import type { Layer } from "./layer.js";
import { lstmBlock } from "./lstmBlock.js";
import { lstmSteps } from "./lstmSteps.js";
import { type ParameterSpec, scaledNormal } from "./parameters.js";
import { stackedAffine } from "./stackedMatMul.js";

/**
 * The layer that reads a window in order of time and returns the last hidden state: [R or 1, B, T, inputs] to [R, B, units].
 *
 * The inputs of all steps are multiplied at once, before the loop; the loop multiplies the hidden state alone. Gates are in the
 * order input, forget, cell, output; the forget bias starts at 1. `sequence` returns all hidden states, [R, B, T, units].
 * @throws RangeError when a size is not a positive integer.
 * @see Hochreiter & Schmidhuber 1997; Jozefowicz, Zaremba & Sutskever 2015 for the bias
 */
export function lstm(
  name: string,
  options: {
    readonly inputs: number;
    readonly units: number;
    readonly ofData?: boolean;
    readonly sequence?: boolean;
  },
): Layer {
  const { inputs, units, ofData = false, sequence = false } = options;
  checkCount(`${name}: inputs`, inputs);
  checkCount(`${name}: units`, units);
  const gates = 4 * units;
  const read = { name: `${name}/read`, shape: [inputs, gates], initial: scaledNormal(inputs, 1) };
  const recall = { name: `${name}/recall`, shape: [units, gates], initial: scaledNormal(units, 1) };
  const bias = { name: `${name}/bias`, shape: [1, gates], initial: forgetful(units) };
  return {
    parameters: [read, recall, bias],
    buffers: [],
    noise: [],
    apply({ parameters }, x) {
      const [, rows, steps] = x.shape as [number, number, number];
      if (hasKernel("vitradeBlockLstm")) {
        const [r, c, b] = [read, recall, bias].map((one) => parameters[one.name]!) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        return lstmBlock(x, { read: r, recall: c, bias: b }, sequence);
      }
      const byTime = x.transpose([0, 2, 1, 3]).reshape([x.shape[0]!, steps * rows, inputs]);
      const sums = stackedAffine(byTime, parameters[read.name]!, parameters[bias.name]!, ofData);
      return lstmSteps(sums, parameters[recall.name]!, { steps, sequence });
    },
  };
}

/** Biases 0, those of the forget gate 1. */
function forgetful(units: number): ParameterSpec["initial"] {
  return (_key, size) => new Float32Array(size).map((_, i) => (i >= units && i < 2 * units ? 1 : 0));
}
