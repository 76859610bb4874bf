/** The prior of a Bayesian layer's weights: what it trains, what it draws, and what it costs. */
import type * as tf from "@tensorflow/tfjs";
import { checkPositive } from "../../core/index.js";
import type { Mixture } from "../../prob/distributions/index.js";
import {
  hardGates,
  klBernoulliTensor,
  klNormalTensor,
  klToHierarchicalTensor,
  klToMixtureDraw,
} from "../../prob/distributions/index.js";
import type { Feed, NoiseSpec } from "./layer.js";
import { filled, type ParameterSpec } from "./parameters.js";

/** Priors of weights, as plain data. */
export type WeightPrior =
  /** N(0, sd²): as a penalty, that of squares. */
  | { readonly kind: "normal"; readonly sd: number }
  /** Any mixture of normals; a narrow component is a spike that a network can be drawn to. */
  | { readonly kind: "mixture"; readonly mixture: Mixture }
  /** Exactly 0 with `spikeProbability`, else N(0, slabSd²); q has the same form, a gate for each weight or each input. */
  | {
      readonly kind: "spike and slab";
      readonly spikeProbability: number;
      readonly slabSd: number;
      readonly group: "weight" | "input";
    }
  /** N(0, σ²) with σ² ~ InverseGamma(shape, rate): one σ for the layer, or one for each input (automatic relevance determination). */
  | {
      readonly kind: "hierarchical";
      readonly shape: number;
      readonly rate: number;
      readonly group: "layer" | "input";
    };

/** q of the weights: [R,I,O] each. */
export interface WeightDistribution {
  readonly mean: tf.Tensor;
  readonly sd: tf.Tensor;
}

/** What a prior adds to a layer. */
export interface PriorPart {
  readonly parameters: readonly ParameterSpec[];
  readonly noise: readonly NoiseSpec[];
  /** KL of the layer's weights, [R] nats. */
  kl(feed: Feed, distribution: WeightDistribution): tf.Tensor;
  /** Gates that multiply the weights, [R, I, O or 1]; none for most priors. */
  gates?(feed: Feed): tf.Tensor;
}

/** Where a gate stands first: open half of the time. */
const FIRST_LOGIT = 0;

/**
 * @param noise  standard normals the weights are drawn by, where the layer draws weights; a mixture takes the same
 * @throws RangeError when a parameter of the prior makes no sense.
 */
export function priorPart(
  name: string,
  prior: WeightPrior,
  shape: readonly [inputs: number, outputs: number],
  weightNoise: NoiseSpec | undefined,
): PriorPart {
  if (prior.kind === "normal") {
    checkPositive(`${name}: prior sd`, prior.sd);
    return plain((_, { mean, sd }) => klNormalTensor(mean, sd, prior.sd).sum([1, 2]));
  }
  if (prior.kind === "hierarchical") return hierarchicalPart(prior, shape);
  if (prior.kind === "mixture") return mixturePart(name, prior.mixture, shape, weightNoise);
  return gatedPart(name, prior, shape);
}

function plain(kl: PriorPart["kl"]): PriorPart {
  return { parameters: [], noise: [], kl };
}

function hierarchicalPart(
  prior: WeightPrior & { kind: "hierarchical" },
  [inputs, outputs]: readonly [number, number],
): PriorPart {
  const groups = prior.group === "input" ? [-1, inputs, outputs] : [-1, 1, inputs * outputs];
  return plain((_, { mean, sd }) =>
    klToHierarchicalTensor(mean.reshape(groups), sd.reshape(groups), prior).sum(1),
  );
}

function mixturePart(
  name: string,
  mixture: Mixture,
  shape: readonly [number, number],
  weightNoise: NoiseSpec | undefined,
): PriorPart {
  const spec = weightNoise ?? {
    name: `${name}/prior noise`,
    kind: "normal",
    shape,
    role: "draw",
  };
  return {
    parameters: [],
    noise: weightNoise ? [] : [spec],
    kl(feed, { mean, sd }) {
      const noise = feed.noise[spec.name];
      if (!noise)
        throw new RangeError(`${name}: the divergence from a mixture is a draw and needs its noise`);
      return klToMixtureDraw(mean, sd, noise, mixture).sum([1, 2]);
    },
  };
}

function gatedPart(
  name: string,
  prior: WeightPrior & { kind: "spike and slab" },
  [inputs, outputs]: readonly [number, number],
): PriorPart {
  const { spikeProbability, slabSd } = prior;
  checkPositive(`${name}: slab sd`, slabSd);
  if (!(spikeProbability > 0 && spikeProbability < 1))
    throw new RangeError(`${name}: expected a spike probability in (0, 1), got ${spikeProbability}`);
  const shape = [inputs, prior.group === "input" ? 1 : outputs];
  const logit = { name: `${name}/gate logit`, shape, initial: filled(FIRST_LOGIT) };
  const noise: NoiseSpec = { name: `${name}/gate uniform`, kind: "uniform", shape, role: "draw" };
  return {
    parameters: [logit],
    noise: [noise],
    kl({ parameters }, { mean, sd }) {
      const logits = parameters[logit.name]!;
      const slab = klNormalTensor(mean, sd, slabSd).mul(logits.sigmoid()).sum([1, 2]);
      return klBernoulliTensor(logits, 1 - spikeProbability)
        .sum([1, 2])
        .add(slab);
    },
    gates({ parameters, noise: fed }) {
      const logits = parameters[logit.name]!;
      const uniform = fed[noise.name];
      return uniform ? hardGates(logits, uniform) : logits.greater(0).cast("float32");
    },
  };
}
