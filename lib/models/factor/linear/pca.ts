/** Principal components, their probabilistic form, and what a β-VAE with linear maps makes of them. */
import {
  checkCount,
  checkFinite,
  checkPositive,
  crossProduct,
  fromFlat,
  type Matrix,
  symmetricEigen,
} from "../../../core/index.js";

/** Principal components of data [N,D]. */
export interface PrincipalComponents {
  /** [D] eigenvalues of the covariance with divisor N, largest first. */
  readonly eigenvalues: Float64Array;
  /** [D,D] unit axes as columns. */
  readonly axes: Matrix;
  /** [D] */
  readonly centre: Float64Array;
  /** [D,D] with divisor N: what the axes are the eigenvectors of. */
  readonly covariance: Matrix;
  /** N */
  readonly rows: number;
}

/**
 * Principal components of rows, by the eigenvectors of their covariance.
 * @param x  [N,D] row-major
 * @throws RangeError when a value is not finite or the rows are not whole.
 */
export function principalComponents(x: Float64Array, columns: number): PrincipalComponents {
  checkCount("columns", columns);
  checkCount("rows", x.length / columns);
  checkFinite("x", x);
  const data = fromFlat(x, x.length / columns, columns);
  const centre = Float64Array.from(data.mean("column"));
  const centred = data.clone().subRowVector(Array.from(centre));
  const covariance = crossProduct(centred).div(data.rows);
  const { values, vectors } = symmetricEigen(covariance);
  return { eigenvalues: values, axes: vectors, centre, covariance, rows: data.rows };
}

/**
 * Scores of rows on the first axes, [N,count] row-major: centred by the components' own mean.
 * @param x  [N,D], the data of the components or others
 * @throws RangeError when there are fewer axes than asked for.
 */
export function principalScores(
  { axes, centre }: PrincipalComponents,
  x: Float64Array,
  count: number,
): Float64Array {
  const columns = centre.length;
  checkCount("count", count);
  if (count > columns) throw new RangeError(`count: expected at most ${columns} axes, got ${count}`);
  checkCount("rows", x.length / columns);
  return Float64Array.from({ length: (x.length / columns) * count }, (_, i) => {
    const [n, k] = [Math.floor(i / count), i % count];
    let total = 0;
    for (let d = 0; d < columns; d++) total += (x[n * columns + d]! - centre[d]!) * axes.get(d, k);
    return total;
  });
}

/** The maximum-likelihood probabilistic PCA: x = Wz + μ + e, e ~ N(0, noiseVar I). */
export interface ProbabilisticPca {
  /** Mean of the discarded eigenvalues. */
  readonly noiseVar: number;
  /** Log likelihood of a row, averaged, nats: also the best ELBO of a linear VAE. */
  readonly logLikelihood: number;
  /** [K] posterior variance of each latent. */
  readonly posteriorVar: Float64Array;
}

/**
 * The maximum-likelihood noise variance of probabilistic PCA with the variances of its latents.
 * @param eigenvalues  [D] of the covariance, largest first
 * @throws RangeError when there are as many latents as columns, or none.
 * @see Tipping & Bishop 1999, equations 8 and 9; Lucas, Tucker, Grosse & Norouzi 2019, theorem 1
 */
export function probabilisticPca(eigenvalues: Float64Array, latents: number): ProbabilisticPca {
  checkCount("latents", latents);
  const size = eigenvalues.length;
  if (latents >= size)
    throw new RangeError(`latents: expected fewer than the ${size} columns, got ${latents}`);
  const kept = eigenvalues.slice(0, latents);
  const noiseVar = eigenvalues.slice(latents).reduce((a, b) => a + b, 0) / (size - latents);
  const logDet =
    kept.reduce((total, value) => total + Math.log(value), 0) + (size - latents) * Math.log(noiseVar);
  return {
    noiseVar,
    logLikelihood: -0.5 * (size * Math.log(2 * Math.PI) + logDet + size),
    posteriorVar: kept.map((value) => noiseVar / value),
  };
}

/** The optimum of a linear VAE with fixed noise and KL weight β. */
export type WaterFilling = {
  readonly beta: number;
  /** β · noiseVar: the variance below which a direction is not coded. */
  readonly level: number;
  readonly activeUnits: number;
  /** [K] nats, largest first. */
  readonly klPerLatent: Float64Array;
  /** Σ KL, nats. */
  readonly rate: number;
  /** Expected squared error of a row, summed over columns. */
  readonly distortion: number;
  /** −E log p(x|z) + β·KL of a row, nats: what training minimises. */
  readonly loss: number;
};

/**
 * Reverse water-filling over eigenvalues [D]: a direction is coded when its eigenvalue exceeds β·noiseVar, and then costs ½ log(λ / β·noiseVar).
 * @throws RangeError when the noise variance or β is not positive.
 * @see Cover & Thomas 2006, theorem 10.3.3
 */
export function waterFilling(
  eigenvalues: Float64Array,
  latents: number,
  noiseVar: number,
  beta: number,
): WaterFilling {
  checkPositive("noiseVar", noiseVar);
  checkPositive("beta", beta);
  const level = beta * noiseVar;
  const klPerLatent = eigenvalues
    .slice(0, latents)
    .map((value) => Math.max(0, 0.5 * Math.log(value / level)));
  const distortion = eigenvalues.reduce(
    (total, value, i) => total + (i < latents ? Math.min(value, level) : value),
    0,
  );
  const rate = klPerLatent.reduce((a, b) => a + b, 0);
  const reconstruction =
    0.5 * eigenvalues.length * Math.log(2 * Math.PI * noiseVar) + distortion / (2 * noiseVar);
  return {
    ...{ beta, level },
    activeUnits: klPerLatent.filter((kl) => kl > 0).length,
    klPerLatent,
    rate,
    distortion,
    loss: reconstruction + beta * rate,
  };
}
