/** The Bayesian network: distributions instead of weights in a forecast network, trained by the evidence lower bound. */
import type * as tf from "@tensorflow/tfjs";
import type { Feed, WeightPrior } from "../../nn/layers/index.js";
import { type BayesLayer, bayesDense } from "../../nn/layers/index.js";
import { type ForecastNetwork, forecastNetwork, type NetworkConfig } from "./forecastNetwork.js";

/** Priors of one linear layer. */
export interface LayerPrior {
  readonly weights: WeightPrior;
  /** Standard deviation of the normal prior of the biases. */
  readonly biasSd: number;
}

/** One for all layers, or by the number of the layer and its inputs; the heads have the number of hidden layers. */
export type PriorOfLayers = LayerPrior | ((layer: number, inputs: number) => LayerPrior);

/** N(0, 1) for every weight and bias. */
export const STANDARD_NORMAL: LayerPrior = { weights: { kind: "normal", sd: 1 }, biasSd: 1 };

/**
 * N(0, 2 / inputs) for weights, N(0, 1) for biases: the pre-activations keep their size whatever the width. Under N(0, 1) they grow with
 * the root of the width, so that a wide network is sure of wild functions before it has seen a row.
 * @see Neal 1996, chapter 2
 */
export function widthScaledPrior(_layer: number, inputs: number): LayerPrior {
  return { weights: { kind: "normal", sd: Math.sqrt(2 / inputs) }, biasSd: 1 };
}

/** Configuration of a Bayesian neural network. */
export interface BnnConfig extends NetworkConfig {
  /** N, rows of the training data: each row bears 1/N of the divergence, a batch of M rows M/N. */
  readonly dataSize: number;
  readonly prior: PriorOfLayers;
  /** "local" trains with less noise; "weights" draws whole functions. The parameters are the same. */
  readonly sampling: "local" | "weights";
  /** First standard deviation of all weights (default a quarter of the spread of their first means). */
  readonly initialSd?: number;
}

/** Place of a layer's distribution among the parameters. */
export interface LayerShape {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly prior: LayerPrior;
}

/** A Bayesian neural network: a forecast network whose weights have posteriors. */
export interface Bnn extends ForecastNetwork {
  readonly layers: readonly LayerShape[];
  /** KL(q(w) ‖ p(w)) of the whole network, [R] nats. */
  kl(feed: Feed): tf.Tensor;
}

/**
 * −log p(row | weights) with one draw of the weights, and the row's share of KL(q ‖ prior).
 *
 * At β = 1 and with all weights N(μ, σ²) this is Bayes by Backprop. Another β is a tempered posterior: choose it on later data and say so.
 * @throws RangeError when an option makes no sense.
 * @see Graves 2011; Blundell, Cornebise, Kavukcuoglu & Wierstra 2015
 */
export function bnn(config: BnnConfig): Bnn {
  const { prior, sampling, initialSd } = config;
  const made: { layer: BayesLayer; shape: LayerShape }[] = [];
  const kl = (feed: Feed) => made.map(({ layer }) => layer.kl(feed)).reduce((sum, part) => sum.add(part));
  const network = forecastNetwork(
    config,
    (name, { inputs, outputs, ofData }, index) => {
      const own = typeof prior === "function" ? prior(index, inputs) : prior;
      const layer = bayesDense(name, {
        ...{ inputs, outputs, ofData, sampling },
        prior: own.weights,
        biasPriorSd: own.biasSd,
        ...(initialSd === undefined ? {} : { initialSd }),
      });
      made.push({ layer, shape: { name, inputs, outputs, prior: own } });
      return layer;
    },
    kl,
    config.dataSize,
  );
  return { ...network, layers: made.map(({ shape }) => shape), kl };
}
