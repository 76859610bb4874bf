/** The families of networks that predict the return of a window: how each is built and what it is trained on. */
import { type Bnn, bnn, widthScaledPrior } from "../../../models/bnn/index.js";
import { type MarketConfig, type MarketVae, marketVaeOf } from "../../../models/marketVae/index.js";
import type { Data } from "../../../nn/training/index.js";
import { UsageProblem } from "../../exit.js";

/** "vae": the market VAE; "bnn": a network whose weights have a posterior distribution. */
export type ForecastFamily = "vae" | "bnn";

export const FORECAST_FAMILIES: readonly ForecastFamily[] = ["vae", "bnn"];

/** A network with the name of its family. */
export type FamilyNetwork =
  | { readonly family: "vae"; readonly model: MarketVae }
  | { readonly family: "bnn"; readonly model: Bnn };

/** The settings as a family takes them: the KL of a Bayesian network counts once, so that its loss is the negative ELBO. */
export function familySettings(family: ForecastFamily, config: MarketConfig): MarketConfig {
  if (family === "vae") return config;
  if (config.model.encoder !== "mlp")
    throw new UsageProblem(`model.encoder: expected mlp for the family bnn, got ${config.model.encoder}`);
  return { ...config, model: { ...config.model, beta: 1 } };
}

/** The network of the settings. @param trainRows  N, over which the KL of weights is spread */
export function networkOf(family: ForecastFamily, config: MarketConfig, trainRows: number): FamilyNetwork {
  if (family === "vae") return { family, model: marketVaeOf(config) };
  const { model, data } = config;
  const network = bnn({
    ...{ inputs: data.sequenceLength * model.inputDim, hidden: model.hidden, activation: "leakyRelu" },
    ...{ dropout: [], heads: ["return"], noise: "each", prior: widthScaledPrior, sampling: "local" },
    dataSize: trainRows,
  });
  return { family, model: network };
}

/** The rows as a family is trained on them: all targets, or the scaled return alone. */
export function rowsOfFamily(family: ForecastFamily, data: Data): Data {
  if (family === "vae") return data;
  const width = data.y.length / data.rows;
  return { ...data, y: Float32Array.from({ length: data.rows }, (_, n) => data.y[n * width]!) };
}
