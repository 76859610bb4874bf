/** Adam by TensorFlow's own fused operation, which the native backend of tfjs does not use. */
import * as tf from "@tensorflow/tfjs";
import { type AdamSettings, BETA1, BETA2, composedStep, EPSILON } from "../training/adam.js";
import type { Binding, NativeBackend } from "./native.js";

type Inputs = Record<"parameters" | "gradient" | "first" | "second" | "count", tf.Tensor> & AdamSettings;

const NAME = "vitradeAdam";
const BACKEND = "tensorflow";
/** Names of variables, which TensorFlow finds by name while an operation on them lasts. */
let variables = 0;

/** Registers `vitradeAdam` on the native backend, once. */
export function registerNativeAdam(): void {
  if (tf.getBackend() !== BACKEND || tf.getKernel(NAME, BACKEND)) return;
  tf.registerKernel({
    kernelName: NAME,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend }) => {
      const given = inputs as unknown as Inputs;
      const step = given.learningRate.size === 1 ? fusedStep : separateRates;
      return tf.tidy(() => step(backend as unknown as NativeBackend, given));
    },
  });
}

function separateRates(
  _: NativeBackend,
  { parameters, gradient, first, second, count, ...settings }: Inputs,
) {
  return [...composedStep(parameters, gradient, { first, second, count }, settings)];
}

/** The next parameters, first and second averages, and the count of steps. */
function fusedStep(native: NativeBackend, inputs: Inputs): tf.Tensor[] {
  const { parameters, gradient, first, second, learningRate, weightDecay, clip } = inputs;
  const t = inputs.count.add(1);
  const norm = gradient.square().sum(1, true).sqrt();
  const share = tf.minimum(1, tf.divNoNan(clip, norm).add(tf.equal(norm, 0).cast("float32")));
  // TensorFlow takes βᵗ, of which 1 − βᵗ loses digits, and adds ε before the correction of the bias: both are corrected here.
  const correction = oneLessPower(BETA2, t).sqrt();
  const rate = learningRate.asScalar().mul(correction).div(oneLessPower(BETA1, t));
  const [none, beta1, beta2] = [tf.scalar(0), tf.scalar(BETA1), tf.scalar(BETA2)];
  const settings = [none, none, rate, beta1, beta2, correction.mul(EPSILON), gradient.mul(share)];
  const decayed = parameters.mul(tf.sub(1, learningRate.mul(weightDecay)));
  return [...withVariables(native, [decayed, first, second], settings), t];
}

/** 1 − baseᵗ */
function oneLessPower(base: number, t: tf.Tensor): tf.Tensor {
  return t.mul(Math.log(base)).expm1().neg();
}

/** ResourceApplyAdam on variables that hold the three tensors and are gone afterwards; what they then hold. */
function withVariables(native: NativeBackend, values: tf.Tensor[], settings: tf.Tensor[]): tf.Tensor[] {
  const { binding } = native;
  const float = { name: "dtype", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const flag = (name: string, value: boolean) => ({ name, type: binding.TF_ATTR_BOOL, value });
  const ids = native.getInputTensorIds([...values, ...settings]);
  const handles = values.map(({ shape }) => variable(binding, shape));
  handles.forEach((handle, i) => {
    binding.executeOp("AssignVariableOp", [float], [handle, ids[i]!], 0);
  });
  const of = { ...float, name: "T" };
  const options = [of, flag("use_locking", false), flag("use_nesterov", false)];
  binding.executeOp("ResourceApplyAdam", options, [...handles, ...ids.slice(values.length)], 0);
  const results = handles.map((handle) => binding.executeOp("ReadVariableOp", [float], [handle], 1)[0]!);
  for (const handle of handles) {
    binding.executeOp("DestroyResourceOp", [flag("ignore_lookup_error", false)], [handle], 0);
    binding.deleteTensor(handle);
  }
  return results.map((metadata) => native.createOutputTensor(metadata));
}

function variable(binding: Binding, shape: readonly number[]): number {
  const attributes = [
    { name: "dtype", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "shape", type: binding.TF_ATTR_SHAPE, value: shape },
    { name: "container", type: binding.TF_ATTR_STRING, value: "" },
    { name: "shared_name", type: binding.TF_ATTR_STRING, value: `vitrade-adam-${variables++}` },
  ];
  return binding.executeOp("VarHandleOp", attributes, [], 1)[0]!.id;
}
