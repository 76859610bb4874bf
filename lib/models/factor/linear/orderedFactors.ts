/** Factors in an order that a reader can follow: by the variance they explain, with a sign, the same for every seed. */
import { checkCount, fold, fromFlat, type Key, type Matrix, normals, sum } from "../../../core/index.js";
import type { PlainVae } from "../../vae/plainVae.js";
import { reorderLoadings } from "../loadings/factorAlignment.js";
import { type LinearFactors, linearFactorPosterior } from "./factorAnalysis.js";

/** A latent dimension of a network that stands as a factor, and its sign. */
export interface FactorPlace {
  readonly dimension: number;
  readonly sign: 1 | -1;
}

/**
 * The same model with its latent dimensions in another order and with other signs: rows are encoded and decoded as before.
 * @throws RangeError when the places are not as many as the latent dimensions.
 */
export function placeFactors(vae: PlainVae, places: readonly FactorPlace[]): PlainVae {
  const { inputs, latents } = vae;
  checkCount("places", places.length);
  if (places.length !== latents) throw new RangeError(`places: expected ${latents}, got ${places.length}`);
  const back = (z: ArrayLike<number>) => {
    const own = new Float64Array(latents);
    places.forEach(({ dimension, sign }, k) => {
      own[dimension] = sign * z[k]!;
    });
    return own;
  };
  return {
    ...{ inputs, latents, noiseVariance: vae.noiseVariance },
    encode(x) {
      const { mean, variance } = vae.encode(x);
      return {
        mean: Float64Array.from(places, ({ dimension, sign }) => sign * mean[dimension]!),
        variance: Float64Array.from(places, ({ dimension }) => variance[dimension]!),
      };
    },
    decode: (z) => vae.decode(back(z)),
    jacobian(z) {
      const own = vae.jacobian(back(z));
      return Float64Array.from({ length: inputs * latents }, (_, i) => {
        const { dimension, sign } = places[i % latents]!;
        return sign * own[Math.floor(i / latents) * latents + dimension]!;
      });
    },
  };
}

/**
 * Networks whose factors are comparable: those of the first by explained variance, each with a positive sum of cubed loadings, and those of
 * the others paired with them by the cosine of their average loadings.
 * @param draws  of z, over which the derivative is averaged, 300 by default
 * @throws RangeError when there is no network.
 */
export function alignFactors(networks: readonly PlainVae[], key: Key, draws = 300): PlainVae[] {
  checkCount("networks", networks.length);
  const z = (vae: PlainVae) => normals(fold(key, "loadings"), draws * vae.latents);
  const [first, ...others] = networks as [PlainVae, ...PlainVae[]];
  const loadings = meanJacobian(first, z(first));
  const explained = Array.from({ length: first.latents }, (_, k) =>
    sum(loadings.getColumn(k).map((b) => b * b)),
  );
  const order = explained.map((_, k) => k).sort((p, q) => explained[q]! - explained[p]!);
  const signOf = (values: readonly number[]): 1 | -1 => (sum(values.map((b) => b ** 3)) < 0 ? -1 : 1);
  const reference = placeFactors(
    first,
    order.map((dimension) => ({ dimension, sign: signOf(loadings.getColumn(dimension)) })),
  );
  const target = meanJacobian(reference, z(reference));
  return [
    reference,
    ...others.map((vae) => {
      const { column, sign } = reorderLoadings(target, meanJacobian(vae, z(vae)));
      return placeFactors(
        vae,
        Array.from(column, (dimension, k) => ({ dimension, sign: sign[k] === -1 ? -1 : 1 })),
      );
    }),
  ];
}

/**
 * The decoder's derivative averaged over draws of z [S,K]: [A,K].
 * @throws RangeError when z is not whole rows.
 */
export function meanJacobian(vae: PlainVae, z: Float64Array): Matrix {
  const { inputs, latents } = vae;
  const rows = z.length / latents;
  checkCount("draws", rows);
  const total = new Float64Array(inputs * latents);
  for (let s = 0; s < rows; s++)
    vae.jacobian(z.subarray(s * latents, (s + 1) * latents)).forEach((slope, i) => {
      total[i]! += slope / rows;
    });
  return fromFlat(total, inputs, latents);
}

/**
 * The linear factor model as an autoencoder: its encoder is the exact posterior, its decoder μ + Bz.
 *
 * The posterior covariance is taken as diagonal, as it is for the axes that `factorAnalysis` returns.
 */
export function linearVae(model: LinearFactors): PlainVae {
  const { loadings, ownVariance, centre } = model;
  const [inputs, latents] = [loadings.rows, loadings.columns];
  const flat = Float64Array.from(loadings.to1DArray());
  const { covariance } = linearFactorPosterior(model, centre);
  const variance = Float64Array.from(covariance.diagonal());
  const reader = covariance.mmul(loadings.transpose()).to2DArray(); // E[z | x] = reader · Ψ⁻¹ (x − μ)
  return {
    ...{ inputs, latents, noiseVariance: ownVariance.slice() },
    encode: (x) => ({
      mean: Float64Array.from(reader, (row) =>
        row.reduce((total, r, a) => total + (r * (x[a]! - centre[a]!)) / ownVariance[a]!, 0),
      ),
      variance: variance.slice(),
    }),
    decode: (z) =>
      centre.map((c, a) => {
        let value = c;
        for (let k = 0; k < latents; k++) value += flat[a * latents + k]! * z[k]!;
        return value;
      }),
    jacobian: () => flat.slice(),
  };
}
