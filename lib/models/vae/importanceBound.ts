/** Bounds of rows that a trained autoencoder has not seen: the ELBO, and a tighter one by importance weights. */
import { checkCount, fold, type Key, logSumExp, mean, normals } from "../../core/index.js";
import type { PlainVae } from "./plainVae.js";

/** Nats, [N] each. */
export interface RowBounds {
  /** The evidence lower bound, averaged over the draws. */
  readonly elbo: Float64Array;
  /** log of the mean of p(x, z) / q(z | x): no less than the bound on average, and no more than log p(x). */
  readonly importance: Float64Array;
}

/**
 * Both bounds of each row, [N] nats, by draws from its posterior. The same key gives the same draws.
 * @param x  [N,A] row-major
 * @throws RangeError when there are no draws or x is not whole rows.
 * @see Burda, Grosse & Salakhutdinov 2016, equation 8
 */
export function rowBounds(
  vae: PlainVae,
  x: Float64Array,
  { draws, key }: { readonly draws: number; readonly key: Key },
): RowBounds {
  const { inputs } = vae;
  const rows = x.length / inputs;
  checkCount("draws", draws);
  checkCount("rows", rows);
  const out = { elbo: new Float64Array(rows), importance: new Float64Array(rows) };
  for (let n = 0; n < rows; n++) {
    const logs = logWeights(vae, x.subarray(n * inputs, (n + 1) * inputs), draws, fold(key, n));
    out.elbo[n] = mean(logs);
    out.importance[n] = logSumExp(logs) - Math.log(draws);
  }
  return out;
}

/** log p(x | z) + log p(z) − log q(z | x) of each draw, normalised. */
function logWeights(vae: PlainVae, x: Float64Array, draws: number, key: Key): Float64Array {
  const { latents, noiseVariance } = vae;
  const { mean: centre, variance } = vae.encode(x);
  const noise = normals(key, draws * latents);
  const constant = noiseVariance.reduce((total, v) => total + Math.log(2 * Math.PI * v), 0);
  const z = new Float64Array(latents);
  return Float64Array.from({ length: draws }, (_, s) => {
    let log = -0.5 * constant;
    for (let k = 0; k < latents; k++) {
      const e = noise[s * latents + k]!;
      z[k] = centre[k]! + Math.sqrt(variance[k]!) * e;
      log += 0.5 * (e * e + Math.log(variance[k]!) - z[k]! ** 2);
    }
    const back = vae.decode(z);
    for (let a = 0; a < x.length; a++) log -= (0.5 * (x[a]! - back[a]!) ** 2) / noiseVariance[a]!;
    return log;
  });
}
