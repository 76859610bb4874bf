/** The loop over time of the long short-term memory: one kernel where the backend has it, operations step by step elsewhere. */
import * as tf from "@tensorflow/tfjs";
import { hasKernel } from "../kernels/registry.js";
import { stackedMatMul } from "./stackedMatMul.js";

/**
 * The last hidden state [R, B, units], or all of them [R, B, T, units].
 * @param inputs     [R, T·B, 4·units] sums of the gates input, forget, cell, output without what is recalled; time before rows
 * @param recall     [R, units, 4·units] what the last hidden state is multiplied by
 */
export function lstmSteps(
  inputs: tf.Tensor,
  recall: tf.Tensor,
  { steps, sequence }: { readonly steps: number; readonly sequence: boolean },
): tf.Tensor {
  return hasKernel("vitradeLstm")
    ? fusedSteps(inputs, recall, steps, sequence)
    : composedSteps(inputs, recall, steps, sequence);
}

function fusedSteps(inputs: tf.Tensor, recall: tf.Tensor, steps: number, sequence: boolean): tf.Tensor {
  const run = tf.customGrad((a, b, save) => {
    const [sums, weight] = [a as tf.Tensor, b as tf.Tensor];
    const attributes = { steps };
    const [last, hidden, cells, gates] = tf
      .engine()
      .runKernel("vitradeLstm", { inputs: sums, recall: weight }, attributes) as tf.Tensor[];
    (save as tf.GradSaveFunc)([weight, hidden!, cells!, gates!]);
    return {
      value: sequence ? hidden! : last!,
      gradFunc: (dy, [recall, hidden, cells, gates]) =>
        tf
          .engine()
          .runKernel(
            "vitradeLstmGrad",
            { dy: dy as tf.Tensor, recall: recall!, hidden: hidden!, cells: cells!, gates: gates! },
            { sequence },
          ) as tf.Tensor[],
    };
  });
  const states = run(inputs, recall);
  return sequence ? states.transpose([0, 2, 1, 3]) : states;
}

/** The same in operations of TensorFlow.js, for every backend. */
export function composedSteps(
  inputs: tf.Tensor,
  recall: tf.Tensor,
  steps: number,
  sequence: boolean,
): tf.Tensor {
  let hidden: tf.Tensor | undefined;
  let cell: tf.Tensor | undefined;
  const states: tf.Tensor[] = [];
  for (const input of steps > 1 ? tf.split(inputs, steps, 1) : [inputs]) {
    const gates = hidden ? input.add(stackedMatMul(hidden, recall)) : input;
    const [i, f, g, o] = tf.split(gates, 4, 2) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const fresh = i.sigmoid().mul(g.tanh());
    cell = cell ? f.sigmoid().mul(cell).add(fresh) : fresh;
    hidden = o.sigmoid().mul(cell.tanh());
    if (sequence) states.push(hidden);
  }
  return sequence ? tf.stack(states, 2) : hidden!;
}
