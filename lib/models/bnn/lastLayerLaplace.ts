/** The last-layer Laplace approximation: a trained network whose return head alone becomes Bayesian, in closed form. */
import * as tf from "@tensorflow/tfjs";
import type { ForecastMoments } from "../../core/index.js";
import {
  checkLength,
  checkPositive,
  cholesky,
  columnVector,
  crossProduct,
  fromFlat,
  logDeterminant,
  Matrix,
  solveLower,
} from "../../core/index.js";
import { feedOf, layoutsOf, type Weights } from "../../nn/layers/index.js";
import type { Data } from "../../nn/training/index.js";
import type { ForecastNetwork } from "./forecastNetwork.js";

/** The Gaussian posterior of a head's mean, given the layers below. */
export interface LastLayerLaplace {
  /** [H+1,H+1] precision of the head's weights and, last, its bias. */
  readonly precision: Matrix;
  /** log |precision|: with the fitted likelihood, what the evidence needs. */
  readonly logDeterminant: number;
  /** Mean of the network itself; epistemic part φᵀ Λ⁻¹ φ. @param x [N,F] */
  predict(x: Float32Array): ForecastMoments;
}

/**
 * The posterior of the head's mean with precision Λ = prior + Σ φ φᵀ / variance over the training rows [N,F], φ being the last hidden layer and 1.
 *
 * Given the features and the variances it is the exact posterior of the head's mean. What the layers below do not know is left out, and so
 * is the uncertainty of the variances.
 * @param weights  one replica, of the posterior's mode
 * @param data     the rows it was trained on
 * @param prior    standard deviations of the head's weights and bias
 * @throws RangeError when there is no return head, more than one replica, or a standard deviation is not positive.
 * @see MacKay 1992; Daxberger et al. 2021
 */
export function lastLayerLaplace(
  network: ForecastNetwork,
  weights: Weights,
  data: Pick<Data, "x" | "rows">,
  prior: { readonly weightSd: number; readonly biasSd: number },
): LastLayerLaplace {
  checkPositive("weightSd", prior.weightSd);
  checkPositive("biasSd", prior.biasSd);
  if (weights.replicas !== 1)
    throw new RangeError(`lastLayerLaplace: expected one replica, got ${weights.replicas}`);
  checkLength("x", data.x, data.rows * network.config.inputs);
  const seen = readNetwork(network, weights, data.x);
  const size = seen.width;
  const precision = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) precision.set(i, i, (i === size - 1 ? prior.biasSd : prior.weightSd) ** -2);
  const scaled = seen.features.map((value, i) => value / Math.sqrt(seen.variance[Math.floor(i / size)]!));
  const design = fromFlat(scaled, data.rows, size);
  precision.add(crossProduct(design));
  const lower = cholesky(precision, "precision of the last layer");
  return {
    precision,
    logDeterminant: logDeterminant(lower),
    predict(x) {
      const { features, mean, variance } = readNetwork(network, weights, x);
      const epistemic = Float64Array.from(mean, (_, n) => {
        const half = solveLower(lower, columnVector(features.subarray(n * size, (n + 1) * size)));
        return half.norm() ** 2;
      });
      return { mean, aleatoric: variance, latent: new Float64Array(mean.length), epistemic };
    },
  };
}

/** Features with a 1 at the end [N,H+1], mean and variance [N], without any noise fed. */
function readNetwork(network: ForecastNetwork, weights: Weights, x: Float32Array) {
  const { inputs } = network.config;
  const rows = Math.round(x.length / inputs);
  checkLength("x", x, rows * inputs);
  const layouts = layoutsOf(network);
  const read = tf.tidy(() => {
    const parameters = tf.tensor2d(weights.parameters, [1, layouts.parameters.total]);
    const feed = feedOf(layouts, { parameters, buffers: tf.zeros([1, 0]) }, {}, false);
    const input = tf.tensor(x, [1, rows, inputs]);
    const { mean, variance } = network.predict(feed, input);
    const hidden = network.features(feed, input);
    return { features: tf.concat([hidden, tf.ones([1, rows, 1])], 2), mean, variance };
  });
  const width = read.features.shape[2]!;
  const [features, mean, variance] = [read.features, read.mean, read.variance].map((tensor) =>
    Float64Array.from(tensor.dataSync()),
  ) as [Float64Array, Float64Array, Float64Array];
  tf.dispose([read.features, read.mean, read.variance]);
  return { features, mean, variance, width };
}
