/** A portfolio autoencoder trained in one call: data, rate and network set as the course uses them. */
import { fold, type Key } from "../../core/index.js";
import { type EpochRecord, type Fit, train } from "../../nn/training/index.js";
import { type PortfolioAutoencoder, portfolioAutoencoder } from "./portfolioAutoencoder.js";
import { type Conditions, conditionerOf, portfolioData, type WeightSet } from "./portfolioData.js";
import { type PortfolioVae, portfolioVae } from "./portfolioVae.js";

/** Options of the training of a portfolio VAE. */
export interface PortfolioTraining {
  readonly key: Key;
  /** K */
  readonly latents: number;
  readonly epochs: number;
  /** Weight of the KL, default 1. */
  readonly beta?: number;
  /** Widths of the encoder, mirrored in the decoder; default [64, 32]. */
  readonly hidden?: readonly number[];
  /** What is known of each portfolio and will be asked for; default none. */
  readonly conditions?: Conditions;
  /** Called after each epoch. */
  readonly onEpoch?: (record: EpochRecord) => void;
}

/** A trained network of portfolios. */
export interface PortfolioFit {
  readonly model: PortfolioVae;
  readonly fit: Fit;
}

/**
 * An autoencoder of weights, trained with the multinomial-Dirichlet likelihood, a learned concentration and a rate that falls from 0.002 by
 * a factor of ten over the second half.
 *
 * With conditions it is to be asked through `given([...])`, in their order and units.
 * @throws RangeError as `portfolioVae`, `portfolioData` and `nn.train`.
 * @see Kingma & Welling 2014; Sohn, Lee & Yan 2015 for conditions
 */
export async function trainPortfolios(
  set: WeightSet,
  options: PortfolioTraining,
): Promise<PortfolioAutoencoder> {
  const { model, fit } = await fitPortfolios(set, options);
  const told = options.conditions && { conditioner: conditionerOf(options.conditions) };
  return portfolioAutoencoder(model, fit.weights, told ?? {});
}

/**
 * The network and weights of `trainPortfolios`, which `nn.saveFit` keeps.
 * @throws RangeError as `trainPortfolios`.
 */
export async function fitPortfolios(set: WeightSet, options: PortfolioTraining): Promise<PortfolioFit> {
  const { key, latents, epochs, beta = 1, hidden = [64, 32], conditions, onEpoch } = options;
  const likelihood = { kind: "simplex", lots: 1000, concentration: "learned" } as const;
  const told = conditions && { conditioner: conditionerOf(conditions), values: conditions.values };
  const model = portfolioVae({
    ...{ assets: set.assets, latents, hidden, likelihood },
    conditions: conditions?.names.length ?? 0,
  });
  const data = portfolioData(model, set, told);
  const fit = await train(model, data, {
    ...{ keys: [fold(key, "portfolios")], beta: () => beta, batchSize: BATCH, epochs },
    learningRate: fallingRate(data.rows, epochs),
    ...(onEpoch ? { onEpoch } : {}),
  });
  return { model, fit };
}

/** Portfolios of a mini-batch. */
export const BATCH = 64;

/** 0.002 for half of the steps, then down to a tenth of it by equal factors. */
export function fallingRate(rows: number, epochs: number): (step: number) => number {
  const steps = epochs * Math.ceil(rows / BATCH);
  return (step) => 0.002 * Math.min(1, 10 ** (1 - (2 * step) / steps));
}

/**
 * Mean KL to N(0, 1) of each latent dimension over a set, [K] nats: the information that the dimension carries about a portfolio.
 * @throws RangeError as `PortfolioAutoencoder.encodeAll`.
 */
export function latentInformation(
  autoencoder: PortfolioAutoencoder,
  set: WeightSet,
  conditions?: ArrayLike<number>,
): Float64Array {
  const { mean, variance } = autoencoder.encodeAll(set.weights, conditions);
  const out = new Float64Array(autoencoder.latents);
  const rows = mean.length / out.length;
  mean.forEach((centre, i) => {
    out[i % out.length]! += (centre ** 2 + variance[i]! - 1 - Math.log(variance[i]!)) / (2 * rows);
  });
  return out;
}
