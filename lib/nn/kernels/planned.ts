/** Kernels in two parts: what the shapes of their inputs settle, made once, and the work on memory that has addresses. */
import type * as tf from "@tensorflow/tfjs";
import type { Memory } from "./machine.js";

/** A kernel's inputs by name; a variadic kernel's come as a list. */
export type Inputs = Readonly<Record<string, tf.TensorInfo>>;
export type Attributes = Readonly<Record<string, unknown>>;
type Shape = readonly number[];

/** Work on inputs of known shapes, all float32. */
export interface Work {
  /** Inputs whose addresses `run` takes, in their order. */
  readonly inputs: readonly tf.TensorInfo[];
  readonly outputs: readonly Shape[];
  /** The outputs are a list, even of one. */
  readonly isList?: true;
  /** Bytes of memory that it uses while it runs. */
  readonly scratch: number;
  /** @param at  addresses of the inputs, of the outputs, and of the scratch memory, 0 where it needs none */
  run(at: readonly number[]): void;
}

/** The same values in another shape, without a copy. */
export interface Alias {
  readonly alias: tf.TensorInfo;
  readonly shape: Shape;
}

/** What a kernel does with inputs of these shapes; undefined sends the call to the stock kernel of that name. */
export type Planner = (inputs: Inputs, attributes: Attributes) => Work | Alias | undefined;
/** Own kernels by name. */
export type Kernels = Readonly<Record<string, Planner>>;

const planners = new WeakMap<tf.KernelFunc, Planner>();

/** What a registered kernel does with inputs of these shapes; undefined for a stock kernel, and for an alias. */
export function workOf(kernel: tf.KernelFunc, inputs: Inputs, attributes: Attributes): Work | undefined {
  const plan = planners.get(kernel)?.(inputs, attributes);
  return plan && "run" in plan ? plan : undefined;
}

/** The kernel of a planner, as the engine calls it. */
export function kernelOf(
  name: string,
  planner: Planner,
  memory: Memory,
  stock: tf.KernelFunc | undefined,
): tf.KernelFunc {
  const kernel: tf.KernelFunc = (call) => {
    const plan = planner(call.inputs as Inputs, call.attrs ?? {});
    if (plan) return perform(plan, memory);
    if (stock) return stock(call);
    throw new TypeError(`${name}: these inputs are not for it`);
  };
  planners.set(kernel, planner);
  return kernel;
}

/** Does the work on memory of the backend; the caller owns the outputs. */
export function perform(plan: Work | Alias, memory: Memory): tf.TensorInfo | tf.TensorInfo[] {
  if ("alias" in plan) return memory.alias(plan.alias, plan.shape);
  const outputs = plan.outputs.map((shape) => memory.output(shape));
  const at = [...plan.inputs, ...outputs].map(({ dataId }) => memory.address(dataId));
  const scratch = plan.scratch > 0 ? memory.take(plan.scratch) : 0;
  try {
    plan.run([...at, scratch]);
  } finally {
    if (scratch > 0) memory.giveBack(scratch);
  }
  return plan.isList ? outputs : outputs[0]!;
}
