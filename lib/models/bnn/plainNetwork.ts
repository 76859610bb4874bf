/** The forecast network with numbers for weights: fitted to the posterior's mode, and the base of dropout, ensembles and Laplace. */
import * as tf from "@tensorflow/tfjs";
import { checkPositive } from "../../core/index.js";
import type { Feed } from "../../nn/layers/index.js";
import { dense } from "../../nn/layers/index.js";
import { type ForecastNetwork, forecastNetwork, type NetworkConfig } from "./forecastNetwork.js";

/** Configuration of a plain network. */
export interface PlainConfig extends NetworkConfig {
  /** N, rows of the training data. */
  readonly dataSize: number;
  /**
   * Standard deviations of the normal prior of weights and biases, by the number of the layer: its −log, a penalty of squares, stands in
   * the place of the divergence. None for maximum likelihood.
   */
  readonly prior?: (layer: number) => { readonly weightSd: number; readonly biasSd: number };
}

/**
 * −log p(row | weights) and the row's share of −log p(weights), normalised: at β = 1 their minimum is the mode of the posterior (MAP).
 * @throws RangeError when an option makes no sense.
 */
export function plainNetwork(config: PlainConfig): ForecastNetwork {
  const penalties: ((feed: Feed) => tf.Tensor)[] = [];
  return forecastNetwork(
    config,
    (name, shape, index) => {
      const sds = config.prior?.(index);
      if (sds) {
        checkPositive(`${name}: weightSd`, sds.weightSd);
        checkPositive(`${name}: biasSd`, sds.biasSd);
        penalties.push(({ parameters }) =>
          minusLogNormal(parameters[`${name}/weight`]!, sds.weightSd).add(
            minusLogNormal(parameters[`${name}/bias`]!, sds.biasSd),
          ),
        );
      }
      return dense(name, shape);
    },
    (feed) => penalties.reduce((sum, penalty) => sum.add(penalty(feed)), tf.zeros([1]) as tf.Tensor),
    config.dataSize,
  );
}

/** −Σ log N(w | 0, sd²), [R] nats. @param w [R,I,O] */
function minusLogNormal(w: tf.Tensor, sd: number): tf.Tensor {
  const constant = (w.size / w.shape[0]!) * (Math.log(sd) + 0.5 * Math.log(2 * Math.PI));
  return w
    .square()
    .sum([1, 2])
    .mul(0.5 / sd ** 2)
    .add(constant);
}
