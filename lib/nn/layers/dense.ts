/** The fully connected layer of R replicas. */
import { checkCount } from "../../core/index.js";
import type { Layer } from "./layer.js";
import { type ParameterSpec, scaledNormal, zeros } from "./parameters.js";
import { stackedAffine, stackedMatMul, stackedMatMulOfData } from "./stackedMatMul.js";

/** Options of a dense layer. */
export interface DenseOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** First weights (default N(0, 2 / inputs)). */
  readonly initial?: ParameterSpec["initial"];
  /** First bias (default 0); false for none. */
  readonly bias?: ParameterSpec["initial"] | false;
  /** The input is data, so that no gradient of it is computed. */
  readonly ofData?: boolean;
}

/**
 * The layer x · W + b on the last axis: [R or 1, B, inputs] to [R, B, outputs]; other axes before the last are rows too.
 * @throws RangeError when a size is not a positive integer.
 */
export function dense(name: string, options: DenseOptions): Layer {
  const { inputs, outputs, bias = zeros, ofData = false } = options;
  checkCount(`${name}: inputs`, inputs);
  checkCount(`${name}: outputs`, outputs);
  const initial = options.initial ?? scaledNormal(inputs, Math.SQRT2);
  const weight = { name: `${name}/weight`, shape: [inputs, outputs], initial };
  const shift = bias === false ? [] : [{ name: `${name}/bias`, shape: [1, outputs], initial: bias }];
  const product = ofData ? stackedMatMulOfData : stackedMatMul;
  return {
    parameters: [weight, ...shift],
    buffers: [],
    noise: [],
    apply({ parameters }, x) {
      const rows = x.rank === 3 ? x : x.reshape([x.shape[0]!, -1, inputs]);
      const w = parameters[weight.name]!;
      const shifted =
        bias === false ? product(rows, w) : stackedAffine(rows, w, parameters[`${name}/bias`]!, ofData);
      return x.rank === 3 ? shifted : shifted.reshape([shifted.shape[0]!, ...x.shape.slice(1, -1), outputs]);
    },
  };
}
