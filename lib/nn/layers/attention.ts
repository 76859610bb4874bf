/** The Transformer encoder block: attention over time, then a small network a step. */
import * as tf from "@tensorflow/tfjs";
import { checkCount } from "../../core/index.js";
import { dense } from "./dense.js";
import { type Layer, sequence } from "./layer.js";
import { layerNormalisation } from "./normalise.js";
import { scaledNormal } from "./parameters.js";
import { selfAttention } from "./selfAttention.js";

/** Sizes of a Transformer block. */
export interface AttentionOptions {
  /** Width of a step's vector, a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  /** Width inside the network of a step. */
  readonly inner: number;
}

/**
 * Pre-norm block: x + attention(norm x), then + network(norm of that): [R, B, T, width] to the same.
 *
 * Every step attends to all steps of its window, which lie in the past of the decision: nothing is masked.
 * @throws RangeError when the width is no multiple of the heads.
 * @see Vaswani et al. 2017; Xiong et al. 2020 for the place of the normalisation
 */
export function transformerBlock(name: string, { width, heads, inner }: AttentionOptions): Layer {
  checkCount(`${name}: heads`, heads);
  checkCount(`${name}: inner`, inner);
  checkCount(`${name}: width`, width);
  if (width % heads !== 0)
    throw new RangeError(`${name}: expected a width that ${heads} heads divide, got ${width}`);
  const linear = (of: string, inputs: number, outputs: number, gain = 1) =>
    dense(`${name}/${of}`, { inputs, outputs, initial: scaledNormal(inputs, gain) });
  const mix = linear("queries keys values", width, 3 * width);
  const out = linear("attended", width, width);
  const before = layerNormalisation(`${name}/norm 1`, width);
  const network = sequence([
    layerNormalisation(`${name}/norm 2`, width),
    linear("inner", width, inner, Math.SQRT2),
    { parameters: [], buffers: [], noise: [], apply: (_, x) => x.relu() },
    linear("outer", inner, width),
  ]);
  const parts = [before, mix, out, network];
  return {
    parameters: parts.flatMap((p) => p.parameters),
    buffers: [],
    noise: [],
    apply(feed, x) {
      const attended = selfAttention(mix.apply(feed, before.apply(feed, x)), heads);
      const first = x.add(out.apply(feed, attended));
      return first.add(network.apply(feed, first));
    },
  };
}

/** Sines and cosines that tell the steps apart: [1, 1, T, width] (Vaswani et al. 2017, section 3.5). */
export function positions(steps: number, width: number): tf.Tensor {
  const values = new Float32Array(steps * width);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < width; i++) {
      const angle = t / 10_000 ** ((2 * Math.floor(i / 2)) / width);
      values[t * width + i] = i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return tf.tensor(values, [1, 1, steps, width]);
}
