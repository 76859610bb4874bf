/** Portfolio autoencoders that differ by the weight of the KL and by the seed alone. */
import { checkCount, fold, type Key } from "../../core/index.js";
import { train } from "../../nn/training/index.js";
import { constant } from "../../prob/divergences/index.js";
import { type PortfolioAutoencoder, portfolioAutoencoder } from "./portfolioAutoencoder.js";
import { portfolioData, type WeightSet } from "./portfolioData.js";
import { BATCH, fallingRate } from "./portfolioTraining.js";
import { type PortfolioVaeConfig, portfolioVae } from "./portfolioVae.js";

/** Settings of a sweep over weights of the KL for the portfolio VAE. */
export interface PortfolioSweep {
  readonly key: Key;
  /** Weights of the KL. */
  readonly betas: readonly number[];
  readonly seeds: number;
  /** K */
  readonly latents: number;
  readonly epochs: number;
  readonly likelihood: PortfolioVaeConfig["likelihood"];
}

/** One trained network of a sweep. */
export interface PortfolioRun {
  readonly beta: number;
  readonly seed: number;
  readonly vae: PortfolioAutoencoder;
}

/**
 * One run for each β and seed, β by β, all trained in one pass with the rate of `train`; runs of one seed begin with the same weights.
 * @throws RangeError as `portfolioVae`, `portfolioData` and `nn.train`.
 */
export async function sweepBeta(set: WeightSet, options: PortfolioSweep): Promise<PortfolioRun[]> {
  const { key, betas, seeds, latents, epochs, likelihood } = options;
  checkCount("seeds", seeds);
  const model = portfolioVae({ assets: set.assets, latents, likelihood });
  const data = portfolioData(model, set);
  const runs = betas.flatMap((beta) => Array.from({ length: seeds }, (_, seed) => ({ beta, seed })));
  const fit = await train(model, data, {
    keys: runs.map(({ seed }) => fold(key, seed)),
    beta: runs.map(({ beta }) => constant(beta)),
    ...{ batchSize: BATCH, epochs, learningRate: fallingRate(data.rows, epochs) },
  });
  return runs.map((run, replica) => ({ ...run, vae: portfolioAutoencoder(model, fit.weights, { replica }) }));
}
