/** Attention of the steps of windows to each other in one kernel, and its gradient in another. */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { Attributes, Kernels, Machine } from "./machine.js";

/**
 * `vitradeAttention`: queries, keys and values [R,B,T,3·width] of `heads` heads to what each step has attended to [R,B,T,width]
 * and the shares [R,B,heads,T,T] in which it did.
 *
 * `vitradeAttentionGrad`: from dy [R,B,T,width], the same input and the shares, the gradient of the input.
 */
export function attentionKernels({ code, output, address, withScratch }: Machine): Kernels {
  return {
    vitradeAttention: ({ mixed }, attributes) => {
      const { replicas, rows, steps, heads, size } = sizesOf(mixed!, attributes);
      const attended = output([replicas, rows, steps, heads * size]);
      const shares = output([replicas, rows, heads, steps, steps]);
      const [from, to, shareTo] = [mixed!, attended, shares].map(address) as [number, number, number];
      withScratch(code.attentionScratch(steps, size), (scratch) =>
        code.attention(replicas * rows, steps, heads, size, 1 / Math.sqrt(size), from, to, shareTo, scratch),
      );
      return [attended, shares];
    },
    vitradeAttentionGrad: ({ dy, mixed, shares }, attributes) => {
      const { replicas, rows, steps, heads, size } = sizesOf(mixed!, attributes);
      const out = output(mixed!.shape);
      const addresses = [dy!, mixed!, shares!, out].map(address);
      withScratch(code.attentionScratch(steps, size), (scratch) =>
        code.attentionGradient(
          ...[replicas * rows, steps, heads, size, 1 / Math.sqrt(size)],
          ...addresses,
          scratch,
        ),
      );
      return out;
    },
  };
}

function sizesOf({ shape }: TensorInfo, attributes: Attributes) {
  const [replicas, rows, steps, triple] = shape as [number, number, number, number];
  const heads = attributes.heads as number;
  return { replicas, rows, steps, heads, size: triple / 3 / heads };
}
