/** The long short-term memory by TensorFlow's own block operation, which the native backend of tfjs does not use. */
import * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./native.js";

const BACKEND = "tensorflow";
/** Gates input, cell state, forget, output, cell input, cell output and hidden state of each step. */
const STATES = 7;

type Inputs = Readonly<Record<string, tf.Tensor>>;

/** Registers `vitradeBlockLstm` and its gradient on the native backend, once. */
export function registerNativeLstm(): void {
  if (tf.getBackend() !== BACKEND || tf.getKernel("vitradeBlockLstm", BACKEND)) return;
  const register = (kernelName: string, run: (native: NativeBackend, inputs: Inputs) => tf.Tensor[]) =>
    tf.registerKernel({
      ...{ kernelName, backendName: BACKEND },
      kernelFunc: ({ inputs, backend }) =>
        tf.tidy(() => run(backend as unknown as NativeBackend, inputs as unknown as Inputs)),
    });
  register("vitradeBlockLstm", forward);
  register("vitradeBlockLstmGrad", backward);
}

/**
 * Seven states [T,B,H] each, the hidden one last.
 * @param inputs  x [T,B,I]; weight [I+H, 4H], what is read over what is recalled; bias [4H]; gates input, forget, cell, output
 */
function forward(native: NativeBackend, inputs: Inputs): tf.Tensor[] {
  const clip = { name: "cell_clip", type: native.binding.TF_ATTR_FLOAT, value: 0 };
  return execute(native, { name: "BlockLSTMV2", attributes: [clip], outputs: STATES }, operands(inputs));
}

/** Gradients of x, weight and bias, from the states and the gradients dy [T,B,H] of the hidden ones. */
function backward(native: NativeBackend, inputs: Inputs): tf.Tensor[] {
  const states = Array.from({ length: STATES }, (_, i) => inputs[`state${i}`]!);
  const tensors = [...operands(inputs), ...states, tf.zerosLike(states[0]!), inputs.dy!];
  const made = execute(native, { name: "BlockLSTMGradV2", attributes: [], outputs: 8 }, tensors);
  return [made[0]!, made[3]!, made[7]!];
}

/** x, the state before the first step, weights, those of peepholes, which are not used, and the bias. */
function operands({ x, weight, bias }: Inputs): tf.Tensor[] {
  const units = bias!.size / 4;
  const [nothing, unused] = [tf.zeros([x!.shape[1]!, units]), tf.zeros([units])];
  return [x!, nothing, nothing, weight!, unused, unused, unused, bias!];
}

function execute(
  native: NativeBackend,
  operation: {
    readonly name: string;
    readonly attributes: readonly { name: string; type: number; value: unknown }[];
    readonly outputs: number;
  },
  tensors: readonly tf.Tensor[],
): tf.Tensor[] {
  const { binding } = native;
  const attributes = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "use_peephole", type: binding.TF_ATTR_BOOL, value: false },
    ...operation.attributes,
  ];
  const steps = tensors[0]!.shape[0]!;
  const longest = binding.createTensor([], binding.TF_INT64, Int32Array.of(steps, 0)); // low half first
  try {
    const ids = [longest, ...native.getInputTensorIds(tensors)];
    const made = binding.executeOp(operation.name, attributes, ids, operation.outputs);
    return made.map((metadata) => native.createOutputTensor(metadata));
  } finally {
    binding.deleteTensor(longest);
  }
}
