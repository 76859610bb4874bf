/** A Bayesian neural network of market windows, made for a data set. */
import { type Bnn, bnn as bayesianNetwork, type PriorOfLayers, widthScaledPrior } from "../../bnn/bnn.js";
import { drawForecasts } from "../../bnn/forecastDraws.js";
import { type StudyData, type StudyModel, scaledReturns } from "./studyModel.js";

/** Options of `bnn`. */
export interface StudyBnnOptions {
  readonly data: StudyData;
  /** Widths of the hidden layers, [64, 32] by default. */
  readonly hidden?: readonly number[];
  /** Prior of the weights; by default normal with variance 2 / inputs of the layer. */
  readonly prior?: PriorOfLayers;
  /** Variance of the return given the weights: predicted for each row (the default), or one learnt for all. */
  readonly noise?: "each" | "learned";
}

/**
 * The Bayesian network of a data set: a distribution over its weights, a normal head for the next return.
 *
 * The KL of the weights counts once for the whole training part: 1/N a row.
 * @throws RangeError when a size is not a positive integer.
 * @see Blundell et al. 2015; Kingma, Salimans & Welling 2015 for the local reparameterisation
 */
export function bnn(options: StudyBnnOptions): StudyModel<Bnn> {
  const { data, hidden = [64, 32], prior = widthScaledPrior, noise = "each" } = options;
  const network = bayesianNetwork({
    inputs: data.length * data.columns.length,
    hidden,
    activation: "leakyRelu",
    dropout: [],
    heads: ["return"],
    noise,
    prior,
    sampling: "local",
    dataSize: data.train.rows,
  });
  return {
    family: "bnn",
    network,
    dataOf: (part) => ({ x: part.x, y: scaledReturns(part), rows: part.rows }),
    draw(weights, part, { draws, key }) {
      const { returns } = drawForecasts(network, weights, part.x, { draws, key });
      return { returns: returns! };
    },
  };
}
