/** Attention of the steps of windows to each other in one kernel, and its gradient in another. */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { Machine } from "./machine.js";
import type { Attributes, Kernels } from "./planned.js";

/**
 * `vitradeAttention`: queries, keys and values [R,B,T,3·width] of `heads` heads to what each step has attended to [R,B,T,width]
 * and the shares [R,B,heads,T,T] in which it did.
 *
 * `vitradeAttentionGrad`: from dy [R,B,T,width], the same input and the shares, the gradient of the input.
 */
export function attentionKernels({ code }: Machine): Kernels {
  return {
    vitradeAttention: ({ mixed }, attributes) => {
      const { replicas, rows, steps, heads, size } = sizesOf(mixed!, attributes);
      return {
        inputs: [mixed!],
        outputs: [
          [replicas, rows, steps, heads * size],
          [replicas, rows, heads, steps, steps],
        ],
        isList: true,
        scratch: code.attentionScratch(steps, size),
        run: (at) => code.attention(replicas * rows, steps, heads, size, 1 / Math.sqrt(size), ...at),
      };
    },
    vitradeAttentionGrad: ({ dy, mixed, shares }, attributes) => {
      const { replicas, rows, steps, heads, size } = sizesOf(mixed!, attributes);
      return {
        inputs: [dy!, mixed!, shares!],
        outputs: [mixed!.shape],
        scratch: code.attentionScratch(steps, size),
        run: (at) => code.attentionGradient(replicas * rows, steps, heads, size, 1 / Math.sqrt(size), ...at),
      };
    },
  };
}

function sizesOf({ shape }: TensorInfo, attributes: Attributes) {
  const [replicas, rows, steps, triple] = shape as [number, number, number, number];
  const heads = attributes.heads as number;
  return { replicas, rows, steps, heads, size: triple / 3 / heads };
}
