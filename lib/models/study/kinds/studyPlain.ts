/** A network with numbers for weights, made for a data set: the mode of the posterior, and what dropout and ensembles are made of. */
import { drawForecasts } from "../../bnn/forecastDraws.js";
import type { ForecastNetwork } from "../../bnn/forecastNetwork.js";
import { mcDropout } from "../../bnn/mcDropout.js";
import { plainNetwork } from "../../bnn/plainNetwork.js";
import type { StudyBnnOptions } from "./studyBnn.js";
import { type StudyModel, scaledReturns } from "./studyModel.js";

/** Options of a plain network in a study. */
export interface StudyPlainOptions extends Omit<StudyBnnOptions, "prior"> {
  /** Fraction of the units dropped after each hidden layer, in training and in every draw of a prediction; 0 by default. */
  readonly dropout?: number;
}

/**
 * The plain network of a data set, with the same normal prior as `bnn` by default as a penalty: its training ends at the mode (MAP).
 *
 * Trained with several seeds it is a deep ensemble; with dropout each draw of a prediction drops units anew.
 * @see Lakshminarayanan, Pritzel & Blundell 2017; Gal & Ghahramani 2016
 */
export function plain(options: StudyPlainOptions): StudyModel<ForecastNetwork> {
  const { data, hidden = [64, 32], dropout = 0, noise = "each" } = options;
  const inputs = data.length * data.columns.length;
  const network = plainNetwork({
    ...{ inputs, hidden, activation: "leakyRelu", heads: ["return"], noise },
    dropout: hidden.map(() => dropout),
    dataSize: data.train.rows,
    prior: (layer) => widthScaledSds(layer === 0 ? inputs : hidden[layer - 1]!),
  });
  return {
    family: dropout > 0 ? "dropout" : "plain",
    network,
    dataOf: (part) => ({ x: part.x, y: scaledReturns(part), rows: part.rows }),
    draw(weights, part, { draws, key }) {
      const { returns } =
        dropout > 0
          ? mcDropout(network, weights, part.x, { draws, key })
          : drawForecasts(network, weights, part.x, { draws: 1, key, roles: [] });
      return { returns: returns! };
    },
  };
}

/** Standard deviations of `widthScaledPrior`. */
export function widthScaledSds(inputs: number): { readonly weightSd: number; readonly biasSd: number } {
  return { weightSd: Math.sqrt(2 / inputs), biasSd: 1 };
}
