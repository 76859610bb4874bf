/** Bounds of portfolios that a trained portfolio autoencoder has not seen: the ELBO, and a tighter one by importance weights. */
import { checkCount, checkLength, fold, type Key, logSumExp, mean, normals } from "../../core/index.js";
import type { RowBounds } from "../vae/importanceBound.js";
import type { PortfolioAutoencoder } from "./portfolioAutoencoder.js";

/**
 * Both bounds of each portfolio at β = 1, nats, by draws from its posterior. The same key gives the same draws.
 * @param weights  [N,A] row-major
 * @param options  `conditions` [N,C] where the coder asks for them
 * @throws RangeError when there are no draws or the conditions are not [N,C].
 * @see Burda, Grosse & Salakhutdinov 2016, equation 8
 */
export function portfolioBounds(
  coder: PortfolioAutoencoder,
  weights: Float64Array,
  options: { readonly draws: number; readonly key: Key; readonly conditions?: Float64Array },
): RowBounds {
  const { draws, key, conditions } = options;
  const { assets, latents } = coder;
  checkCount("draws", draws);
  const rows = weights.length / assets;
  const codes = coder.encodeAll(weights, conditions);
  const out = { elbo: new Float64Array(rows), importance: new Float64Array(rows) };
  const width = coder.conditions;
  if (conditions) checkLength("conditions", conditions, rows * width);
  for (let n = 0; n < rows; n++) {
    const c = conditions && width > 0 ? conditions.subarray(n * width, (n + 1) * width) : undefined;
    const w = weights.subarray(n * assets, (n + 1) * assets);
    const noise = normals(fold(key, n), draws * latents);
    const z = new Float64Array(latents);
    const logs = Float64Array.from({ length: draws }, (_, s) => {
      let log = 0;
      for (let k = 0; k < latents; k++) {
        const [e, variance] = [noise[s * latents + k]!, codes.variance[n * latents + k]!];
        z[k] = codes.mean[n * latents + k]! + Math.sqrt(variance) * e;
        log += 0.5 * (e * e + Math.log(variance) - z[k]! ** 2);
      }
      return log + coder.logLikelihood(w, z, c);
    });
    out.elbo[n] = mean(logs);
    out.importance[n] = logSumExp(logs) - Math.log(draws);
  }
  return out;
}
