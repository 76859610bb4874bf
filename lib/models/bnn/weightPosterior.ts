/** Posteriors of the weights of a trained Bayesian network. */
import { checkCount } from "../../core/index.js";
import { layoutsOf, type Weights } from "../../nn/layers/index.js";
import { expectedScales, softplus } from "../../prob/distributions/index.js";
import type { Bnn, LayerShape } from "./bnn.js";

/** Distributions of a layer's weights, [I,O] row-major. */
export interface WeightPosterior {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** |mean| / sd: weights of a small ratio can be set to 0 at no cost. */
  readonly signalToNoise: Float64Array;
  /** Probability that a weight is not exactly 0: 1 unless the prior is spike and slab. */
  readonly inclusion: Float64Array;
  /** [I] posterior mean of the scale σ² of each input's weights, under a hierarchical prior by input: its relevance. */
  readonly scales?: Float64Array;
}

/**
 * The posteriors of the weights of all layers of replica `replica`.
 * @throws RangeError when there is no such replica.
 */
export function weightPosteriors(model: Bnn, weights: Weights, replica = 0): WeightPosterior[] {
  const read = parameterReader(model, weights, replica);
  return model.layers.map((layer) => posteriorOf(layer, read));
}

/** Reads the parameters of one replica by name; undefined where there is none of that name. */
export function parameterReader(
  model: Pick<Bnn, "parameters" | "buffers">,
  weights: Weights,
  replica: number,
): (name: string) => Float32Array | undefined {
  checkCount("replica", replica, 0);
  if (replica >= weights.replicas)
    throw new RangeError(`replica: expected at most ${weights.replicas - 1}, got ${replica}`);
  const { specs, sizes, total } = layoutsOf(model).parameters;
  return (name) => {
    const i = specs.findIndex((spec) => spec.name === name);
    if (i < 0) return undefined;
    const at = replica * total + sizes.slice(0, i).reduce((a, b) => a + b, 0);
    return weights.parameters.subarray(at, at + sizes[i]!);
  };
}

function posteriorOf(
  { name, inputs, outputs, prior }: LayerShape,
  read: (name: string) => Float32Array | undefined,
): WeightPosterior {
  const mean = Float64Array.from(read(`${name}/weight mean`)!);
  const sd = Float64Array.from(read(`${name}/weight rho`)!, softplus);
  const logits = read(`${name}/gate logit`);
  const open = (i: number) => {
    const logit = logits?.[logits.length === inputs ? Math.floor(i / outputs) : i];
    return logit === undefined ? 1 : 1 / (1 + Math.exp(-logit));
  };
  const { weights: distribution } = prior;
  const squares = Float64Array.from({ length: inputs }, (_, i) =>
    mean
      .subarray(i * outputs, (i + 1) * outputs)
      .reduce((sum, m, o) => sum + m ** 2 + sd[i * outputs + o]! ** 2, 0),
  );
  return {
    ...{ name, inputs, outputs, mean, sd },
    signalToNoise: mean.map((m, i) => Math.abs(m) / sd[i]!),
    inclusion: mean.map((_, i) => open(i)),
    ...(distribution.kind === "hierarchical" && distribution.group === "input"
      ? { scales: expectedScales(squares, outputs, distribution) }
      : {}),
  };
}
