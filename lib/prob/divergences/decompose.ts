/**
 * Parts of the KL of Gaussian latents: information about the row, dependence between dimensions, and their distance to the prior.
 */
import {
  checkCount,
  checkFinite,
  checkLength,
  cholesky,
  correlation,
  diagonal,
  fold,
  fromRows,
  type Key,
  logDeterminant,
  logSumExp,
  type Matrix,
  mean,
  sum,
} from "../../core/index.js";
import {
  checkDiagonalGaussians,
  type DiagonalGaussians,
  drawDiagonalGaussians,
} from "../distributions/diagonalGaussians.js";
import { klToStandardNormal } from "../distributions/gaussian.js";

/** Means over the draws, nats. */
export type KlDecomposition = {
  /** E log q(z | x) − log q(z): what the latent vector tells of the row, I(x; z). */
  readonly information: number;
  /** E log q(z) − Σ log q(z_j): what the dimensions tell of each other. */
  readonly totalCorrelation: number;
  /** E Σ log q(z_j) − log p(z): what each dimension alone strays from the prior. */
  readonly dimensionwise: number;
  /** E log q(z | x) − log p(z), the sum of the three: the KL, estimated by the same draws. */
  readonly kl: number;
  /** E log q(z), and E Σ log q(z_j). */
  readonly logAggregate: number;
  readonly logMarginals: number;
};

/** log of the weight of component j in the estimate of q at draw i: a number where all are equal. */
export type LogWeights = number | ((draw: number, component: number) => number);

const LOG_2PI = Math.log(2 * Math.PI);

/**
 * The decomposition with q(z) estimated as Σ_j weight(i, j) q(z | x_j): draw i belongs to row i.
 *
 * The three parts add up to `kl` whatever the weights are: that tests the arithmetic and says nothing of the bias. Its cost is
 * N²K, its memory NK.
 * @param z [N,K] a draw of each row's latents
 * @throws RangeError when a length is wrong or a number is not finite.
 * @see Chen, Li, Grosse & Duvenaud 2018, equation 2
 */
export function klDecomposition(
  codes: DiagonalGaussians,
  z: Float64Array,
  weights: LogWeights,
): KlDecomposition {
  checkDiagonalGaussians(codes);
  checkLength("z", z, codes.mean.length);
  checkFinite("z", z);
  const { rows, latents } = codes;
  const terms = densityTerms(codes);
  const buffer = Array.from({ length: latents + 1 }, () => new Float64Array(rows)); // the last is the joint
  const equal = typeof weights === "number" ? weights : 0;
  let [own, prior, aggregate, marginals] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const at = z.subarray(i * latents, (i + 1) * latents);
    const joint = fillDensities(terms, at, buffer);
    own += joint[i]!;
    if (typeof weights !== "number") addWeights(buffer, i, weights);
    aggregate += equal + logSumExp(joint);
    for (let k = 0; k < latents; k++) {
      marginals += equal + logSumExp(buffer[k]!);
      prior -= 0.5 * (LOG_2PI + at[k]! ** 2);
    }
  }
  return {
    information: (own - aggregate) / rows,
    totalCorrelation: (aggregate - marginals) / rows,
    dimensionwise: (marginals - prior) / rows,
    kl: (own - prior) / rows,
    logAggregate: aggregate / rows,
    logMarginals: marginals / rows,
  };
}

/**
 * Log weights 1/N of every row: q(z) of the rows themselves, exact up to the draws. For up to some 5,000 rows.
 * @throws RangeError when `rows` is not a positive integer.
 */
export function fullWeights(rows: number): LogWeights {
  checkCount("rows", rows);
  return -Math.log(rows);
}

/**
 * Log weights 1/(B·N) of every row of a batch: the crude estimate from B of N rows.
 *
 * Too small by up to log B in log q(z) and K log B in the marginals, so that the total correlation comes out far too large.
 * @throws RangeError when there are fewer rows than the batch has.
 * @see Chen et al. 2018, appendix C.1
 */
export function minibatchWeights(batch: number, dataSize: number): LogWeights {
  checkCount("dataSize", dataSize, batch);
  return -Math.log(batch * dataSize);
}

/**
 * Unbiased weights for a batch of B = M + 1 of N rows: a draw's own row 1/N, the next row (N − M)/(NM), the others 1/M.
 *
 * The weights sum to 1. Published code fills the first column with 1/N where the diagonal is meant.
 * @throws RangeError when the batch has fewer than two rows or more than there are.
 * @see Chen et al. 2018, appendix C.2
 */
