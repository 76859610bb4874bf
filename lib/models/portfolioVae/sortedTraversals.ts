/** All latent dimensions of a portfolio VAE moved one by one, the most informative first. */
import type { PortfolioAutoencoder } from "./portfolioAutoencoder.js";
import type { WeightSet } from "./portfolioData.js";
import { latentInformation } from "./portfolioTraining.js";
import { latentTraversal } from "./portfolioTraversal.js";

/** One latent dimension moved, the others at zero. */
export interface SortedTraversal {
  /** Index of the dimension in the latent vector. */
  readonly dimension: number;
  /** Nats it carries about a portfolio: its mean KL. */
  readonly nats: number;
  /** [S][A] */
  readonly portfolios: readonly Float64Array[];
}

/**
 * Traversals of all dimensions by the information they carry about the portfolios of a set, most first.
 * @param values  [S] in standard deviations of the prior
 */
export function sortedTraversals(
  vae: PortfolioAutoencoder,
  set: WeightSet,
  values: readonly number[],
): SortedTraversal[] {
  const all = Array.from(latentInformation(vae, set), (nats, dimension) => ({
    ...{ dimension, nats },
    portfolios: latentTraversal(vae, dimension, values),
  }));
  return all.sort((p, q) => q.nats - p.nats);
}
