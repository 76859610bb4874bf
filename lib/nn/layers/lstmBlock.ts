/** The long short-term memory of one replica after the other in the block operation of a backend that has one. */
import * as tf from "@tensorflow/tfjs";

/**
 * The last hidden state [R,B,H], or all of them [R,B,T,H].
 * @param x  [R or 1, B, T, I]
 * @param parameters  read [R,I,4H], recall [R,H,4H] and bias [R,1,4H], gates in the order input, forget, cell, output
 */
export function lstmBlock(
  x: tf.Tensor,
  { read, recall, bias }: { readonly read: tf.Tensor; readonly recall: tf.Tensor; readonly bias: tf.Tensor },
  sequence: boolean,
): tf.Tensor {
  const replicas = read.shape[0]!;
  const byTime = x.transpose([0, 2, 1, 3]);
  const of = (tensor: tf.Tensor) => (tensor.shape[0] === 1 ? [tensor] : tf.split(tensor, tensor.shape[0]!));
  const [rows, weights, biases] = [of(byTime), of(tf.concat([read, recall], 1)), of(bias)];
  const states = Array.from({ length: replicas }, (_, r) => {
    const hidden = block(
      rows[r % rows.length]!.squeeze([0]),
      weights[r]!.squeeze([0]),
      biases[r]!.reshape([-1]),
    );
    const steps = hidden.shape[0]!;
    return sequence ? hidden.transpose([1, 0, 2]) : hidden.slice([steps - 1], [1]).squeeze([0]);
  });
  return tf.stack(states);
}

/** All hidden states [T,B,H]. */
function block(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const run = tf.customGrad((...args) => {
    const [x, weight, bias] = args as tf.Tensor[];
    const save = args[3] as tf.GradSaveFunc;
    const inputs = { x: x!, weight: weight!, bias: bias! };
    const states = tf.engine().runKernel("vitradeBlockLstm", inputs) as tf.Tensor[];
    save([x!, weight!, bias!, ...states]);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => {
      const [x, weight, bias, ...states] = saved;
      const named = Object.fromEntries(states.map((state, i) => [`state${i}`, state]));
      const given = { x: x!, weight: weight!, bias: bias!, dy: dy as tf.Tensor, ...named };
      return tf.engine().runKernel("vitradeBlockLstmGrad", given) as tf.Tensor[];
    };
    return { value: states[states.length - 1]!, gradFunc };
  });
  return run(x, weight, bias);
}