export function stratifiedWeights(
  batch: number,
  dataSize: number,
): (draw: number, component: number) => number {
  checkCount("batch", batch, 2);
  checkCount("dataSize", dataSize, batch);
  const others = batch - 1;
  const own = -Math.log(dataSize);
  const next = Math.log((dataSize - others) / (dataSize * others));
  const rest = -Math.log(others);
  return (i, j) => (j === i ? own : j === (i + 1) % batch ? next : rest);
}

/**
 * The decomposition of the KL of all rows, with `draws` draws of each row's latents.
 *
 * Every row is a component of q(z): cost draws · N²K. For more than some 5,000 rows take a random part of them.
 * @throws RangeError when a length is wrong or a number is not finite.
 */
export function decomposeKl(
  codes: DiagonalGaussians,
  options: { readonly key: Key; readonly draws?: number },
): KlDecomposition & { readonly analyticKl: number } {
  const { draws = 1, key } = options;
  checkCount("draws", draws);
  const weights = fullWeights(codes.rows);
  const parts = Array.from({ length: draws }, (_, s) =>
    klDecomposition(codes, drawDiagonalGaussians(codes, fold(key, "draw", s)), weights),
  );
  const average = (of: (part: KlDecomposition) => number) => mean(parts.map(of));
  return {
    information: average((p) => p.information),
    totalCorrelation: average((p) => p.totalCorrelation),
    dimensionwise: average((p) => p.dimensionwise),
    kl: average((p) => p.kl),
    logAggregate: average((p) => p.logAggregate),
    logMarginals: average((p) => p.logMarginals),
    analyticKl: sum(klToStandardNormal(codes.mean, codes.logVar)) / codes.rows,
  };
}

/**
 * Total correlation of N(·, Σ) with the covariance Σ [K,K]: ½ (Σ log Σ_jj − log |Σ|), nats.
 * @throws RangeError when the covariance is not positive definite.
 */
export function gaussianTotalCorrelation(covariance: Matrix): number {
  const lower = cholesky(covariance, "covariance");
  return 0.5 * (sum(diagonal(covariance).map(Math.log)) - logDeterminant(lower));
}

/**
 * Total correlation of K columns [N] by their sample correlations, nats, whatever their units.
 *
 * It is what correlation alone accounts for: all of it where the columns are jointly normal.
 * @throws RangeError when the columns differ in length or one follows from the others.
 */
export function gaussianTotalCorrelationOf(columns: readonly Float64Array[]): number {
  return gaussianTotalCorrelation(
    fromRows(columns.map((a, i) => columns.map((b, j) => (i === j ? 1 : correlation(a, b))))),
  );
}

interface DensityTerms {
  readonly rows: number;
  readonly latents: number;
  /** [K] columns [N] of means, ½ / σ² and −½ log 2πσ². */
  readonly mean: readonly Float64Array[];
  readonly half: readonly Float64Array[];
  readonly constant: readonly Float64Array[];
}

function densityTerms({ rows, latents, mean, logVar }: DiagonalGaussians): DensityTerms {
  const column = (of: (at: number) => number) =>
    Array.from({ length: latents }, (_, k) =>
      Float64Array.from({ length: rows }, (_, j) => of(j * latents + k)),
    );
  return {
    ...{ rows, latents },
    mean: column((at) => mean[at]!),
    half: column((at) => 0.5 * Math.exp(-logVar[at]!)),
    constant: column((at) => -0.5 * (LOG_2PI + logVar[at]!)),
  };
}

function addWeights(
  buffer: readonly Float64Array[],
  draw: number,
  weight: (draw: number, component: number) => number,
): void {
  for (const column of buffer) for (let j = 0; j < column.length; j++) column[j]! += weight(draw, j);
}

/** Log densities of one draw under each row's latent vector: a column a dimension, and their sum, which it returns. */
function fillDensities(terms: DensityTerms, z: Float64Array, buffer: readonly Float64Array[]): Float64Array {
  const joint = buffer[terms.latents]!.fill(0);
  for (let k = 0; k < terms.latents; k++) {
    const [mean, half, constant, out] = [terms.mean[k]!, terms.half[k]!, terms.constant[k]!, buffer[k]!];
    const at = z[k]!;
    for (let j = 0; j < terms.rows; j++) {
      const distance = at - mean[j]!;
      const density = constant[j]! - distance * distance * half[j]!;
      out[j] = density;
      joint[j]! += density;
    }
  }
  return joint;
}
