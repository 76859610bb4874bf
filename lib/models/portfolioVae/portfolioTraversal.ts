/** What one latent dimension does to a portfolio. */
import type { PortfolioAutoencoder } from "./portfolioAutoencoder.js";

/**
 * Decoded weights as one latent dimension takes the given values and the others stay at zero, [S][A].
 * @param values  [S] in standard deviations of the prior
 * @throws RangeError when there is no such dimension.
 */
export function latentTraversal(
  vae: Pick<PortfolioAutoencoder, "decode" | "latents">,
  dimension: number,
  values: readonly number[],
): Float64Array[] {
  if (!(Number.isInteger(dimension) && dimension >= 0 && dimension < vae.latents))
    throw new RangeError(`dimension: expected an index below ${vae.latents}, got ${dimension}`);
  return values.map((value) => {
    const z = new Float64Array(vae.latents);
    z[dimension] = value;
    return vae.decode(z);
  });
}
