/** Puts the library's own SIMD kernels over the stock ones of the wasm backend. */
import * as tf from "@tensorflow/tfjs";
import { adamKernels } from "./adam.js";
import { attentionKernels } from "./attention.js";
import { elementwiseKernels } from "./elementwise.js";
import { registerGradients } from "./gradients.js";
import { layerNormKernels } from "./layerNorm.js";
import { layoutKernels } from "./layout.js";
import { lstmKernels } from "./lstm.js";
import { type Machine, machineOf } from "./machine.js";
import { matMulKernels } from "./matMul.js";
import { type Kernels, kernelOf } from "./planned.js";
import { reduceKernels } from "./reduce.js";

const BACKEND = "wasm";
const GROUPS = [
  ...[matMulKernels, adamKernels, layoutKernels, elementwiseKernels, reduceKernels],
  ...[lstmKernels, attentionKernels, layerNormKernels],
];

/**
 * Registers the kernels on the running wasm backend; false, and nothing changed, where its memory cannot be shared.
 * @param options.fused  whether products may use fused multiply-add, where the machine has it
 * @throws Error when the kernels are not compiled.
 */
export function registerKernels({ fused }: { readonly fused: boolean }): boolean {
  const machine = machineOf(tf.backend() as tf.KernelBackend, fused);
  if (!machine) return false;
  for (const kernelsOf of GROUPS) register(kernelsOf(machine), machine);
  registerGradients();
  return true;
}

function register(kernels: Kernels, machine: Machine): void {
  for (const [kernelName, planner] of Object.entries(kernels)) {
    const stock = tf.getKernel(kernelName, BACKEND);
    if (stock) tf.unregisterKernel(kernelName, BACKEND);
    const kernelFunc = kernelOf(kernelName, planner, machine, stock?.kernelFunc);
    tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
  }
}
