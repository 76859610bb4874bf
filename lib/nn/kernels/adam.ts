/** Adam as one kernel. */
import type { Machine } from "./machine.js";
import { sizeOf } from "./machine.js";
import type { Kernels } from "./planned.js";

/** `vitradeAdam`: the next parameters, first and second averages [R,P], and the count of steps. */
export function adamKernels({ code }: Machine): Kernels {
  return {
    vitradeAdam: (named) => {
      const { parameters, gradient, first, second, count, learningRate, weightDecay, clip } = named;
      const shape = parameters!.shape;
      const [replicas, size] = shape as [number, number];
      const rateStep = sizeOf(learningRate!.shape) === 1 ? 0 : 1;
      return {
        inputs: [parameters!, gradient!, first!, second!, count!, learningRate!, weightDecay!, clip!],
        outputs: [shape, shape, shape, count!.shape],
        isList: true,
        scratch: 0,
        run: ([p, g, m, v, t, rate, decay, norm, a, b, c, d]) =>
          code.adam(replicas, size, p!, g!, m!, v!, a!, b!, c!, d!, t!, rate!, rateStep, decay!, norm!),
      };
    },
  };
}
