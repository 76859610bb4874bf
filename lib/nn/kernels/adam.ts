/** Adam as one kernel. */
import type { Kernels, Machine } from "./machine.js";
import { sizeOf } from "./machine.js";

/** `vitradeAdam`: the next parameters, first and second averages [R,P], and the count of steps. */
export function adamKernels(machine: Machine): Kernels {
  return {
    vitradeAdam: (inputs) => {
      const { parameters, gradient, first, second, count, learningRate, weightDecay, clip } = inputs;
      const shape = parameters!.shape;
      const next = [shape, shape, shape, count!.shape].map((each) => machine.output(each));
      machine.code.adam(
        shape[0]!,
        shape[1]!,
        ...[parameters!, gradient!, first!, second!, ...next, count!].map((each) => machine.address(each)),
        machine.address(learningRate!),
        sizeOf(learningRate!.shape) === 1 ? 0 : 1,
        machine.address(weightDecay!),
        machine.address(clip!),
      );
      return next;
    },
  };
}
