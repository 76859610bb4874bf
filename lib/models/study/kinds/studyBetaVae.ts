/** A variational autoencoder of windows alone, with a stated noise variance: what a choice of β is about. */
import { checkCount } from "../../../core/index.js";
import { principalComponents, probabilisticPca } from "../../factor/linear/pca.js";
import { type Vae, vae } from "../../vae/vae.js";
import type { StudyData, StudyModel } from "./studyModel.js";

/** Options of `betaVae`. */
export interface BetaVaeOptions {
  readonly data: StudyData;
  /** K latent dimensions. */
  readonly latent: number;
  /** Widths of the hidden layers, mirrored in the decoder; none for a linear autoencoder. */
  readonly hidden: readonly number[];
  /** s², the variance of p(x | z); by default that of a linear model with K dimensions (probabilistic PCA) on the training part. */
  readonly noiseVariance?: number;
}

/**
 * The β-VAE of a data set: encoder and decoder of windows, no target.
 *
 * s² is fixed, since with β it decides what is encoded: only β · s² matters. Predicting is refused: there is no head for returns.
 * @throws RangeError when a size is not a positive integer or the variance is not positive.
 * @see Higgins et al. 2017; Tipping & Bishop 1999 for the variance
 */
export function betaVae(options: BetaVaeOptions): StudyModel<Vae> & { readonly noiseVariance: number } {
  const { data, latent, hidden, noiseVariance = linearNoise(data, latent) } = options;
  checkCount("latent", latent);
  const network = vae({
    inputShape: [data.length, data.columns.length],
    latents: latent,
    encoder: hidden.length > 0 ? { kind: "mlp", hidden } : { kind: "linear" },
    noise: { variance: noiseVariance },
  });
  return {
    family: "beta-vae",
    network,
    noiseVariance,
    dataOf: ({ x, rows }) => ({ x, y: new Float32Array(0), rows }),
    draw() {
      throw new RangeError(
        "predict: expected a model with a head for returns, such as models.vae, got a β-VAE",
      );
    },
  };
}

/** The noise variance of a linear model with K dimensions. */
function linearNoise({ train, length, columns }: StudyData, latent: number): number {
  const { eigenvalues } = principalComponents(Float64Array.from(train.x), length * columns.length);
  return probabilisticPca(eigenvalues, latent).noiseVar;
}
