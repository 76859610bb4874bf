/** Layer normalisation in one kernel, and its gradients in another. */
import { type Machine, sizeOf } from "./machine.js";
import type { Kernels } from "./planned.js";

/**
 * `vitradeLayerNorm`: x [R,…,F], scale and shift [R,1,F] to the normalised x, x less its means, the variances with `epsilon`
 * [R,…,1] and the roots of their inverses.
 *
 * `vitradeLayerNormGrad`: from dy and, of that, the centred x, the deviation and the variances to the power 3/2, the gradients of
 * x by way of the difference and by way of the mean, of scale and of shift.
 */
export function layerNormKernels({ code }: Machine): Kernels {
  return {
    vitradeLayerNorm: ({ x, scale, shift }, { epsilon }) => {
      const shape = x!.shape;
      const each = [...shape.slice(0, -1), 1];
      const [replicas, rows, features] = sizesOf(shape);
      return {
        inputs: [x!, scale!, shift!],
        outputs: [shape, shape, each, each],
        isList: true,
        scratch: 0,
        run: (at) =>
          code.layerNorm(...[replicas, rows, features, 1 / features, epsilon as number], ...at.slice(0, 7)),
      };
    },
    vitradeLayerNormGrad: ({ dy, centred, deviation, power, scale }) => {
      const shape = dy!.shape;
      const sizes = sizesOf(shape);
      return {
        inputs: [dy!, centred!, deviation!, power!, scale!],
        outputs: [shape, shape, scale!.shape, scale!.shape],
        isList: true,
        scratch: 0,
        run: (at) => code.layerNormGradient(...sizes, ...at.slice(0, 9)),
      };
    },
  };
}

/** Replicas, rows of each, features. */
function sizesOf(shape: readonly number[]): [number, number, number] {
  const last = shape.length - 1;
  return [shape[0]!, sizeOf(shape, 1, last), shape[last]!];
}
